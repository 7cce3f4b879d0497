using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using RiskWatch.Adapters.Embedded.Store;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>
/// The store on Elasticsearch or OpenSearch: monthly indices behind aliases, external versions. What was written is durable when a write returns and found
/// by searches after the refresh interval; reading one record or alert sees it at once.
/// </summary>
public sealed class ElasticsearchStore : IStore
{
    private readonly ElasticClient _client;
    private readonly IndexNames _names;
    private readonly IndexCatalog _catalog;
    private readonly BulkWriter _bulk;
    private readonly RecordWriting _records;
    private readonly OtherDocuments _others;
    private readonly IndexPruning _pruning;

    /// <summary>A store on the nodes that the options name.</summary>
    public ElasticsearchStore(ElasticsearchOptions options, Flavor flavor, IGazetteer gazetteer, TimeProvider time, ILogger<ElasticsearchStore> logger)
        : this(new ElasticTransport(options, flavor, time), options, flavor, gazetteer, time, logger)
    {
    }

    internal ElasticsearchStore(IElasticTransport transport, ElasticsearchOptions options, Flavor flavor, IGazetteer gazetteer, TimeProvider time, ILogger logger)
    {
        _client = new ElasticClient(transport, flavor);
        _names = new IndexNames(options.Prefix);
        _catalog = new IndexCatalog(_client, options, _names, logger);
        _bulk = new BulkWriter(_client, _catalog, options, time, logger);
        _records = new RecordWriting(_client, _catalog, _bulk, _names, gazetteer, time);
        _others = new OtherDocuments(_names, gazetteer);
        _pruning = new IndexPruning(_client, _catalog, _bulk, _names, time);
    }

    /// <summary>Documents of one page where all pages of a query are read.</summary>
    internal int PageSize { get; init; } = 1_000;

    /// <summary>Bytes that a bulk request may have now.</summary>
    internal int BulkBytes => _bulk.Bytes;

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        await _client.CheckProductAsync(cancel).ConfigureAwait(false);
        await _catalog.PrepareAsync(cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoreRejection>> WriteRecordsAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancel) => _records.WriteAsync(writes, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoreRejection>> WriteAlertsAsync(IReadOnlyList<Alert> alerts, CancellationToken cancel) => WriteAsync([.. alerts.Select(_others.Of)], cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoreRejection>> WriteTrendsAsync(IReadOnlyList<HistoryHour> hours, CancellationToken cancel) => WriteAsync([.. hours.Select(_others.Of)], cancel);

    /// <inheritdoc/>
    public async Task<Page<StoredRecord>> SearchRecordsAsync(RecordQuery query, CancellationToken cancel)
    {
        var limit = StoreCursor.CheckLimit(query.Limit);
        var after = StoreCursor.Parse(query.Cursor);
        if (RecordSearch.Of(query) is not { } filter)
        {
            return new Page<StoredRecord>([], null);
        }

        var body = Body(filter, limit + 1, RecordSearch.Sort(("ticks", "desc"), ("record.source", "asc"), ("record.id", "asc")));
        if (after is not null)
        {
            body["search_after"] = new JsonArray(after.Ticks, after.Source, after.Id);
        }

        var items = Hits(await _client.SearchAsync(_names.Alias(IndexFamily.Records), body, cancel).ConfigureAwait(false)).Select(RecordDocument.Read).ToList();
        return Page(items, limit, last => new StoreCursor(last.Record.Published.UtcTicks, last.Record.Source, last.Record.Id));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HistogramBucket>> HistogramAsync(RecordQuery query, TimeSpan bucket, CancellationToken cancel)
    {
        if (bucket < TimeSpan.FromSeconds(1) || bucket.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            throw new StoreQueryException($"bucket must be a whole number of seconds, is {bucket:c}.");
        }

        if (RecordSearch.Of(query) is not { } filter)
        {
            return [];
        }

        var buckets = new List<HistogramBucket>();
        await foreach (var page in _client.PagesAsync(_names.Alias(IndexFamily.Records), RecordSearch.Histogram(filter, bucket, PageSize), Next, cancel).ConfigureAwait(false))
        {
            buckets.AddRange((page.Aggregations?.Times?.Buckets ?? []).Select(b => new HistogramBucket(
                DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), b.Key.Start)), b.DocCount, b.Negative?.DocCount ?? 0, b.LikelyFalse?.DocCount ?? 0)));
        }

        return buckets;

        bool Next(JsonObject body, SearchAnswer page)
        {
            if (page.Aggregations?.Times is not { AfterKey: { } key, Buckets: { } found } || found.Count < PageSize)
            {
                return false;
            }

            body["aggregations"]!["times"]!["composite"]!["after"] = JsonNode.Parse(key.GetRawText());
            return true;
        }
    }

