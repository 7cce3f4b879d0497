using Confluent.Kafka;

namespace RiskWatch.Adapters.Kafka;

/// <summary>
/// Where partitions end and what groups have committed, asked by consumers that take no part in anything. Not by an admin client: librdkafka's requests for a
/// group's offsets end the process when the group's coordinator dies at the wrong moment (an assertion of 2.16, seen after kill -9 of a broker in three
/// processes out of seven; confluent-kafka-javascript#374 is another), and go on asking the old coordinator after it has moved; a consumer finds the new one.
/// </summary>
internal sealed class KafkaPositions(KafkaOptions options) : IDisposable
{
    private readonly Lock _asking = new();
    private readonly Dictionary<string, IConsumer<byte[]?, byte[]?>> _groups = new(StringComparer.Ordinal);
    private IConsumer<byte[]?, byte[]?>? _ends;
    private bool _disposed;

    /// <summary>The end of what is committed, for each partition.</summary>
    /// <exception cref="KafkaException">No answer within <paramref name="timeout"/>; that of <see cref="KafkaOptions.Timeout"/> where none is given.</exception>
    public IReadOnlyList<long> Ends(IEnumerable<TopicPartition> partitions, TimeSpan? timeout = null)
    {
        lock (_asking)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _ends ??= Make("riskwatch.ends", IsolationLevel.ReadCommitted);
            return [.. partitions.Select(p => KafkaOffsets.Query(_ends, p, timeout ?? options.Timeout).High.Value)];
        }
    }

    /// <summary>The group's next offset of each partition, 0 where it has committed none.</summary>
    /// <exception cref="KafkaException">No answer within <see cref="KafkaOptions.Timeout"/>.</exception>
    public IReadOnlyList<long> Committed(string group, IEnumerable<TopicPartition> partitions)
    {
        lock (_asking)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_groups.TryGetValue(group, out var consumer))
            {
                // A read_committed consumer would ask for the stable offsets: while a group commits again and again there is seldom a moment without a
                // transaction whose markers are being written.
                _groups[group] = consumer = Make(options.Physical(group), IsolationLevel.ReadUncommitted);
            }

            return [.. consumer.Committed(partitions, options.Timeout).Select(p => p.Offset.IsSpecial ? 0 : p.Offset.Value)];
        }
    }

    public void Dispose()
    {
        lock (_asking)
        {
            _disposed = true;
            _ends?.Dispose();
            foreach (var consumer in _groups.Values)
            {
                consumer.Dispose();
            }

            _groups.Clear();
        }
    }

    private IConsumer<byte[]?, byte[]?> Make(string group, IsolationLevel isolation) =>
        new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.Consumer(options, group, isolation)).SetLogHandler((_, _) => { }).Build();
}
