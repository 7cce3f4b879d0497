using Confluent.Kafka;

namespace RiskWatch.Adapters.Kafka;

/// <summary>
/// Reads a partition's changelog back (LOG §1.2). The caller has asked for the committed offsets first, which waits for open transactions; then the
/// changelog's read_uncommitted end is taken, and it is read read_committed until that end is passed. The last stable offset alone would lose the state of
/// a transaction that a frozen predecessor still commits.
/// </summary>
internal sealed class KafkaRestorer(KafkaOptions options) : IDisposable
{
    // Milliseconds: the fetch that waits behind the last partition's end is what the next partition waits for.
    private const int OnePartitionAfterAnother = 50;

    private readonly IConsumer<byte[]?, byte[]?> _ends = new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.Consumer(options, "riskwatch.ends", IsolationLevel.ReadUncommitted)).Build();
    private readonly IConsumer<byte[]?, byte[]?> _reader = new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.Consumer(options, "riskwatch.restore", IsolationLevel.ReadCommitted, OnePartitionAfterAnother)).Build();

    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Read(string topic, int partition, CancellationToken cancel)
    {
        var at = new TopicPartition(options.Physical(topic), partition);
        var end = KafkaOffsets.Query(_ends, at, options.Timeout).High.Value;
        var state = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        if (end == 0)
        {
            return state;
        }

        _reader.Assign(new TopicPartitionOffset(at, Offset.Beginning));
        try
        {
            while (true)
            {
                var result = _reader.Consume(cancel);
                if (result.IsPartitionEOF)
                {
                    if (result.Offset.Value >= end)
                    {
                        return state;
                    }

                    continue;
                }

                var entry = KafkaClients.Read(options, result);
                if (entry.Value is { } value)
                {
                    state[entry.Key ?? ""] = value;
                }
                else
                {
                    state.Remove(entry.Key ?? "");
                }

                if (result.Offset.Value + 1 >= end)
                {
                    return state;
                }
            }
        }
        finally
        {
            _reader.Unassign();
        }
    }

    public void Dispose()
    {
        _ends.Dispose();
        _reader.Dispose();
    }
}
