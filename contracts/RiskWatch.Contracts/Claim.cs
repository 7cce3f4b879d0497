namespace RiskWatch.Contracts;

/// <summary>A claim that somebody has checked, as fact checkers publish it (schema.org's ClaimReview).</summary>
/// <param name="Id">Id, unique in its list: where the review says one its address, else a hash of the text.</param>
/// <param name="Text">The claim as it goes round.</param>
/// <param name="Verdict">What the review says of it, in its own words ("谣言", "False").</param>
/// <param name="Published">When the review came out; null where it does not say.</param>
/// <param name="Publisher">Who reviewed it.</param>
/// <param name="Url">Where the review stands.</param>
public sealed record Claim(string Id, string Text, string Verdict, DateTimeOffset? Published = null, string? Publisher = null, string? Url = null);

/// <summary>Part of a list of checked claims: a list is imported as a whole and kept in parts that fit an entry.</summary>
/// <param name="Name">Name of the list.</param>
/// <param name="Claims">The claims of this part.</param>
public sealed record ClaimList(string Name, IReadOnlyList<Claim> Claims);
