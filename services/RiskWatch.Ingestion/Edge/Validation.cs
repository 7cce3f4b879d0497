using RiskWatch.Contracts;

namespace RiskWatch.Ingestion.Edge;

/// <summary>What a record must satisfy.</summary>
internal static class Validation
{
    /// <summary>Longest text, in UTF-16 units.</summary>
    public const int LongestText = 200_000;

    private const int LongestTitle = 2_000;
    private const int LongestId = 256;
    private const int LongestSource = 64;
    private const int LongestShort = 256;
    private const int LongestUrl = 4_096;

    /// <summary>Id and source.</summary>
    public static Refusal? Identity(RawRecord raw)
    {
        if (string.IsNullOrWhiteSpace(raw.Id))
        {
            return Refusal.Missing("id", "give an id that is unique in its source");
        }

        if (string.IsNullOrWhiteSpace(raw.Source))
        {
            return Refusal.Missing("source", "name the source, in the record or for the whole input");
        }

        if (raw.Source.Length > LongestSource || raw.Source.AsSpan().ContainsAnyExcept(SourceCharacters))
        {
            return Refusal.Invalid("source", $"must be at most {LongestSource} letters, digits, dots, hyphens and underscores");
        }

        return IdProblem("id", raw.Id) ?? IdProblem("repostOf", raw.RepostOf) ?? IdProblem("root", raw.Root);
    }

    /// <summary>The rest.</summary>
    public static Refusal? Content(RawRecord raw) =>
        TooLong("text", raw.Text, LongestText)
        ?? TooLong("title", raw.Title, LongestTitle)
        ?? TooLong("author", raw.Author, LongestShort)
        ?? TooLong("url", raw.Url, LongestUrl)
        ?? TooLong("language", raw.Language, 35)
        ?? TooLong("place.name", raw.PlaceName, LongestShort)
        ?? TooLong("category", raw.Category, LongestShort)
        ?? TooLong("channel", raw.Channel, LongestShort)
        ?? TooLong("department", raw.Department, LongestShort)
        ?? Degrees(raw)
        ?? Counts(raw.Engagement)
        ?? (string.IsNullOrWhiteSpace(raw.Status) || Status(raw.Status) is not null ? null : Refusal.Invalid("status", "must be 'open' or 'closed'"));

    /// <summary><c>open</c> or <c>closed</c>, null for anything else.</summary>
    public static string? Status(string? status) =>
        string.Equals(status, "open", StringComparison.OrdinalIgnoreCase) ? "open" : string.Equals(status, "closed", StringComparison.OrdinalIgnoreCase) ? "closed" : null;

    private static readonly System.Buffers.SearchValues<char> SourceCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    private static Refusal? IdProblem(string field, string? id)
    {
        if (id is null)
        {
            return null;
        }

        if (id.Length > LongestId)
        {
            return Refusal.Invalid(field, $"is longer than {LongestId} characters");
        }

        foreach (var c in id)
        {
            if (char.IsControl(c))
            {
                return Refusal.Invalid(field, "holds a control character");
            }
        }

        return null;
    }

    private static Refusal? TooLong(string field, string? value, int most) =>
        value?.Length > most ? Refusal.Invalid(field, $"is longer than {most} characters: shorten it") : null;

    private static Refusal? Degrees(RawRecord raw)
    {
        if (raw.Latitude is null != raw.Longitude is null)
        {
            return Refusal.Invalid("place", "needs both latitude and longitude, or neither");
        }

        return raw.Latitude is < -90 or > 90 or double.NaN || raw.Longitude is < -180 or > 180 or double.NaN
            ? Refusal.Invalid("place", "needs a latitude of -90 to 90 and a longitude of -180 to 180 degrees")
            : null;
    }

    private static Refusal? Counts(Engagement? engagement) =>
        engagement is { Likes: < 0 } or { Reposts: < 0 } or { Replies: < 0 } or { Heat: < 0 } ? Refusal.Invalid("engagement", "must not hold negative counts") : null;
}
