using RiskWatch.Core.Store;

namespace RiskWatch.Web.Live;

/// <summary>Reads an alert's example records from the store, as masked as they are stored.</summary>
internal sealed class ExemplarReader(IStore store)
{
    private const int Most = 20;

    /// <summary>The records in the order of their ids (<c>source/id</c>); null for those that are gone.</summary>
    public async Task<IReadOnlyList<(string Id, StoredRecord? Stored)>> ReadAsync(IReadOnlyList<string> ids, CancellationToken cancel)
    {
        List<(string, StoredRecord?)> records = [];
        foreach (var id in ids.Take(Most))
        {
            var slash = id.IndexOf('/', StringComparison.Ordinal);
            records.Add((id, slash < 0 ? null : await store.GetRecordAsync(id[..slash], id[(slash + 1)..], cancel)));
        }

        return records;
    }
}
