using System.Text.Json.Nodes;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>Deletes what is too old: whole months as indices, the rest document by document and only in the version that was seen.</summary>
internal sealed class IndexPruning(ElasticClient client, IndexCatalog catalog, BulkWriter bulk, IndexNames names, TimeProvider time)
{
    private const int Step = 2_000;

    /// <summary>How long a deletion keeps its version, so that an older write cannot bring the record back (LOG §5.4).</summary>
    private static readonly TimeSpan TombstonesKept = TimeSpan.FromDays(7);

    /// <summary>Deletes records published before the cut.</summary>
    public async Task<long> RecordsAsync(RecordCut cut, CancellationToken cancel)
    {
        var filters = new JsonArray();
        RecordSearch.Between(filters, null, cut.Before);
        if (cut.Site is { } site)
        {
            filters.Add(RecordSearch.Term("record.site", site));
        }

        var filter = RecordSearch.All(filters);
        if (cut.Except.Count > 0)
        {
            ((JsonObject)filter["bool"]!)["must_not"] = new JsonArray(RecordSearch.Any("record.site", cut.Except));
        }

        var pruned = await MonthsAsync(IndexFamily.Records, cut.Before, filter, whole: cut.Site is null && cut.Except.Count == 0, cancel).ConfigureAwait(false);
        var old = new JsonArray();
        RecordSearch.Between(old, null, time.GetUtcNow() - TombstonesKept);
        await DocumentsAsync(IndexFamily.Deleted, names.Deleted, RecordSearch.All(old), cancel).ConfigureAwait(false);
        return pruned;
    }

    /// <summary>Deletes alerts that are over and changed last before a time.</summary>
    public Task<long> AlertsAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var over = Enum.GetValues<AlertStatus>().Where(s => s is not (AlertStatus.Open or AlertStatus.Provisional));
        var filters = new JsonArray(
            RecordSearch.Any("status", [.. over.Select(RecordSearch.Json)]), new JsonObject { ["range"] = new JsonObject { ["updated"] = new JsonObject { ["lt"] = before.UtcTicks } } });
        return MonthsAsync(IndexFamily.Alerts, before, RecordSearch.All(filters), whole: false, cancel);
    }

    /// <summary>Deletes hours of series before a time.</summary>
    public Task<long> TrendsAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var filters = new JsonArray();
        RecordSearch.Between(filters, null, before);
        return MonthsAsync(IndexFamily.Trends, before, RecordSearch.All(filters), whole: true, cancel);
    }

    private async Task<long> MonthsAsync(IndexFamily family, DateTimeOffset before, JsonObject filter, bool whole, CancellationToken cancel)
    {
        var pruned = 0L;
        foreach (var index in await catalog.MonthsAsync(family, cancel).ConfigureAwait(false))
        {
            var start = names.StartOf(family, index)!.Value;
            if (start >= before)
            {
                continue;
            }

            await client.RefreshAsync(index, cancel).ConfigureAwait(false);
            var past = start.AddMonths(1) <= before;
            pruned += whole && past ? await client.CountAsync(index, cancel).ConfigureAwait(false) : await DocumentsAsync(family, index, filter, cancel).ConfigureAwait(false);
            if (past && (whole || await client.CountAsync(index, cancel).ConfigureAwait(false) == 0))
            {
                await client.DeleteIndexAsync(index, cancel).ConfigureAwait(false);
                catalog.Forget(index);
            }
        }

        return pruned;
    }

    private async Task<long> DocumentsAsync(IndexFamily family, string index, JsonObject filter, CancellationToken cancel)
    {
        var pruned = 0L;
        while (true)
        {
            await client.RefreshAsync(index, cancel).ConfigureAwait(false);
            var body = new JsonObject { ["size"] = Step, ["track_total_hits"] = false, ["_source"] = false, ["version"] = true, ["query"] = filter.DeepClone(), ["sort"] = new JsonArray("_doc") };
            var hits = (await client.SearchAsync(index, body, cancel).ConfigureAwait(false)).Hits?.Hits ?? [];
            if (hits.Count == 0)
            {
                return pruned;
            }

            await bulk.WriteAsync([.. hits.Select((hit, i) => new BulkOperation(i, family, index, hit.Id, hit.Version ?? 0, null, OrEqual: true))], cancel).ConfigureAwait(false);
            pruned += hits.Count;
        }
    }
}
