using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;

namespace RiskWatch.Indexing;

/// <summary>Closed hours of series into the store.</summary>
internal sealed class IndexTrendsStage(IStore store) : IndexStage<HistoryHour>(Stage)
{
    public static StageDefinition Stage { get; } = new("indexing.trends", Topics.History, HasState: false);

    protected override bool Read(LogMessage message, out HistoryHour write)
    {
        write = Entries.Read(message, ContractsJson.Default.HistoryHour);
        return true;
    }

    protected override Task<IReadOnlyList<StoreRejection>> WriteAsync(IReadOnlyList<HistoryHour> writes, CancellationToken cancel) => store.WriteTrendsAsync(writes, cancel);
}
