using System.Text.Json.Serialization;

namespace RiskWatch.Contracts;

/// <summary>Least mark of a site's waited-for sources in one <c>records</c> partition; goes to every <c>tallies</c> partition (LOG §3.3).</summary>
/// <param name="Site">Site.</param>
/// <param name="RecordsPartition">Which <c>records</c> partition says so.</param>
/// <param name="Minute">Minutes since 1970-01-01T00:00Z; never decreases.</param>
/// <param name="ControlOffset">Greatest control offset seen in that partition's marks.</param>
/// <param name="Since">The first minute that this clock ever showed: since when the site is watched, however its clocks were batched. Null: <paramref name="Minute"/>.</param>
public sealed record Clock(string Site, int RecordsPartition, long Minute, long ControlOffset, long? Since = null);

/// <summary>A cell of a linear sketch and the signed number it changes by (LOG §4.2).</summary>
public readonly record struct SketchCell(int Cell, int Count);

/// <summary>A cell of the term sketch for one voice, the signed number it changes by, and a term that lies in it (LOG §4.4).</summary>
/// <param name="Cell">Cell.</param>
/// <param name="Count">Records, signed.</param>
/// <param name="Term">A term that lies in the cell, where one is known.</param>
/// <param name="Voice">One of 64 parts of all authors, 0–63: how many of them are heard says how many people stand behind a term.</param>
public readonly record struct TermCell(int Cell, int Count, string? Term, int Voice = 0);

/// <summary>A record id with its sign; signs of one id add up (LOG §4.3).</summary>
public readonly record struct Exemplar(string Source, string Id, int Sign);

/// <summary>Signed counts of a tally: they add up and can be taken back (LOG §4.1).</summary>
public sealed record TallyCounts
{
    /// <summary>Posts.</summary>
    public int Posts { get; init; }

    /// <summary>Hotline records.</summary>
    public int Hotline { get; init; }

    /// <summary>Records of negative mood, of both kinds.</summary>
    public int Negative { get; init; }

    /// <summary>Records of positive mood, of both kinds.</summary>
    public int Positive { get; init; }

    /// <summary>Posts of band uncertain.</summary>
    public int Uncertain { get; init; }

    /// <summary>Posts of band likely-false.</summary>
    public int LikelyFalse { get; init; }

    /// <summary>Sum over posts of the false probability in 1/10,000.</summary>
    public long FalseTenThousandths { get; init; }

    /// <summary>Posts and hotline records.</summary>
    public int Total => Posts + Hotline;
}

/// <summary>Mergeable summary of what one batch adds to (or takes back from) a series' place and minute. Merging is commutative and associative.</summary>
public sealed record Tally
{
    /// <summary>Site.</summary>
    public required string Site { get; init; }

    /// <summary>Topic id, <c>*</c> for everything.</summary>
    public required string Topic { get; init; }

    /// <summary>Gazetteer code; the site's root where the record names no place.</summary>
    public required string Place { get; init; }

    /// <summary>Minute of event time, minutes since 1970-01-01T00:00Z.</summary>
    public required long Minute { get; init; }

    /// <summary>Last mark of the record's own source when it was handled (LOG §3.3).</summary>
    public required long Stamp { get; init; }

    /// <summary>The signed counts.</summary>
    public required TallyCounts Counts { get; init; }

    /// <summary>Counts by source.</summary>
    public IReadOnlyDictionary<string, int> Sources { get; set; } = new Dictionary<string, int>();

    /// <summary>Sketch of distinct authors of posts, hotline callers among them.</summary>
    public IReadOnlyList<SketchCell> Authors { get; set; } = [];

    /// <summary>Sketch of distinct (author, near-duplicate group) pairs of posts.</summary>
    public IReadOnlyList<SketchCell> Pairs { get; set; } = [];

    /// <summary>Smallest K ids by hash.</summary>
    public IReadOnlyList<Exemplar> Exemplars { get; set; } = [];

    /// <summary>Cells of the term sketch; only on topic <c>*</c>.</summary>
    public IReadOnlyList<TermCell> Terms { get; set; } = [];
}

/// <summary>A closed hour of a series, place roll-ups included.</summary>
/// <param name="Site">Site.</param>
/// <param name="Topic">Topic id, <c>*</c> for everything, null for a term's series.</param>
/// <param name="Place">Gazetteer code.</param>
/// <param name="Term">Term of an emergent series, else null.</param>
/// <param name="Hour">Start of the hour.</param>
/// <param name="Observed">Effective volume.</param>
/// <param name="Expected">Expected effective volume before the hour was seen.</param>
/// <param name="Lower">Lower end of the 90 % interval of the expectation.</param>
/// <param name="Upper">Upper end of the 90 % interval of the expectation.</param>
/// <param name="Counts">Raw counts.</param>
/// <param name="Authors">Estimated distinct authors.</param>
/// <param name="Version">Grows when late tallies revise a closed hour.</param>
public sealed record HistoryHour(string Site, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Topic, string Place, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Term, DateTimeOffset Hour, double Observed, double Expected, double Lower, double Upper, TallyCounts Counts, double Authors, long Version);
