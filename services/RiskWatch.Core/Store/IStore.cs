using RiskWatch.Contracts;

namespace RiskWatch.Core.Store;

/// <summary>
/// The store of records, alerts and trends, for queries. Writes are idempotent by id and version: an older or equal version changes nothing.
/// Failures: <see cref="TransientStoreException"/> (wait), <see cref="StoreConfigurationException"/> (an operator must change something),
/// <see cref="StoreQueryException"/> (the caller asked for what cannot be answered).
/// It holds no author, and no query returns what one author wrote.
/// </summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>Creates or checks tables or indices. Called once before use.</summary>
    Task PrepareAsync(CancellationToken cancel);

    /// <summary>Writes records, deletions and revisions in order.</summary>
    /// <returns>What the store refuses for good, to be dead-lettered.</returns>
    Task<IReadOnlyList<StoreRejection>> WriteRecordsAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancel);

    /// <summary>Writes alerts by id and version.</summary>
    Task<IReadOnlyList<StoreRejection>> WriteAlertsAsync(IReadOnlyList<Alert> alerts, CancellationToken cancel);

    /// <summary>Writes closed hours by series, hour and version.</summary>
    Task<IReadOnlyList<StoreRejection>> WriteTrendsAsync(IReadOnlyList<HistoryHour> hours, CancellationToken cancel);

    /// <summary>Searches records, newest first, then by source and id.</summary>
    Task<Page<StoredRecord>> SearchRecordsAsync(RecordQuery query, CancellationToken cancel);

    /// <summary>Counts of matching records per time bucket, empty buckets left out, oldest first. Buckets are whole seconds long and start at multiples of their length since 1970-01-01T00:00Z; limit and cursor of the query are not looked at.</summary>
    Task<IReadOnlyList<HistogramBucket>> HistogramAsync(RecordQuery query, TimeSpan bucket, CancellationToken cancel);

    /// <summary>One record, null where there is none.</summary>
    Task<StoredRecord?> GetRecordAsync(string source, string id, CancellationToken cancel);

    /// <summary>Alerts, last raised first, then by id.</summary>
    Task<Page<Alert>> SearchAlertsAsync(AlertQuery query, CancellationToken cancel);

    /// <summary>One alert, null where there is none.</summary>
    Task<Alert?> GetAlertAsync(string id, CancellationToken cancel);

    /// <summary>Closed hours of one series from <paramref name="from"/> to before <paramref name="until"/>, oldest first.</summary>
    Task<IReadOnlyList<HistoryHour>> TrendAsync(SeriesId series, DateTimeOffset from, DateTimeOffset until, CancellationToken cancel);

    /// <summary>Deletes records published before <paramref name="before"/> and gives their space back; returns how many.</summary>
    Task<long> PruneRecordsAsync(DateTimeOffset before, CancellationToken cancel) => PruneRecordsAsync(new RecordCut(before), cancel);

    /// <summary>Deletes records that a cut takes and gives their space back; forgets deletions older than 7 days; returns how many records.</summary>
    Task<long> PruneRecordsAsync(RecordCut cut, CancellationToken cancel);

    /// <summary>Deletes alerts that are over (neither open nor provisional) and changed last before <paramref name="before"/>; returns how many.</summary>
    Task<long> PruneAlertsAsync(DateTimeOffset before, CancellationToken cancel);

    /// <summary>Deletes hours of series that began before <paramref name="before"/>; returns how many.</summary>
    Task<long> PruneTrendsAsync(DateTimeOffset before, CancellationToken cancel);
}

/// <summary>Which records are too old.</summary>
/// <param name="Before">Published before.</param>
/// <param name="Site">Of this site only; null: of all.</param>
public sealed record RecordCut(DateTimeOffset Before, string? Site = null)
{
    /// <summary>Not of these sites, which have a policy of their own.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];
}

/// <summary>A write to the store's records: exactly one of <see cref="Document"/> (upsert), <see cref="Revision"/>, or neither (deletion).</summary>
/// <param name="Source">Source.</param>
/// <param name="Id">Id in the source.</param>
/// <param name="Version">Store version.</param>
/// <param name="Document">The document, for an upsert.</param>
/// <param name="Revision">The revision: the stored document is read and written whole; absent or deleted, nothing (LOG §5.5).</param>
public sealed record RecordWrite(string Source, string Id, long Version, StoredRecord? Document, Revision? Revision);

