using System.Text.Json.Serialization;

namespace RiskWatch.Contracts;

/// <summary>Who did what; chained by one stage (issue of its own). Declared here, written by whoever acts.</summary>
/// <param name="Id">Id of the act.</param>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Action">What, a verb and an object: <c>rule.apply</c>, <c>alert.close</c>.</param>
/// <param name="Target">Id of the object.</param>
/// <param name="Hash">SHA-256 over this entry and the previous hash; null until chained.</param>
public sealed record AuditEntry(string Id, DateTimeOffset At, string By, string Action, string Target, string? Hash = null);

/// <summary>A notification that a route sends for alerts; idempotent by id. Declared for the notification service.</summary>
/// <param name="Id">hash(route, group, alert versions).</param>
/// <param name="Route">Route.</param>
/// <param name="Channel">mail, webhook, robot, cap, atom.</param>
/// <param name="Alerts">Alert ids; never record text.</param>
/// <param name="At">When it was decided.</param>
public sealed record NotificationEntry(string Id, string Route, string Channel, IReadOnlyList<string> Alerts, DateTimeOffset At);

/// <summary>One run of a job. Declared for the jobs role.</summary>
/// <param name="Job">Name.</param>
/// <param name="Due">When it was due.</param>
/// <param name="Started">When it started.</param>
/// <param name="Finished">When it finished, null while it runs.</param>
/// <param name="Error">What went wrong, null for success.</param>
public sealed record JobRun(string Job, DateTimeOffset Due, DateTimeOffset Started, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? Finished, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Error);

/// <summary>State of a source.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<SourceState>))]
public enum SourceState
{
    /// <summary>Records come.</summary>
    Healthy,

    /// <summary>It answers, and has nothing.</summary>
    Empty,

    /// <summary>It fails.</summary>
    Failing,

    /// <summary>Nothing for longer than its interval allows.</summary>
    Silent,

    /// <summary>It is complete: its owner has ended it, and nothing waits for it any more.</summary>
    Ended,
}

/// <summary>How a source does.</summary>
/// <param name="Source">Name.</param>
/// <param name="Site">Site.</param>
/// <param name="State">State.</param>
/// <param name="Mark">How far it is complete; minutes since 1970-01-01T00:00Z, null before the first mark.</param>
/// <param name="LastRecord">Event time of its newest record.</param>
/// <param name="Records">Records taken since start.</param>
/// <param name="DeadLetters">Records refused since start.</param>
/// <param name="Error">Last error in words, null when healthy.</param>
/// <param name="Waited">Whether the site's clock waits for it (its last mark says so).</param>
public sealed record SourceStatus(string Source, string Site, SourceState State, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Mark, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? LastRecord, long Records, long DeadLetters, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Error, bool Waited = true);

/// <summary>How a site does: tick, lag, sources (DESIGN §4).</summary>
/// <param name="Site">Id.</param>
/// <param name="Names">Names.</param>
/// <param name="Tick">Last decided tick, end of its minute; null before the first.</param>
/// <param name="LagSeconds">Newest mark minus last decided tick, in seconds of event time.</param>
/// <param name="Stuck">True where the tick has not moved for 5 minutes while sources are waited for.</param>
/// <param name="StuckReason">What it waits for, in words.</param>
/// <param name="Sources">Its sources.</param>
/// <param name="OpenAlerts">Open alerts; null where the store does not say, while everything else here still holds.</param>
public sealed record SiteStatus(string Site, BilingualText Names, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? Tick, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? LagSeconds, bool Stuck, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? StuckReason, IReadOnlyList<SourceStatus> Sources, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? OpenAlerts);
