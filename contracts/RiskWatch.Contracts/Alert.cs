using System.Text.Json.Serialization;

namespace RiskWatch.Contracts;

/// <summary>Level of an alert, as China's emergency-response law colours them.</summary>
public enum AlertLevel
{
    /// <summary>None: below every threshold.</summary>
    None,

    /// <summary>Blue, general.</summary>
    IV,

    /// <summary>Yellow, considerable.</summary>
    III,

    /// <summary>Orange, serious.</summary>
    II,

    /// <summary>Red, most serious.</summary>
    I,
}

/// <summary>Where an alert is in its life.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AlertStatus>))]
public enum AlertStatus
{
    /// <summary>Shown before its tick was decided.</summary>
    Provisional,

    /// <summary>Decided by its tick and still going on.</summary>
    Open,

    /// <summary>Quiet again.</summary>
    Ended,

    /// <summary>Closed by a person.</summary>
    Closed,

    /// <summary>A provisional one that its tick did not confirm.</summary>
    Withdrawn,

    /// <summary>A provisional one that was confirmed under another id (<see cref="Alert.ConfirmedAs"/>).</summary>
    Confirmed,
}

/// <summary>How soon something should be done (CAP 1.2).</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Urgency>))]
public enum Urgency
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>At once.</summary>
    Immediate,

    /// <summary>Within the hour.</summary>
    Expected,

    /// <summary>In the near future.</summary>
    Future,

    /// <summary>Over.</summary>
    Past,
}

/// <summary>How bad it is (CAP 1.2).</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Extraordinary.</summary>
    Extreme,

    /// <summary>Significant.</summary>
    Severe,

    /// <summary>Possible.</summary>
    Moderate,

    /// <summary>Minimal.</summary>
    Minor,
}

/// <summary>How sure it is (CAP 1.2).</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Certainty>))]
public enum Certainty
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Hotline and posts, or several sources, agree.</summary>
    Observed,

    /// <summary>More than even odds.</summary>
    Likely,

    /// <summary>One-sided or concentrated.</summary>
    Possible,
}

/// <summary>A text in both of the console's languages.</summary>
/// <param name="Zh">Chinese.</param>
/// <param name="En">English.</param>
public sealed record BilingualText(string Zh, string En);

/// <summary>A topic with its names.</summary>
public sealed record AlertTopic(string Id, BilingualText Names);

/// <summary>A place with its names.</summary>
public sealed record AlertPlace(string Code, BilingualText Names);

/// <summary>The 90 % interval of the expectation.</summary>
public sealed record ExpectedInterval(double Lower, double Upper);

/// <summary>One step of an alert's history, in event time.</summary>
/// <param name="At">End of the tick's minute; for actions of people the tick they took effect at.</param>
/// <param name="Level">Level after it.</param>
/// <param name="Reason">Machine-readable reason: <c>raised, escalated, steppedDown, ended, acknowledged, closed, reopened, ruleChanged, silenced</c>.</param>
/// <param name="By">Person for actions, else null.</param>
public sealed record AlertStep(DateTimeOffset At, AlertLevel Level, string Reason, string? By = null);

/// <summary>Records by kind within the alert's window.</summary>
/// <param name="Posts">Posts.</param>
/// <param name="Hotline">Hotline records.</param>
/// <param name="Lead">Which of the two led, and by how long; null where there are too few of one, or neither did.</param>
public sealed record AlertKinds(int Posts, int Hotline, KindLead? Lead = null);

/// <summary>What decided the alert.</summary>
public sealed record AlertVersions(string Rule, int RuleVersion, string Detector, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Model);

/// <summary>An early warning: an evidence file (DESIGN §4). Compared to <see cref="Topics.Signals"/> it holds its whole state.</summary>
public sealed record Alert
{
    /// <summary>hash(site, rule id without version, series, first confirmed tick of the episode), 16 hexadecimal digits (LOG §7.1).</summary>
    public required string Id { get; init; }

    /// <summary>End of the minute whose tick raised it; event time.</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>Level now.</summary>
    public required AlertLevel Level { get; init; }

    /// <summary>Highest level reached.</summary>
    public required AlertLevel PeakLevel { get; init; }