/// <summary>A record as the store keeps it: no author.</summary>
/// <param name="Record">The record without author.</param>
/// <param name="Assessment">Its assessment.</param>
/// <param name="Doubts">Doubts of the crowd counted so far.</param>
/// <param name="CorrectedBy">Who corrected it, null where nobody did.</param>
/// <param name="Version">Store version.</param>
public sealed record StoredRecord(Record Record, Assessment Assessment, int Doubts, string? CorrectedBy, long Version)
{
    /// <summary>What it is after a revision. A person's mood is certain: its probability becomes 1.</summary>
    public StoredRecord Revised(Revision revision)
    {
        var assessment = Assessment with { Credibility = revision.Credibility ?? Assessment.Credibility };
        if (revision.Sentiment is { } mood && mood != Assessment.Sentiment.Label)
        {
            assessment = assessment with { Sentiment = Certain(mood) };
        }

        return this with { Assessment = assessment, Doubts = revision.Doubts, CorrectedBy = revision.CorrectedBy ?? CorrectedBy, Version = revision.Version };
    }

    private static SentimentAssessment Certain(Sentiment mood) => mood switch
    {
        Sentiment.Negative => new SentimentAssessment(mood, -1, new SentimentProbabilities(1, 0, 0)),
        Sentiment.Positive => new SentimentAssessment(mood, 1, new SentimentProbabilities(0, 0, 1)),
        _ => new SentimentAssessment(mood, 0, new SentimentProbabilities(0, 1, 0)),
    };
}

/// <summary>Something the store refuses for good.</summary>
/// <param name="Index">Position in the list of writes.</param>
/// <param name="Id">Id of the document.</param>
/// <param name="Reason">The store's words, without text of the record.</param>
public sealed record StoreRejection(int Index, string Id, string Reason);

/// <summary>A page of results.</summary>
/// <param name="Items">Items.</param>
/// <param name="Cursor">Give it back to continue; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Cursor);

/// <summary>Number of records in the bucket that starts at <paramref name="Start"/>.</summary>
public sealed record HistogramBucket(DateTimeOffset Start, long Count, long Negative, long LikelyFalse);

/// <summary>Which records; null matches all.</summary>
public sealed record RecordQuery
{
    /// <summary>Words, zh or en: all must occur; a quoted part is a phrase. Chinese runs match as phrases.</summary>
    public string? Text { get; init; }

    /// <summary>Site.</summary>
    public string? Site { get; init; }

    /// <summary>Topic id; <c>*</c> matches all.</summary>
    public string? Topic { get; init; }

    /// <summary>Gazetteer codes; the record matches where any of its places, or their ancestors, is one. Callers pass a code; adapters index ancestors given in <see cref="StoredRecord"/> places.</summary>
    public string? Place { get; init; }

    /// <summary>Source.</summary>
    public string? Source { get; init; }

    /// <summary>Post or hotline.</summary>
    public RecordKind? Kind { get; init; }

    /// <summary>Mood.</summary>
    public Sentiment? Sentiment { get; init; }

    /// <summary>Credibility band.</summary>
    public CredibilityBand? Band { get; init; }

    /// <summary>Topic that the records' own topics must hold; null where any will do.</summary>
    public string? TopicFilter => Topic is SeriesTopics.Everything or SeriesTopics.LikelyFalse ? null : Topic;

    /// <summary>Band that the records must be of: what is likely false can be asked for as a topic too.</summary>
    public CredibilityBand? BandFilter => Topic == SeriesTopics.LikelyFalse ? CredibilityBand.LikelyFalse : Band;

    /// <summary>Near-duplicate group.</summary>
    public string? Group { get; init; }

    /// <summary>Published at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Published before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>At most this many. Default 50, at most 1,000.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Cursor of the page before.</summary>
    public string? Cursor { get; init; }
}

/// <summary>Which alerts; null matches all.</summary>
public sealed record AlertQuery
{
    /// <summary>Site.</summary>
    public string? Site { get; init; }

    /// <summary>Status; null: all but withdrawn.</summary>
    public IReadOnlyList<AlertStatus>? Statuses { get; init; }

    /// <summary>At least this level at its peak.</summary>
    public AlertLevel? MinimumLevel { get; init; }

    /// <summary>Topic id as the alert names it.</summary>
    public string? Topic { get; init; }

    /// <summary>Gazetteer code; the alert matches where its place or an ancestor of it is that. An alert about its site's root names no place and does not match.</summary>
    public string? Place { get; init; }

    /// <summary>Raised at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Raised before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>At most this many. Default 50, at most 1,000.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Cursor of the page before.</summary>
    public string? Cursor { get; init; }
}

/// <summary>The store cannot be reached or is busy: wait and try again.</summary>
public sealed class TransientStoreException : Exception
{
    public TransientStoreException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Something that only an operator can change; the message names it and says what to do.</summary>
public sealed class StoreConfigurationException : Exception
{
    public StoreConfigurationException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>A query that cannot be answered as asked: a cursor that is none, a limit or bucket out of range. The message says which.</summary>
public sealed class StoreQueryException : Exception
{
    public StoreQueryException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