    /// <inheritdoc/>
    public async Task<StoredRecord?> GetRecordAsync(string source, string id, CancellationToken cancel) =>
        (await GetAsync(IndexFamily.Records, RecordDocument.IdOf(source, id), cancel).ConfigureAwait(false)).Select(RecordDocument.Read).MaxBy(r => r.Version);

    /// <inheritdoc/>
    public async Task<Page<Alert>> SearchAlertsAsync(AlertQuery query, CancellationToken cancel)
    {
        var limit = StoreCursor.CheckLimit(query.Limit);
        var after = StoreCursor.Parse(query.Cursor);
        var body = Body(RecordSearch.Of(query), limit + 1, RecordSearch.Sort(("ticks", "desc"), ("id", "asc")));
        if (after is not null)
        {
            body["search_after"] = new JsonArray(after.Ticks, after.Id);
        }

        var items = Hits(await _client.SearchAsync(_names.Alias(IndexFamily.Alerts), body, cancel).ConfigureAwait(false)).Select(OtherDocuments.Alert).ToList();
        return Page(items, limit, last => new StoreCursor(last.RaisedAt.UtcTicks, "", last.Id));
    }

    /// <inheritdoc/>
    public async Task<Alert?> GetAlertAsync(string id, CancellationToken cancel) => (await GetAsync(IndexFamily.Alerts, id, cancel).ConfigureAwait(false)).Select(OtherDocuments.Alert).MaxBy(a => a.Version);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HistoryHour>> TrendAsync(SeriesId series, DateTimeOffset from, DateTimeOffset until, CancellationToken cancel)
    {
        var filters = new JsonArray(RecordSearch.Term("series", RecordDocument.SeriesOf(series)));
        RecordSearch.Between(filters, from, until);
        var body = Body(RecordSearch.All(filters), PageSize, RecordSearch.Sort(("ticks", "asc")));
        var hours = new List<HistoryHour>();
        await foreach (var page in _client.PagesAsync(_names.Alias(IndexFamily.Trends), body, After, cancel).ConfigureAwait(false))
        {
            hours.AddRange(Hits(page).Select(OtherDocuments.Hour));
        }

        return hours;
    }

    /// <inheritdoc/>
    public Task<long> PruneRecordsAsync(RecordCut cut, CancellationToken cancel) => _pruning.RecordsAsync(cut, cancel);

    /// <inheritdoc/>
    public Task<long> PruneAlertsAsync(DateTimeOffset before, CancellationToken cancel) => _pruning.AlertsAsync(before, cancel);

    /// <inheritdoc/>
    public Task<long> PruneTrendsAsync(DateTimeOffset before, CancellationToken cancel) => _pruning.TrendsAsync(before, cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes what was written visible to searches; for tests and benchmarks.</summary>
    internal async Task RefreshAsync(CancellationToken cancel)
    {
        foreach (var family in IndexNames.Monthly)
        {
            await _client.RefreshAsync(_names.Pattern(family), cancel).ConfigureAwait(false);
        }
    }

    private static JsonObject Body(JsonObject filter, int size, JsonArray sort) => new() { ["size"] = size, ["track_total_hits"] = false, ["query"] = filter, ["sort"] = sort };

    private static IReadOnlyList<Hit> Hits(SearchAnswer answer) => answer.Hits?.Hits ?? [];

    private static Page<T> Page<T>(List<T> items, int limit, Func<T, StoreCursor> cursor) =>
        items.Count <= limit ? new Page<T>(items, null) : new Page<T>(items[..limit], cursor(items[limit - 1]).ToString());

    private bool After(JsonObject body, SearchAnswer page)
    {
        var hits = Hits(page);
        if (hits.Count < PageSize || hits[^1].Sort is not { ValueKind: JsonValueKind.Array } sort)
        {
            return false;
        }

        body["search_after"] = JsonNode.Parse(sort.GetRawText());
        return true;
    }

    private async Task<IReadOnlyList<Hit>> GetAsync(IndexFamily family, string id, CancellationToken cancel)
    {
        var months = await _catalog.MonthsAsync(family, cancel).ConfigureAwait(false);
        return months.Count == 0 ? [] : await _client.GetManyAsync([.. months.Select(m => (m, id))], cancel).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<StoreRejection>> WriteAsync(List<BulkOperation> operations, CancellationToken cancel)
    {
        // Of several versions in one batch the last one counts; which of them arrives last would not matter, but each costs a write.
        var latest = operations.GroupBy(o => (o.Index, o.Id)).Select(g => g.MaxBy(o => o.Version)).ToList();
        return [.. (await _bulk.WriteAsync(latest, cancel).ConfigureAwait(false)).OrderBy(r => r.Tag).Select(r => new StoreRejection(r.Tag, r.Id, r.Reason))];
    }
}
