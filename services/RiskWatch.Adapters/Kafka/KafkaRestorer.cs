using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Kafka;

/// <summary>
/// Reads a partition's changelog back (LOG §1.2). The caller has asked for the committed offsets first, which waits for open transactions, and has then written
/// a barrier to the changelog; it is read read_committed until that barrier is passed. A broker that was frozen and does not know yet that it leads nothing any
/// more answers from what it had (the end of a partition, a group's offsets); the barrier stands in the true log alone, and so does what lies before it.
/// </summary>
/// <param name="options">How to reach Kafka.</param>
/// <param name="membership">Group and changelog; without a changelog the group's offsets alone count.</param>
/// <param name="logger">Told of offsets that are old.</param>
internal sealed class KafkaRestorer(KafkaOptions options, MembershipOptions membership, ILogger logger) : IDisposable
{
    private static readonly IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Nothing = new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>Key of a barrier; no value, so that compaction takes it away.</summary>
    public const string BarrierKey = "riskwatch/restored";

    // Key of the next input offset, written in the transaction of the state that it belongs to.
    private const string PositionKey = "riskwatch/position";

    // Milliseconds: the fetch that waits behind the last partition's end is what the next partition waits for.
    private const int OnePartitionAfterAnother = 50;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private IConsumer<byte[]?, byte[]?>? _reader;

    /// <summary>The entry that keeps how far the input was read beside the state that came of it.</summary>
    public static StateChange Position(int partition, long next) => new(partition, PositionKey, Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Where each partition goes on, and the state there.</summary>
    /// <param name="committed">The group's offsets.</param>
    /// <param name="mark">Writes a barrier to each of these partitions of the changelog, and gives its offset.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="TransientLogException">The client read nothing for as long as <see cref="KafkaOptions.Timeout"/>.</exception>
    public IEnumerable<(int Partition, long Position, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> State)> Restore(IReadOnlyList<TopicPartitionOffset> committed, Func<IReadOnlyList<int>, IReadOnlyDictionary<int, long>> mark, CancellationToken cancel)
    {
        var barriers = membership.StateTopic is null ? null : mark([.. committed.Select(c => c.Partition.Value)]);
        foreach (var offset in committed)
        {
            var partition = offset.Partition.Value;
            var group = offset.Offset.IsSpecial ? 0 : offset.Offset.Value;
            var (state, position) = barriers is null ? (Nothing, 0) : Read(membership.StateTopic!, partition, barriers[partition], cancel);
            if (position > group)
            {
                KafkaLog.OldOffset(logger, membership.Group, partition, group, position);
            }

            // Markers alone are passed without a word in the state.
            yield return (partition, Math.Max(position, group), state);
        }
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _reader = null;
    }

    // The state of a partition, and the input offset that it goes to: 0 where none was kept.
    private (IReadOnlyDictionary<string, ReadOnlyMemory<byte>> State, long Position) Read(string topic, int partition, long barrier, CancellationToken cancel)
    {
        var state = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var position = 0L;
        _reader ??= new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.Consumer(options, "riskwatch.restore", IsolationLevel.ReadCommitted, OnePartitionAfterAnother)).SetLogHandler((_, _) => { }).Build();
        _reader.Assign(new TopicPartitionOffset(options.Physical(topic), partition, Offset.Beginning));
        var progress = Stopwatch.StartNew();
        var next = 0L;
        while (next <= barrier)
        {
            cancel.ThrowIfCancellationRequested();
            if (_reader.Consume(Step) is not { } result)
            {
                if (progress.Elapsed > options.Timeout)
                {
                    Dispose();
                    throw new TransientLogException($"Nothing was read of {topic}/{partition} for {options.Timeout.TotalSeconds:F0} s, though it goes on.");
                }

                continue;
            }

            progress.Restart();
            if (result.IsPartitionEOF)
            {
                next = result.Offset.Value;
                continue;
            }

            next = result.Offset.Value + 1;
            var entry = KafkaClients.Read(options, result);
            switch (entry.Key)
            {
                case BarrierKey:
                    break;
                case PositionKey:
                    position = long.Parse(entry.Value!.Value.Span, CultureInfo.InvariantCulture);
                    break;
                case var key when entry.Value is { } value:
                    state[key ?? ""] = value;
                    break;
                case var key:
                    state.Remove(key ?? "");
                    break;
            }
        }

        _reader.Unassign();
        return (state, position);
    }
}
