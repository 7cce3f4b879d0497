using RiskWatch.Adapters.Embedded.Store;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Embedded;

/// <summary>
/// The embedded store: one SQLite file with a full-text index of our own tokens. Queries run on connections of their own and never hold up writes;
/// a batch of writes is one transaction, durable when it returns.
/// </summary>
/// <param name="path">File; its directory must exist.</param>
/// <param name="gazetteer">Gives the ancestors that a place is indexed under.</param>
/// <param name="time">Clock for the age of deletions.</param>
/// <param name="busyTimeout">How long to wait for another process's lock, in whole seconds from 1; null: 5 s.</param>
public sealed class SqliteStore(string path, IGazetteer gazetteer, TimeProvider time, TimeSpan? busyTimeout = null) : IStore
{
    /// <summary>Bytes of a page of the file, SQLite's default.</summary>
    internal const int PageBytes = 4096;

    private readonly StoreDatabase _database = new(path, busyTimeout ?? TimeSpan.FromSeconds(5));

    /// <summary>Most pages that the file may have; null for no limit but the disk's. Lets tests see a full disk.</summary>
    internal int? MaximumPages
    {
        init => _database.MaximumPages = value;
    }

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancel) => _database.WithWriterAsync(
        session =>
        {
            StoreSchema.Prepare(session, path);
            return true;
        },
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoreRejection>> WriteRecordsAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancel) =>
        _database.WriteAsync(session => new RecordWriter(session, gazetteer, time.GetUtcNow()).Write(writes, cancel), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoreRejection>> WriteAlertsAsync(IReadOnlyList<Alert> alerts, CancellationToken cancel) => _database.WriteAsync(
        session =>
        {
            AlertTable.Write(session, alerts, gazetteer, cancel);
            return NoRejections;
        },
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoreRejection>> WriteTrendsAsync(IReadOnlyList<HistoryHour> hours, CancellationToken cancel) => _database.WriteAsync(
        session =>
        {
            TrendTable.Write(session, hours, cancel);
            return NoRejections;
        },
        cancel);

    /// <inheritdoc/>
    public Task<Page<StoredRecord>> SearchRecordsAsync(RecordQuery query, CancellationToken cancel) =>
        _database.ReadAsync(session => RecordReader.Search(session, query, cancel), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HistogramBucket>> HistogramAsync(RecordQuery query, TimeSpan bucket, CancellationToken cancel) =>
        _database.ReadAsync(session => RecordHistogram.Count(session, query, bucket), cancel);

    /// <inheritdoc/>
    public Task<StoredRecord?> GetRecordAsync(string source, string id, CancellationToken cancel) =>
        _database.ReadAsync(session => RecordReader.Get(session, source, id), cancel);

    /// <inheritdoc/>
    public Task<Page<Alert>> SearchAlertsAsync(AlertQuery query, CancellationToken cancel) =>
        _database.ReadAsync(session => AlertTable.Search(session, query), cancel);

    /// <inheritdoc/>
    public Task<Alert?> GetAlertAsync(string id, CancellationToken cancel) =>
        _database.ReadAsync(session => AlertTable.Get(session, id), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HistoryHour>> TrendAsync(SeriesId series, DateTimeOffset from, DateTimeOffset until, CancellationToken cancel) =>
        _database.ReadAsync(session => TrendTable.Read(session, series, from, until), cancel);

    /// <inheritdoc/>
    public Task<long> PruneRecordsAsync(RecordCut cut, CancellationToken cancel) => new StorePruning(_database, time).PruneAsync(cut, cancel);

    /// <inheritdoc/>
    public Task<long> PruneAlertsAsync(DateTimeOffset before, CancellationToken cancel) => _database.WriteAsync(session => (long)AlertTable.Prune(session, before), cancel);

    /// <inheritdoc/>
    public Task<long> PruneTrendsAsync(DateTimeOffset before, CancellationToken cancel) => _database.WriteAsync(session => TrendTable.Prune(session, before), cancel);

    /// <summary>Deletions that are remembered, as writes.</summary>
    internal Task<List<RecordWrite>> DeletionsAsync(CancellationToken cancel) => _database.ReadAsync(
        session =>
        {
            var writes = new List<RecordWrite>();
            using var rows = session.Query("SELECT source, id, version FROM deleted ORDER BY source, id");
            while (rows.Read())
            {
                writes.Add(new RecordWrite(rows.GetString(0), rows.GetString(1), rows.GetInt64(2), null, null));
            }

            return writes;
        },
        cancel);

    /// <summary>All series that have hours.</summary>
    internal Task<List<SeriesId>> SeriesAsync(CancellationToken cancel) => _database.ReadAsync(TrendTable.Series, cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IReadOnlyList<StoreRejection> NoRejections => [];
}
