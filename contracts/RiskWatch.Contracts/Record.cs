using System.Text.Json.Serialization;

namespace RiskWatch.Contracts;

/// <summary>What a record is: a public post or a citizen-hotline record.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RecordKind>))]
public enum RecordKind
{
    /// <summary>A public post.</summary>
    Post,

    /// <summary>A citizen-hotline record; never discounted for credibility.</summary>
    Hotline,
}

/// <summary>Where a record says it belongs, as the source gives it.</summary>
/// <param name="Name">Name of the place in the source's words.</param>
/// <param name="Latitude">Degrees north, WGS 84.</param>
/// <param name="Longitude">Degrees east, WGS 84.</param>
public sealed record RecordPlace(string? Name = null, double? Latitude = null, double? Longitude = null);

/// <summary>How much a record was noticed, as counts; edits of it count nothing new.</summary>
public sealed record Engagement(long Likes = 0, long Reposts = 0, long Replies = 0, long Heat = 0);

/// <summary>One post or hotline record, normalised (DESIGN §6). Another version of the same <see cref="Source"/> and <see cref="Id"/> is an edit.</summary>
public sealed record Record
{
    /// <summary>Unique in its source.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the source, for example <c>weibo</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Post or hotline. Default: post.</summary>
    public RecordKind Kind { get; init; }

    /// <summary>Event time. Never changes after the first version.</summary>
    public required DateTimeOffset Published { get; init; }

    /// <summary>The words; may be empty where a title carries them.</summary>
    public string Text { get; set; } = "";

    /// <summary>Optional title.</summary>
    public string? Title { get; init; }

    /// <summary>A pseudonym once past the edge (LOG §10.1); never a name.</summary>
    public string? Author { get; init; }

    /// <summary>Address of the original; stored, not searchable.</summary>
    public string? Url { get; init; }

    /// <summary>BCP 47 language as the source claims it.</summary>
    public string? Language { get; init; }

    /// <summary>Place as the source gives it.</summary>
    public RecordPlace? Place { get; init; }

    /// <summary>The source's own category.</summary>
    public string? Category { get; init; }

    /// <summary>How it came in: app, call, employee, …</summary>
    public string? Channel { get; init; }

    /// <summary>Department as the source names it.</summary>
    public string? Department { get; init; }

    /// <summary>Id of the record that this one reposts or answers.</summary>
    public string? RepostOf { get; init; }

    /// <summary>Id of the first post of its thread, where the source names it.</summary>
    public string? Root { get; init; }

    /// <summary>Likes, reposts, replies, heat.</summary>
    public Engagement? Engagement { get; init; }

    /// <summary><c>open</c> or <c>closed</c>, for hotline records.</summary>
    public string? Status { get; init; }

    /// <summary>When an answer is due.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>When it was answered.</summary>
    public DateTimeOffset? Replied { get; init; }

    /// <summary>When it was closed.</summary>
    public DateTimeOffset? Closed { get; init; }

    /// <summary>Time of this version; a version older than the held one is a repeat (LOG §5.2).</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>Ingest time, set at the edge. In replay: the merged event time, so that nothing depends on the wall clock.</summary>
    public DateTimeOffset? Received { get; init; }

    /// <summary>True for a deletion: only id, source and, where known, root and published are set.</summary>
    public bool Deleted { get; init; }

    /// <summary>The site that watches it, set at the edge.</summary>
    public string Site { get; set; } = "";

    /// <summary>True where it was retried from the dead letters and so received anew (LOG §3.7).</summary>
    public bool Retried { get; init; }

    /// <summary>Id whose partition this record shares: root, else the reposted, else its own (LOG §2.1).</summary>
    [JsonIgnore]
    public string RootId => Root ?? RepostOf ?? Id;
}

/// <summary>How far a source is complete: no more of its records with <c>published</c> before <see cref="Minute"/> are expected (LOG §3.1).</summary>
/// <param name="Site">Site of the source.</param>
/// <param name="Source">Name of the source.</param>
/// <param name="Minute">Minutes since 1970-01-01T00:00Z; never decreases.</param>
/// <param name="Waited">Whether the site's clock waits for this source.</param>
/// <param name="ControlOffset">Greatest control offset that the writer had seen (LOG §6.1).</param>
/// <param name="Ended">The source is no longer configured and drops out.</param>
public sealed record Mark(string Site, string Source, long Minute, bool Waited, long ControlOffset, bool Ended = false);

/// <summary>A person's correction of a record's labels; an edit in effect (LOG §5.2), and training data.</summary>
/// <param name="Id">Id of the correction; a repeat has no effect.</param>
/// <param name="Source">Source of the corrected record.</param>
/// <param name="RecordId">Id of the corrected record in its source.</param>
/// <param name="RootId">Its root, which decides the partition.</param>
/// <param name="FalseInformation">True: it is false; false: it is credible; null: unchanged.</param>
/// <param name="Sentiment">New sentiment, null: unchanged.</param>
/// <param name="By">Who corrected, as the console knows them.</param>
/// <param name="At">When.</param>
/// <param name="Published">First published time of the corrected record, where the writer knows it; used where classification no longer holds the record.</param>
public sealed record Correction(
    string Id,
    string Source,
    string RecordId,
    string RootId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] bool? FalseInformation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Sentiment? Sentiment,
    string By,
    DateTimeOffset At,
    DateTimeOffset? Published = null);