    /// <summary>Steps of its life, oldest first.</summary>
    public required IReadOnlyList<AlertStep> History { get; init; }

    /// <summary>One line that says what, where and how much.</summary>
    public required BilingualText Headline { get; init; }

    /// <summary>Site.</summary>
    public required string Site { get; init; }

    /// <summary>Topic; null for a term.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public AlertTopic? Topic { get; init; }

    /// <summary>Place; null where it is the site's root.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public AlertPlace? Place { get; init; }

    /// <summary>Term of an emergent series, else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Term { get; init; }

    /// <summary>Hours of the deciding window at the peak.</summary>
    public required int Window { get; init; }

    /// <summary>Effective volume in that window.</summary>
    public required double Observed { get; init; }

    /// <summary>Expected volume in it.</summary>
    public required double Expected { get; init; }

    /// <summary>90 % interval of the expectation.</summary>
    public required ExpectedInterval Interval { get; init; }

    /// <summary>Probability of at least that many by chance.</summary>
    public required double PValue { get; init; }

    /// <summary>Lower bound of observed over expected.</summary>
    public required double RatioLower { get; init; }

    /// <summary>How soon to act.</summary>
    public required Urgency Urgency { get; init; }

    /// <summary>How bad.</summary>
    public required Severity Severity { get; init; }

    /// <summary>How sure.</summary>
    public required Certainty Certainty { get; init; }

    /// <summary>Posts and hotline records in the window.</summary>
    public required AlertKinds Kinds { get; init; }

    /// <summary>Ids (<c>source/id</c>) of example records, deduplicated.</summary>
    public required IReadOnlyList<string> Exemplars { get; init; }

    /// <summary>Largest effective volume in the window that would not have been a finding.</summary>
    public required double StandDownCount { get; init; }

    /// <summary>Rule, detector and model that decided.</summary>
    public required AlertVersions Versions { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required AlertStatus Status { get; init; }

    /// <summary>End of the last tick that changed it; event time.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>All windows at the last change.</summary>
    public IReadOnlyList<WindowFinding> Windows { get; set; } = [];

    /// <summary>Records in the window by source.</summary>
    public IReadOnlyDictionary<string, int> Sources { get; set; } = new Dictionary<string, int>();

    /// <summary>Share of the volume by child place.</summary>
    public IReadOnlyDictionary<string, double> Shares { get; set; } = new Dictionary<string, double>();

    /// <summary>Factors of the expectation.</summary>
    public IReadOnlyDictionary<string, double> Factors { get; set; } = new Dictionary<string, double>();

    /// <summary>What speaks against it, in words of both languages: one-sided, concentrated, short baseline, likely-false share, no authors known.</summary>
    public IReadOnlyList<BilingualText> CounterEvidence { get; set; } = [];

    /// <summary>Distinct author-hours in the window, null where no source knows authors.</summary>
    public double? Authors { get; init; }

    /// <summary>Share of negative records in the window.</summary>
    public double NegativeShare { get; init; }

    /// <summary>Share of likely-false posts in the window.</summary>
    public double LikelyFalseShare { get; init; }

    /// <summary>Days of baseline.</summary>
    public double BaselineDays { get; init; }

    /// <summary>Share of the site's data that was in, 0–1.</summary>
    public double Completeness { get; set; } = 1;

    /// <summary>Hours around the alert, for the chart.</summary>
    public IReadOnlyList<EvidencePoint> Chart { get; set; } = [];

    /// <summary>Series that were also out of the ordinary and are covered by this alert (children, parents).</summary>
    public IReadOnlyList<string> Covers { get; set; } = [];

    /// <summary>Acknowledged by, else null.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>Verdict after closing.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>Onset as staff reported it.</summary>
    public DateTimeOffset? Onset { get; init; }

    /// <summary>Silence that keeps it from notifying, else null.</summary>
    public string? SilencedBy { get; init; }

    /// <summary>For a provisional one that was confirmed under another id.</summary>
    public string? ConfirmedAs { get; init; }

    /// <summary>Grows with each change; the store's external version.</summary>
    public long Version { get; init; }
}
