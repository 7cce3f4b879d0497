using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.Tests.Web;

/// <summary>A store in memory with the filters that the pages use; <see cref="Down"/> makes it fail as a busy one does.</summary>
internal sealed class FakeStore : IStore
{
    public List<StoredRecord> Records { get; } = [];

    public List<Alert> Alerts { get; } = [];

    public List<HistoryHour> Hours { get; } = [];

    public bool Down { get; set; }

    public RecordQuery? LastQuery { get; private set; }

    public Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task<IReadOnlyList<StoreRejection>> WriteRecordsAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<StoreRejection>> WriteAlertsAsync(IReadOnlyList<Alert> alerts, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<StoreRejection>> WriteTrendsAsync(IReadOnlyList<HistoryHour> hours, CancellationToken cancel) => throw new NotSupportedException();

    public Task<long> PruneRecordsAsync(RecordCut cut, CancellationToken cancel) => throw new NotSupportedException();

    public Task<long> PruneAlertsAsync(DateTimeOffset before, CancellationToken cancel) => throw new NotSupportedException();

    public Task<long> PruneTrendsAsync(DateTimeOffset before, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Page<StoredRecord>> SearchRecordsAsync(RecordQuery query, CancellationToken cancel)
    {
        LastQuery = query;
        return Ask(() => Page(Matching(query).OrderByDescending(r => r.Record.Published), query.Limit, query.Cursor));
    }

    public Task<IReadOnlyList<HistogramBucket>> HistogramAsync(RecordQuery query, TimeSpan bucket, CancellationToken cancel) => Ask<IReadOnlyList<HistogramBucket>>(() =>
        [.. Matching(query).GroupBy(r => r.Record.Published.UtcTicks / bucket.Ticks).OrderBy(g => g.Key).Select(g => new HistogramBucket(
            new DateTimeOffset(g.Key * bucket.Ticks, TimeSpan.Zero), g.Count(),
            g.Count(r => r.Assessment.Sentiment.Label == Sentiment.Negative), g.Count(r => r.Assessment.Credibility.Band == CredibilityBand.LikelyFalse)))]);

    public Task<StoredRecord?> GetRecordAsync(string source, string id, CancellationToken cancel) => Ask(() => Records.Find(r => r.Record.Source == source && r.Record.Id == id));

    public Task<Page<Alert>> SearchAlertsAsync(AlertQuery query, CancellationToken cancel) => Ask(() => Page(Alerts
        .Where(a => query.Site is null || a.Site == query.Site)
        .Where(a => query.Statuses?.Contains(a.Status) ?? a.Status != AlertStatus.Withdrawn)
        .Where(a => query.MinimumLevel is null || a.PeakLevel >= query.MinimumLevel)
        .OrderByDescending(a => a.RaisedAt), query.Limit, query.Cursor));

    public Task<Alert?> GetAlertAsync(string id, CancellationToken cancel) => Ask(() => Alerts.Find(a => a.Id == id));

    public Task<IReadOnlyList<HistoryHour>> TrendAsync(SeriesId series, DateTimeOffset from, DateTimeOffset until, CancellationToken cancel) => Ask<IReadOnlyList<HistoryHour>>(() =>
        [.. Hours.Where(h => h.Site == series.Site && h.Topic == series.Topic && h.Place == series.Place && h.Hour >= from && h.Hour < until)]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IEnumerable<StoredRecord> Matching(RecordQuery query) => Records
        .Where(r => query.Text is null || r.Record.Text.Contains(query.Text, StringComparison.OrdinalIgnoreCase))
        .Where(r => query.Site is null || r.Record.Site == query.Site)
        .Where(r => query.Source is null || r.Record.Source == query.Source)
        .Where(r => query.Sentiment is null || r.Assessment.Sentiment.Label == query.Sentiment)
        .Where(r => query.Band is null || r.Assessment.Credibility.Band == query.Band)
        .Where(r => query.From is null || r.Record.Published >= query.From)
        .Where(r => query.Until is null || r.Record.Published < query.Until);

    private Task<T> Ask<T>(Func<T> answer) => Down ? Task.FromException<T>(new TransientStoreException("The store is down.")) : Task.FromResult(answer());

    private static Page<T> Page<T>(IEnumerable<T> items, int limit, string? cursor)
    {
        var from = cursor is null ? 0 : int.Parse(cursor, System.Globalization.CultureInfo.InvariantCulture);
        var page = items.Skip(from).Take(limit + 1).ToList();
        return new Page<T>([.. page.Take(limit)], page.Count > limit ? (from + limit).ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
    }
}
