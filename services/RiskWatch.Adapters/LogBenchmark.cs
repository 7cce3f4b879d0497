using RiskWatch.Core.Log;

namespace RiskWatch.Adapters;

/// <summary>What <see cref="LogBenchmark"/> measured.</summary>
/// <param name="Entries">Entries written, and read.</param>
/// <param name="EntryBytes">Size of a value, in bytes.</param>
/// <param name="BatchSize">Entries of an append or a commit.</param>
/// <param name="AppendRecordsPerSecond">Appended, one batch after another.</param>
/// <param name="AppendP50Milliseconds">Median of an append.</param>
/// <param name="AppendP99Milliseconds">99th percentile of an append.</param>
/// <param name="ConsumeRecordsPerSecond">Read, copied to another topic and committed with a state change, by one member.</param>
/// <param name="CommitP50Milliseconds">Median of a commit.</param>
/// <param name="CommitP99Milliseconds">99th percentile of a commit.</param>
/// <param name="ReadRecordsPerSecond">Read by a tail, without a group.</param>
public sealed record LogBenchmarkResult(
    int Entries,
    int EntryBytes,
    int BatchSize,
    double AppendRecordsPerSecond,
    double AppendP50Milliseconds,
    double AppendP99Milliseconds,
    double ConsumeRecordsPerSecond,
    double CommitP50Milliseconds,
    double CommitP99Milliseconds,
    double ReadRecordsPerSecond);

/// <summary>Measures any event log with one writer and one reader; on topics of its own, which stay.</summary>
public sealed class LogBenchmark(IEventLog log, TimeProvider time)
{
    private const int Partitions = 4;

    /// <summary>Runs it.</summary>
    /// <param name="entries">Entries; rounded up to whole batches.</param>
    /// <param name="entryBytes">Bytes of a value.</param>
    /// <param name="batchSize">Entries of an append or a commit.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<LogBenchmarkResult> RunAsync(int entries, int entryBytes, int batchSize, CancellationToken cancel)
    {
        var run = "riskwatch.bench." + Guid.NewGuid().ToString("N")[..8];
        var (input, output, state) = (run + ".in", run + ".out", run + ".state");
        await log.EnsureTopicsAsync([new TopicDefinition(input, Partitions), new TopicDefinition(output, Partitions), new TopicDefinition(state, Partitions, TopicCleanup.Compact)], cancel).ConfigureAwait(false);
        var batches = Math.Max(1, (entries + batchSize - 1) / batchSize);
        var (appends, appending) = await AppendAsync(input, batches, batchSize, entryBytes, cancel).ConfigureAwait(false);
        var (commits, consuming) = await ConsumeAsync(new MembershipOptions(run, input, state, "bench/0"), output, batches * batchSize, batchSize, cancel).ConfigureAwait(false);
        var reading = await ReadAsync(output, batches * batchSize, cancel).ConfigureAwait(false);
        var total = batches * batchSize;
        return new LogBenchmarkResult(
            total,
            entryBytes,
            batchSize,
            total / appending.TotalSeconds,
            Percentile(appends, 0.5),
            Percentile(appends, 0.99),
            total / consuming.TotalSeconds,
            Percentile(commits, 0.5),
            Percentile(commits, 0.99),
            total / reading.TotalSeconds);
    }

    private async Task<(List<TimeSpan> Each, TimeSpan All)> AppendAsync(string topic, int batches, int batchSize, int entryBytes, CancellationToken cancel)
    {
        // Not compressible, so that no log has it easier than another.
        var value = new byte[entryBytes];
        new Random(1).NextBytes(value);
        var each = new List<TimeSpan>(batches);
        var started = time.GetTimestamp();
        for (var batch = 0; batch < batches; batch++)
        {
            var outputs = new LogOutput[batchSize];
            for (var i = 0; i < batchSize; i++)
            {
                outputs[i] = new LogOutput(topic, $"source/{(batch * batchSize) + i}", "bench", value);
            }

            var at = time.GetTimestamp();
            await log.AppendAsync(outputs, cancel).ConfigureAwait(false);
            each.Add(time.GetElapsedTime(at));
        }

        return (each, time.GetElapsedTime(started));
    }

    private async Task<(List<TimeSpan> Each, TimeSpan All)> ConsumeAsync(MembershipOptions membership, string output, int total, int batchSize, CancellationToken cancel)
    {
        await using var member = log.Join(membership);
        var each = new List<TimeSpan>();
        var read = 0;
        long started = 0;
        while (read < total)
        {
            var batch = await member.ReadAsync(batchSize, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(50), cancel).ConfigureAwait(false);
            if (batch.Messages.Count == 0)
            {
                continue;
            }

            // Joining a group is not what is measured.
            started = started == 0 ? time.GetTimestamp() : started;
            var outputs = new LogOutput[batch.Messages.Count];
            for (var i = 0; i < outputs.Length; i++)
            {
                outputs[i] = new LogOutput(output, batch.Messages[i].Key, batch.Messages[i].Type, batch.Messages[i].Value);
            }

            var at = time.GetTimestamp();
            await batch.CommitAsync(outputs, [new StateChange(batch.Messages[0].Partition, "count", BitConverter.GetBytes(read))], cancel).ConfigureAwait(false);
            each.Add(time.GetElapsedTime(at));
            read += outputs.Length;
        }

        return (each, time.GetElapsedTime(started));
    }

    private async Task<TimeSpan> ReadAsync(string topic, int total, CancellationToken cancel)
    {
        await using var tail = log.Tail(topic, fromBeginning: true);
        var started = time.GetTimestamp();
        for (var read = 0; read < total;)
        {
            read += (await tail.ReadAsync(TimeSpan.FromSeconds(1), cancel).ConfigureAwait(false)).Count;
        }

        return time.GetElapsedTime(started);
    }

    private static double Percentile(List<TimeSpan> times, double share)
    {
        var sorted = times.Order().ToList();
        return sorted[(int)Math.Ceiling(share * sorted.Count) - 1].TotalMilliseconds;
    }
}
