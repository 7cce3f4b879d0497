using RiskWatch.Contracts;
using RiskWatch.Core.Log;

namespace RiskWatch.Ingestion;

/// <summary>How far classification is behind on <c>records</c>.</summary>
/// <param name="log">The log.</param>
/// <param name="time">Clock for the age of what is known.</param>
/// <param name="maxAge">How old an answer may be: many small pushes must not each ask.</param>
internal sealed class Backpressure(IEventLog log, TimeProvider time, TimeSpan maxAge)
{
    private (long Lag, long At)? _known;

    /// <summary>Group of the stage that consumes records.</summary>
    public const string Group = "riskwatch.classification";

    /// <summary>Whether the log has reached the size at which the edge takes nothing more (LOG §8).</summary>
    public bool IsFull => log is ILogCapacity { Capacity.IsFull: true };

    /// <summary>Entries that it has not passed yet, over all partitions.</summary>
    public async Task<long> LagAsync(CancellationToken cancel)
    {
        if (_known is { } known && time.GetElapsedTime(known.At) < maxAge)
        {
            return known.Lag;
        }

        var ends = await log.EndOffsetsAsync(Topics.Records, cancel).ConfigureAwait(false);
        var committed = await log.CommittedOffsetsAsync(Group, Topics.Records, cancel).ConfigureAwait(false);
        var lag = 0L;
        for (var i = 0; i < ends.Count; i++)
        {
            lag += Math.Max(0, ends[i] - (i < committed.Count ? committed[i] : 0));
        }

        _known = (lag, time.GetTimestamp());
        return lag;
    }
}
