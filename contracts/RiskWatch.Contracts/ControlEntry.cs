using System.Text.Json.Serialization;

namespace RiskWatch.Contracts;

/// <summary>What a control entry is about.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ControlKind>))]
public enum ControlKind
{
    /// <summary>A <see cref="Contracts.Rule"/>.</summary>
    Rule,

    /// <summary>A <see cref="Contracts.Site"/>.</summary>
    Site,

    /// <summary>A <see cref="SourceDefinition"/>.</summary>
    Source,

    /// <summary>A <see cref="Contracts.Silence"/>.</summary>
    Silence,

    /// <summary>A <see cref="Contracts.WatchList"/>.</summary>
    WatchList,

    /// <summary>A <see cref="TaxonomyDocument"/>.</summary>
    Taxonomy,

    /// <summary>Something <see cref="LearnedEntry"/>.</summary>
    Learned,

    /// <summary>A <see cref="ClaimList"/>.</summary>
    Claims,

    /// <summary>A <see cref="MissedWarning"/>.</summary>
    Miss,

    /// <summary>A <see cref="Contracts.BlockedTerm"/>.</summary>
    BlockedTerm,
}

/// <summary>One version of one entity on <see cref="Topics.Control"/>; key = kind/entity/version, so that compaction keeps every version.</summary>
public sealed record ControlEntry
{
    /// <summary>Kind of entity.</summary>
    public required ControlKind Kind { get; init; }

    /// <summary>Id of the entity; unique within its kind.</summary>
    public required string EntityId { get; init; }

    /// <summary>1, 2, 3 … within the entity.</summary>
    public required int Version { get; init; }

    /// <summary>Who wrote it; <c>riskwatch</c> for built-in defaults.</summary>
    public required string Author { get; init; }

    /// <summary>From which event time (site's clock) it holds (LOG §6.2). Default for built-in entries: the beginning of time.</summary>
    public required DateTimeOffset EffectiveFrom { get; init; }

    /// <summary>True: the entity is gone from then on.</summary>
    public bool Removed { get; init; }

    /// <summary>Payload when <see cref="Kind"/> is rule.</summary>
    public Rule? Rule { get; init; }

    /// <summary>Payload when <see cref="Kind"/> is site.</summary>
    public Site? Site { get; init; }

    /// <summary>Payload when <see cref="Kind"/> is source.</summary>
    public SourceDefinition? Source { get; init; }

    /// <summary>Payload when <see cref="Kind"/> is silence.</summary>
    public Silence? Silence { get; init; }

    /// <summary>Payload when <see cref="Kind"/> is watchList.</summary>
    public WatchList? WatchList { get; init; }

    /// <summary>Payload when <see cref="Kind"/> is taxonomy.</summary>
    public TaxonomyDocument? Taxonomy { get; init; }

    /// <summary>Payload when <see cref="Kind"/> is learned.</summary>
    public LearnedEntry? Learned { get; init; }

    /// <summary>Payload when <see cref="Kind"/> is claims.</summary>
    public ClaimList? Claims { get; init; }

    /// <summary>Payload when <see cref="Kind"/> is miss.</summary>
    public MissedWarning? Miss { get; init; }

    /// <summary>Payload when <see cref="Kind"/> is blockedTerm.</summary>
    public BlockedTerm? BlockedTerm { get; init; }

    /// <summary>Key on the topic.</summary>
    public string Key() => $"{Kind}/{EntityId}/{Version}";
}

/// <summary>Which series a rule or silence is about; null matches all.</summary>
/// <param name="Site">Site id.</param>
/// <param name="Topic">Topic id or an ancestor of it; <c>*</c> for everything only.</param>
/// <param name="Place">Gazetteer code or an ancestor of it.</param>
/// <param name="Terms">True: only emergent terms; false: never; null: both.</param>
public sealed record SeriesSelector(string? Site = null, string? Topic = null, string? Place = null, bool? Terms = null);

/// <summary>What a level asks for.</summary>
/// <param name="Level">IV, III, II or I.</param>
/// <param name="PValue">At most this probability by chance.</param>
/// <param name="MinimumCount">At least this effective volume in the window.</param>
/// <param name="MinimumRatio">At least this lower bound of observed over expected.</param>
public sealed record LevelThreshold(AlertLevel Level, double PValue, double MinimumCount, double MinimumRatio);

/// <summary>What makes signals an alert; versioned, with effectiveFrom in its control entry.</summary>
public sealed record Rule
{
    /// <summary>Id without version.</summary>
    public required string Id { get; init; }

    /// <summary>Names for people.</summary>
    public required BilingualText Names { get; init; }

    /// <summary>Which series; the most specific rule that matches a series decides it.</summary>
    public SeriesSelector Selector { get; set; } = new();

    /// <summary>Thresholds from IV to I.</summary>
    public required IReadOnlyList<LevelThreshold> Levels { get; init; }

    /// <summary>At least this many distinct authors (where they are many, author-hours), where a source knows authors. Default 5.</summary>
    public double MinimumAuthors { get; set; } = 5;

    /// <summary>Days of baseline before the rule may alert. Default 7.</summary>
    public double MinimumBaselineDays { get; set; } = 7;

