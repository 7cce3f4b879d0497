using System.Text;
using RiskWatch.Core.Places;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>
/// Writes a batch of records: what is known of each is folded first, so that every document is written once. Deletions stand in an index of their own for
/// seven days and are sent to every month kept; a revision reads the stored document, in the month it names first, then in all (LOG §5.4–5.5).
/// </summary>
internal sealed class RecordWriting(ElasticClient client, IndexCatalog catalog, BulkWriter bulk, IndexNames names, IGazetteer gazetteer, TimeProvider time)
{
    private readonly RecordDocument _documents = new(gazetteer);

    /// <summary>Writes all, in order.</summary>
    public async Task<IReadOnlyList<StoreRejection>> WriteAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancel)
    {
        var states = new Dictionary<(string Source, string Id), RecordState>();
        foreach (var write in writes)
        {
            states.TryAdd((write.Source, write.Id), new RecordState(write.Source, write.Id));
        }

        await HoldDeletionsAsync(states.Values, cancel).ConfigureAwait(false);
        await HoldDocumentsAsync(states, writes, cancel).ConfigureAwait(false);
        for (var i = 0; i < writes.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            states[(writes[i].Source, writes[i].Id)].Apply(writes[i], i);
        }

        var rejections = new List<BulkRejection>();
        var deleted = states.Values.Where(s => s.DeletedBy is not null).ToList();
        if (deleted.Count > 0)
        {
            // First that it is deleted, then the deletion: should this process end in between, an older write cannot come back.
            rejections.AddRange(await bulk.WriteAsync([.. deleted.Select(Deletion)], cancel).ConfigureAwait(false));
            var months = await catalog.MonthsAsync(IndexFamily.Records, cancel).ConfigureAwait(false);
            rejections.AddRange(await bulk.WriteAsync(
                [.. deleted.SelectMany(s => months.Select(m => new BulkOperation(s.DeletedBy!.Value, IndexFamily.Records, m, RecordDocument.IdOf(s.Source, s.Id), s.DeletedVersion, null)))], cancel).ConfigureAwait(false));
        }

        var tokens = new StringBuilder();
        rejections.AddRange(await bulk.WriteAsync([.. states.Values.Where(s => s.WrittenBy is not null).Select(s => Upsert(s, tokens))], cancel).ConfigureAwait(false));
        return [.. rejections.DistinctBy(r => r.Tag).OrderBy(r => r.Tag).Select(r => new StoreRejection(r.Tag, r.Id, r.Reason))];
    }

    private BulkOperation Upsert(RecordState state, StringBuilder tokens)
    {
        var document = state.Document!;
        return new BulkOperation(
            state.WrittenBy!.Value, IndexFamily.Records, state.Index ?? names.Month(IndexFamily.Records, document.Record.Published), RecordDocument.IdOf(state.Source, state.Id), document.Version,
            json => _documents.Write(json, document, tokens));
    }

    private BulkOperation Deletion(RecordState state)
    {
        var now = time.GetUtcNow().UtcTicks;
        return new BulkOperation(state.DeletedBy!.Value, IndexFamily.Deleted, names.Deleted, RecordDocument.IdOf(state.Source, state.Id), state.DeletedVersion, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("ticks"u8, now);
            json.WriteEndObject();
        });
    }

    private async Task HoldDeletionsAsync(IEnumerable<RecordState> states, CancellationToken cancel)
    {
        var byId = states.ToDictionary(s => RecordDocument.IdOf(s.Source, s.Id), StringComparer.Ordinal);
        foreach (var hit in await client.GetManyAsync([.. byId.Keys.Select(id => (names.Deleted, id))], cancel).ConfigureAwait(false))
        {
            byId[hit.Id].Hold(null, null, hit.Version);
        }
    }

    private async Task HoldDocumentsAsync(Dictionary<(string Source, string Id), RecordState> states, IReadOnlyList<RecordWrite> writes, CancellationToken cancel)
    {
        var revised = new Dictionary<string, (RecordState State, string Month)>(StringComparer.Ordinal);
        foreach (var write in writes)
        {
            if (write.Revision is { } revision)
            {
                revised[RecordDocument.IdOf(write.Source, write.Id)] = (states[(write.Source, write.Id)], names.Month(IndexFamily.Records, revision.Published));
            }
        }

        if (revised.Count == 0)
        {
            return;
        }

        await HoldAsync([.. revised.Select(r => (r.Value.Month, r.Key))]).ConfigureAwait(false);
        var missing = revised.Where(r => r.Value.State.Document is null).ToList();
        if (missing.Count > 0)
        {
            var months = await catalog.MonthsAsync(IndexFamily.Records, cancel).ConfigureAwait(false);
            await HoldAsync([.. missing.SelectMany(r => months.Where(m => m != r.Value.Month).Select(m => (m, r.Key)))]).ConfigureAwait(false);
        }

        async Task HoldAsync(List<(string Index, string Id)> ids)
        {
            foreach (var hit in await client.GetManyAsync(ids, cancel).ConfigureAwait(false))
            {
                revised[hit.Id].State.Hold(RecordDocument.Read(hit), hit.Index, null);
            }
        }
    }
}
