using System.Collections.Concurrent;
using Confluent.Kafka;

namespace RiskWatch.Adapters.Kafka;

/// <summary>
/// Where partitions end and what groups have committed, asked by consumers that take no part in anything. Not by an admin client: librdkafka's requests for a
/// group's offsets end the process when the group's coordinator dies at the wrong moment (an assertion of 2.16, seen after kill -9 of a broker in three
/// processes out of seven; confluent-kafka-javascript#374 is another), and go on asking the old coordinator after it has moved; a consumer finds the new one.
/// </summary>
internal sealed class KafkaPositions(KafkaOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<string, Asker> _groups = new(StringComparer.Ordinal);
    private readonly Asker _ends = new(options, "riskwatch.ends", IsolationLevel.ReadCommitted);

    /// <summary>The end of what is committed, for each partition.</summary>
    /// <exception cref="KafkaException">No answer within <paramref name="timeout"/>; that of <see cref="KafkaOptions.Timeout"/> where none is given.</exception>
    public IReadOnlyList<long> Ends(IEnumerable<TopicPartition> partitions, TimeSpan? timeout = null) =>
        _ends.Ask<IReadOnlyList<long>>(consumer => [.. partitions.Select(p => KafkaOffsets.Query(consumer, p, timeout ?? options.Timeout).High.Value)]);

    /// <summary>The group's next offset of each partition, 0 where it has committed none.</summary>
    /// <exception cref="KafkaException">No answer within <see cref="KafkaOptions.Timeout"/>.</exception>
    public IReadOnlyList<long> Committed(string group, IEnumerable<TopicPartition> partitions)
    {
        // A read_committed consumer would ask for the stable offsets: while a group commits again and again there is seldom a moment without a
        // transaction whose markers are being written.
        var asker = _groups.GetOrAdd(group, name => new Asker(options, options.Physical(name), IsolationLevel.ReadUncommitted));
        return asker.Ask<IReadOnlyList<long>>(consumer => [.. consumer.Committed(partitions, options.Timeout).Select(p => p.Offset.IsSpecial ? 0 : p.Offset.Value)]);
    }

    public void Dispose()
    {
        _ends.Dispose();
        foreach (var asker in _groups.Values)
        {
            asker.Dispose();
        }
    }

    // One lock each: a group whose coordinator does not answer holds up nobody who asks for another.
    private sealed class Asker(KafkaOptions options, string group, IsolationLevel isolation) : IDisposable
    {
        private readonly Lock _asking = new();
        private IConsumer<byte[]?, byte[]?>? _consumer;
        private bool _disposed;

        public T Ask<T>(Func<IConsumer<byte[]?, byte[]?>, T> question)
        {
            lock (_asking)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return question(_consumer ??= new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.Consumer(options, group, isolation)).SetLogHandler((_, _) => { }).Build());
            }
        }

        public void Dispose()
        {
            lock (_asking)
            {
                _disposed = true;
                _consumer?.Dispose();
            }
        }
    }
}
