using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;

namespace RiskWatch.Indexing;

/// <summary>Scored records, deletions and revisions into the store.</summary>
internal sealed class IndexRecordsStage(IStore store) : IndexStage<RecordWrite>(Stage)
{
    public static StageDefinition Stage { get; } = new("indexing.records", Topics.Scored, HasState: false);

    protected override bool Read(LogMessage message, out RecordWrite write)
    {
        write = message.Type switch
        {
            EntryTypes.Scored => Write(Entries.Read(message, ContractsJson.Default.ScoredRecord)),
            EntryTypes.Revision => Write(Entries.Read(message, ContractsJson.Default.Revision)),
            _ => throw new PoisonException(message, DeadLetterReason.Malformed, $"'{message.Type}' is not a type of entry on {Topics.Scored}."),
        };
        return true;
    }

    protected override Task<IReadOnlyList<StoreRejection>> WriteAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancel) => store.WriteRecordsAsync(writes, cancel);

    private static RecordWrite Write(ScoredRecord scored) => new(
        scored.Record.Source, scored.Record.Id, scored.Version,
        scored.Assessment is null ? null : new StoredRecord(scored.Record, scored.Assessment, 0, null, scored.Version), null);

    private static RecordWrite Write(Revision revision) => new(revision.Source, revision.Id, revision.Version, null, revision);
}
