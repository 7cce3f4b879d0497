namespace RiskWatch.Contracts;

/// <summary>Names of the event log's topics (DESIGN §1) and of the kinds of entry each carries.</summary>
public static class Topics
{
    /// <summary>Normalised records, their edits and deletions, corrections; marks to all partitions. Key: source + root.</summary>
    public const string Records = "riskwatch.records";

    /// <summary>Record and assessment; later revisions without text. Same partition as its record.</summary>
    public const string Scored = "riskwatch.scored";

    /// <summary>What one batch adds to a place and minute; clocks to all partitions. Key: site + topic.</summary>
    public const string Tallies = "riskwatch.tallies";

    /// <summary>Closed hours of each series. Key: site + topic.</summary>
    public const string History = "riskwatch.history";

    /// <summary>Signals, tick reports and people's actions on alerts. Key: site.</summary>
    public const string Signals = "riskwatch.signals";

    /// <summary>Alerts with their whole state. Key: site + alert id, partitioned by site as signals; compacted.</summary>
    public const string Alerts = "riskwatch.alerts";

    /// <summary>Rules, sites, sources, silences, taxonomy, what was learned. One partition, compacted, a broadcast table.</summary>
    public const string Control = "riskwatch.control";

    /// <summary>Who did what. One partition.</summary>
    public const string Audit = "riskwatch.audit";

    /// <summary>Entries that could not be handled.</summary>
    public const string DeadLetter = "riskwatch.deadletter";

    /// <summary>Carries nothing: its partitions are the shares of sources and jobs.</summary>
    public const string Leases = "riskwatch.leases";

    /// <summary>The changelog of a stage's state, partitioned as the stage's input and compacted.</summary>
    public static string State(string stage) => "riskwatch.state." + stage;
}

/// <summary>The kinds of entry (<c>type</c> header) that a topic's payload can be; each names one contract record.</summary>
public static class EntryTypes
{
    /// <summary><see cref="Contracts.Record"/> on <see cref="Topics.Records"/>: a version of a record, or its deletion.</summary>
    public const string Record = "record";

    /// <summary><see cref="Contracts.Mark"/> on <see cref="Topics.Records"/>.</summary>
    public const string Mark = "mark";

    /// <summary><see cref="Contracts.Correction"/> on <see cref="Topics.Records"/>.</summary>
    public const string Correction = "correction";

    /// <summary><see cref="Contracts.ScoredRecord"/> on <see cref="Topics.Scored"/>.</summary>
    public const string Scored = "scored";

    /// <summary><see cref="Contracts.Revision"/> on <see cref="Topics.Scored"/>.</summary>
    public const string Revision = "revision";

    /// <summary><see cref="Contracts.Tally"/> on <see cref="Topics.Tallies"/>.</summary>
    public const string Tally = "tally";

    /// <summary><see cref="Contracts.Clock"/> on <see cref="Topics.Tallies"/>.</summary>
    public const string Clock = "clock";

    /// <summary><see cref="Contracts.HistoryHour"/> on <see cref="Topics.History"/>.</summary>
    public const string HistoryHour = "history";

    /// <summary><see cref="Contracts.Signal"/> on <see cref="Topics.Signals"/>.</summary>
    public const string Signal = "signal";

    /// <summary><see cref="Contracts.TickReport"/> on <see cref="Topics.Signals"/>.</summary>
    public const string TickReport = "tick";

    /// <summary><see cref="Contracts.AlertAction"/> on <see cref="Topics.Signals"/>.</summary>
    public const string Action = "action";

    /// <summary><see cref="Contracts.Alert"/> on <see cref="Topics.Alerts"/>.</summary>
    public const string Alert = "alert";

    /// <summary><see cref="Contracts.SiteTick"/> on <see cref="Topics.Alerts"/>: how far a site is decided.</summary>
    public const string SiteTick = "siteTick";

    /// <summary><see cref="Contracts.ControlEntry"/> on <see cref="Topics.Control"/>.</summary>
    public const string Control = "control";

    /// <summary><see cref="Contracts.AuditEntry"/> on <see cref="Topics.Audit"/>.</summary>
    public const string Audit = "audit";

    /// <summary><see cref="Contracts.DeadLetterResolution"/> on <see cref="Topics.DeadLetter"/>.</summary>
    public const string DeadLetterResolution = "deadLetterResolution";

    /// <summary><see cref="Contracts.DeadLetter"/> on <see cref="Topics.DeadLetter"/>.</summary>
    public const string DeadLetter = "deadLetter";
}
