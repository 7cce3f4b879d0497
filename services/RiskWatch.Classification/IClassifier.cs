using RiskWatch.Classification.Claims;
using RiskWatch.Contracts;

namespace RiskWatch.Classification;

/// <summary>What classification says of one record; a pure function of record, site and model.</summary>
/// <param name="Assessment">As <c>score</c> prints it; topics include ancestors, the place it is counted under comes first.</param>
/// <param name="Terms">At most eight terms outside the taxonomy, chosen from the record alone (LOG §4.4).</param>
/// <param name="Doubts">Whether the text doubts what it answers or reposts ("真的吗", "source?").</param>
/// <param name="OwnWords">Whether a repost has words of its own.</param>
public sealed record Classified(Assessment Assessment, IReadOnlyList<string> Terms, bool Doubts, bool OwnWords);

/// <summary>Assesses records. Thread-safe, deterministic, never throws for any text.</summary>
public interface IClassifier
{
    /// <summary>Version of the model.</summary>
    string Version { get; }

    /// <summary>Assesses one record for a site. <paramref name="claims"/>: checked claims to look for, null: none.</summary>
    Classified Classify(Record record, Site site, ClaimIndex? claims = null);

    /// <summary>Checked claims, made ready to be found in records.</summary>
    ClaimIndex IndexOf(IEnumerable<Claim> claims);

    /// <summary>The credibility that a record has after doubts of the crowd: <paramref name="falseTenThousandths"/> is its own probability in 1/10,000.</summary>
    Credibility WithDoubts(int falseTenThousandths, int doubts);
}
