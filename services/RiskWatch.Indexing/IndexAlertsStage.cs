using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;

namespace RiskWatch.Indexing;

/// <summary>Alerts into the store; how far sites are decided is not kept there.</summary>
internal sealed class IndexAlertsStage(IStore store) : IndexStage<Alert>(Stage)
{
    public static StageDefinition Stage { get; } = new("indexing.alerts", Topics.Alerts, HasState: false);

    protected override bool Read(LogMessage message, out Alert write)
    {
        var kept = message.Type == EntryTypes.Alert && message.Value is not null;
        write = kept ? Entries.Read(message, ContractsJson.Default.Alert) : null!;
        return kept;
    }

    protected override Task<IReadOnlyList<StoreRejection>> WriteAsync(IReadOnlyList<Alert> writes, CancellationToken cancel) => store.WriteAlertsAsync(writes, cancel);
}
