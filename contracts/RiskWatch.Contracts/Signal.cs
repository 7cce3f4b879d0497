using System.Text.Json.Serialization;

namespace RiskWatch.Contracts;

/// <summary>Which series: a topic (or a term) at a place of a site.</summary>
/// <param name="Site">Site.</param>
/// <param name="Topic">Topic id, <c>*</c> for everything; null where <paramref name="Term"/> is set.</param>
/// <param name="Place">Gazetteer code.</param>
/// <param name="Term">Word or phrase outside the taxonomy, else null.</param>
public sealed record SeriesId(string Site, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Topic, string Place, string? Term = null)
{
    /// <summary><c>site/topic@place</c>, with <c>term:…</c> in place of the topic for a term.</summary>
    public override string ToString() => $"{Site}/{(Term is null ? Topic : "term:" + Term)}@{Place}";
}

/// <summary>One hour of the chart in an alert's evidence: observed against expected with the 90 % interval.</summary>
public sealed record EvidencePoint(DateTimeOffset Hour, double Observed, double Expected, double Lower, double Upper);

/// <summary>What one window of a series showed at a tick.</summary>
/// <param name="Hours">Length of the window: 1, 6, 24 or 168 hours.</param>
/// <param name="Observed">Effective volume in the window.</param>
/// <param name="Expected">Expected effective volume in it.</param>
/// <param name="PValue">Probability of at least that many by chance; 1 where the window's youngest part is back at its expectation.</param>
/// <param name="Dispersion">Variance of the count over the tested mean (which is at least 1).</param>
/// <param name="Youngest">Effective volume in the window's youngest part.</param>
/// <param name="YoungestExpected">What is expected there; not above it the window is over. Negative: the window has no such part.</param>
public sealed record WindowFinding(int Hours, double Observed, double Expected, double PValue, double Dispersion = 1, double Youngest = 0, double YoungestExpected = -1);

/// <summary>Which kind of record came first: half of its records had come so many hours before half of the other's.</summary>
/// <param name="Kind">The one that led.</param>
/// <param name="Hours">By how many hours, at least 1.</param>
public sealed record KindLead(RecordKind Kind, int Hours);

/// <summary>One detector's finding on one series at one tick. A series that fired keeps sending at each hour's end, and in between when it gets clearly less probable, until it is quiet again.</summary>
public sealed record Signal
{
    /// <summary>Series.</summary>
    public required SeriesId Series { get; init; }

    /// <summary>Tick (minutes since 1970-01-01T00:00Z) at which it was found.</summary>
    public required long Tick { get; init; }

    /// <summary>The window that decides (least p-value).</summary>
    public required WindowFinding Window { get; init; }

    /// <summary>All windows looked at.</summary>
    public IReadOnlyList<WindowFinding> Windows { get; set; } = [];

    /// <summary>90 % interval of the expectation in the deciding window.</summary>
    public required double Lower { get; init; }

    /// <summary>90 % interval of the expectation in the deciding window.</summary>
    public required double Upper { get; init; }

    /// <summary>Lower bound of observed over expected.</summary>
    public required double RatioLower { get; init; }

    /// <summary>Raw counts in the deciding window.</summary>
    public required TallyCounts Counts { get; init; }

    /// <summary>Which kind of record led the other in the deciding window, of at least a day; null where there are too few of one, or neither did.</summary>
    public KindLead? Lead { get; init; }

    /// <summary>Distinct authors in the deciding window, where they are many distinct author-hours; null where no source knows authors.</summary>
    public double? Authors { get; init; }

    /// <summary>Volume comes from few accounts: shown, never an alert by volume alone.</summary>
    public bool Concentrated { get; init; }

    /// <summary>Records of the deciding window by source.</summary>
    public IReadOnlyDictionary<string, int> Sources { get; set; } = new Dictionary<string, int>();

    /// <summary>Share of the window's volume by child place or sub-topic, largest first.</summary>
    public IReadOnlyDictionary<string, double> Shares { get; set; } = new Dictionary<string, double>();

    /// <summary>Record ids (<c>source/id</c>), deduplicated.</summary>
    public IReadOnlyList<string> Exemplars { get; set; } = [];

    /// <summary>Factors of the expectation: level, hour of week, …</summary>
    public IReadOnlyDictionary<string, double> Factors { get; set; } = new Dictionary<string, double>();

    /// <summary>Days of baseline that the series has.</summary>
    public double BaselineDays { get; init; }

    /// <summary>Share of the site's waited-for data that is in at this tick, 0–1.</summary>
    public double Completeness { get; set; } = 1;

    /// <summary>Largest effective volume in the deciding window that would not be a finding.</summary>
    public required double StandDownCount { get; init; }

    /// <summary>Hours up to and including this one, for the chart.</summary>
    public IReadOnlyList<EvidencePoint> Chart { get; set; } = [];

    /// <summary>The finding is over: nothing is improbable in any window any more.</summary>
    public bool Quiet { get; init; }

    /// <summary>Sent before its tick was decided; counts for nothing but display (LOG §3.5).</summary>
    public bool Provisional { get; init; }

    /// <summary>Version of the detector.</summary>
    public required string DetectorVersion { get; init; }
}

/// <summary>A <c>tallies</c> partition has decided a tick of a site; it covers all earlier ones (LOG §3.6).</summary>
/// <param name="Site">Site.</param>
/// <param name="TalliesPartition">Which partition.</param>
/// <param name="Tick">Minutes since 1970-01-01T00:00Z.</param>
/// <param name="Tests">Number of tests made since the last report.</param>
/// <param name="ControlOffset">Greatest control offset of the marks that closed the tick.</param>
public sealed record TickReport(string Site, int TalliesPartition, long Tick, long Tests, long ControlOffset);

/// <summary>How far a site is decided; follows its alerts so that no alerts and a standstill do not look alike.</summary>
public sealed record SiteTick(string Site, long Tick);

/// <summary>What a person does with an alert.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AlertActionKind>))]
public enum AlertActionKind
{
    /// <summary>Somebody looks after it.</summary>
    Acknowledge,

    /// <summary>Closed with a verdict.</summary>
    Close,
}

/// <summary>What staff say when closing.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>It was a real incident.</summary>
    True,

    /// <summary>Nothing was there.</summary>
    FalseAlarm,

    /// <summary>Another alert is about the same.</summary>
    Duplicate,

    /// <summary>Could not be found out.</summary>
    Unverifiable,
}

/// <summary>A person's action on an alert, ordered with the signals of its site; a repeat of its id is dropped (LOG §7.3).</summary>
/// <param name="Id">Id of the action.</param>
/// <param name="Site">Site of the alert.</param>
/// <param name="AlertId">Alert.</param>
/// <param name="Kind">Acknowledge or close.</param>
/// <param name="Verdict">Required for close.</param>
/// <param name="Onset">When it really began, where staff know.</param>
/// <param name="Note">Free words of staff; at most 2,000 characters.</param>
/// <param name="By">Who.</param>
/// <param name="At">When (wall clock).</param>
public sealed record AlertAction(string Id, string Site, string AlertId, AlertActionKind Kind, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Verdict? Verdict, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? Onset, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Note, string By, DateTimeOffset At);