    /// <summary>Quiet hours before an alert steps down a level or ends. Default 2.</summary>
    public int QuietHours { get; set; } = 2;

    /// <summary>Hours after an ended episode in which the same series cannot raise a new one. Default 12.</summary>
    public int RefractoryHours { get; set; } = 12;

    /// <summary>False switches the rule off.</summary>
    public bool Enabled { get; set; } = true;
}

/// <summary>A source's own category that the site lists as a topic.</summary>
/// <param name="Source">Source it comes from; null for any.</param>
/// <param name="Value">The category as the source writes it.</param>
/// <param name="Topic">Topic id, unique in the site.</param>
/// <param name="Names">Names for people.</param>
/// <param name="Parent">Topic id of the taxonomy or of another category topic, else null.</param>
public sealed record CategoryTopic([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Source, string Value, string Topic, BilingualText Names, string? Parent = null);

/// <summary>What is watched as one.</summary>
public sealed record Site
{
    /// <summary>Id, lower case.</summary>
    public required string Id { get; init; }

    /// <summary>Names for people.</summary>
    public required BilingualText Names { get; init; }

    /// <summary>IANA time zone.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Calendar of holidays: <c>us</c>, <c>cn</c>, or null.</summary>
    public string? Calendar { get; init; }

    /// <summary>Gazetteer code of the whole site.</summary>
    public required string GazetteerRoot { get; init; }

    /// <summary>Languages, BCP 47.</summary>
    public IReadOnlyList<string> Languages { get; set; } = [];

    /// <summary>Names of its sources.</summary>
    public IReadOnlyList<string> Sources { get; set; } = [];

    /// <summary>Channels that are not the public's voice (staff's batch entries): stored, not counted.</summary>
    public IReadOnlyList<string> IgnoredChannels { get; set; } = [];

    /// <summary>Sources' own categories that are topics here; others are topic <c>other</c>.</summary>
    public IReadOnlyList<CategoryTopic> Categories { get; set; } = [];

    /// <summary>Expected share of false content. Default .02.</summary>
    public double FalsePrior { get; set; } = 0.02;

    /// <summary>Budget of false alarms a day over all levels. Default 1.</summary>
    public double FalseAlarmsPerDay { get; set; } = 1;

    /// <summary>How late records may be and still count. Default 24 h.</summary>
    public TimeSpan Lateness { get; set; } = TimeSpan.FromHours(24);
}

/// <summary>A source as configured.</summary>
/// <param name="Name">Name; the <c>source</c> of its records.</param>
/// <param name="Site">Site that takes it.</param>
/// <param name="Kind">Connector: <c>push</c>, <c>file</c>, …</param>
/// <param name="Mapping">Mapping name for files.</param>
/// <param name="Delay">How late after <c>published</c> its records may appear. At most 15 min to be waited for.</param>
/// <param name="KnowsAuthors">False where it has no authors (LOG §10.3).</param>
/// <param name="IdsNameAuthors">True where its ids name authors and must become pseudonyms (LOG §10.2).</param>
/// <param name="OfficialHandles">Handles that stay readable in texts.</param>
public sealed record SourceDefinition(string Name, string Site, string Kind, string? Mapping = null, TimeSpan? Delay = null, bool KnowsAuthors = true, bool IdsNameAuthors = false, IReadOnlyList<string>? OfficialHandles = null);

/// <summary>What <see cref="SourceDefinition.Kind"/> may be.</summary>
public static class SourceKinds
{
    /// <summary>Read from files: its clock is its newest row.</summary>
    public const string File = "file";

    /// <summary>Pushed over HTTP: its clock is the wall clock less its delay (LOG §3.1).</summary>
    public const string Push = "push";
}

/// <summary>Keeps matching alerts from notifying for a time; they are still shown.</summary>
public sealed record Silence(string Id, SeriesSelector Selector, DateTimeOffset From, DateTimeOffset Until, string Reason);

/// <summary>Series that a team wants watched closely.</summary>
public sealed record WatchList(string Id, BilingualText Names, IReadOnlyList<SeriesSelector> Series);

/// <summary>A taxonomy's text form (YAML), applied as a whole.</summary>
public sealed record TaxonomyDocument(string Yaml);

/// <summary>What was learned across series for one site and day (LOG §6.3); empty if nothing was.</summary>
public sealed record LearnedEntry(string Site, DateOnly Day, IReadOnlyDictionary<string, double> Values);

/// <summary>A warning that did not come, as staff report it: without these nobody knows what share of incidents is warned of.</summary>
/// <param name="Site">Site.</param>
/// <param name="Topic">Topic id; <c>*</c> where none fits.</param>
/// <param name="Place">Gazetteer code within the site.</param>
/// <param name="Onset">When it began.</param>
/// <param name="End">When it was over.</param>
/// <param name="Note">What happened, in a few words; empty where nobody said.</param>
public sealed record MissedWarning(string Site, string Topic, string Place, DateTimeOffset Onset, DateTimeOffset End, string Note);

/// <summary>An emergent term that shall raise no alert at a site.</summary>
/// <param name="Site">Site.</param>
/// <param name="Term">The term as its alert shows it.</param>
/// <param name="Reason">Why.</param>
public sealed record BlockedTerm(string Site, string Term, string Reason);
