using RiskWatch.Contracts;
using RiskWatch.Core.Log;

namespace RiskWatch.Ingestion;

/// <summary>How far classification is behind on <c>records</c>.</summary>
internal sealed class Backpressure(IEventLog log)
{
    /// <summary>Group of the stage that consumes records.</summary>
    public const string Group = "riskwatch.classification";

    /// <summary>Entries that it has not passed yet, over all partitions.</summary>
    public async Task<long> LagAsync(CancellationToken cancel)
    {
        var ends = await log.EndOffsetsAsync(Topics.Records, cancel).ConfigureAwait(false);
        var committed = await log.CommittedOffsetsAsync(Group, Topics.Records, cancel).ConfigureAwait(false);
        var lag = 0L;
        for (var i = 0; i < ends.Count; i++)
        {
            lag += Math.Max(0, ends[i] - (i < committed.Count ? committed[i] : 0));
        }

        return lag;
    }
}
