using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace RiskWatch.Adapters.Kafka;

/// <summary>
/// Notices that a client has stopped reading a partition without a word, as librdkafka#4492 has it after a partition's leader moved: entries are there, and the
/// client is idle. It is made to begin anew from where it stands. Seen twice in chaos runs, where slowness may have been all it was.
/// </summary>
/// <param name="topic">Topic on the cluster.</param>
/// <param name="ends">Says where partitions end, by a client of its own: a question that nobody answers in time would cost the watched client its connection.</param>
/// <param name="logger">Told of what was found.</param>
internal sealed class KafkaWatch(string topic, KafkaPositions ends, ILogger logger)
{
    // Looks, of which the first finds entries and the second finds the client at the same place.
    private const int StoodStill = 2;
    private const int Hopeless = 4;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    private readonly Dictionary<int, (long Position, int Looks)> _stood = [];
    private long _looked = Stopwatch.GetTimestamp();
    private Task<IReadOnlyList<TopicPartitionOffset>>? _asked;

    /// <summary>Looks, if it is time to; for a client that has just said that it has nothing.</summary>
    /// <param name="consumer">The client.</param>
    /// <param name="positions">Next offset of each partition that it reads.</param>
    /// <returns>False where beginning anew did not help: the client itself must be made anew.</returns>
    public bool Look(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyDictionary<int, long> positions)
    {
        if (_asked is { IsCompleted: true } asked)
        {
            _asked = null;
            if (asked.IsCompletedSuccessfully)
            {
                foreach (var end in asked.Result.Where(end => positions.ContainsKey(end.Partition.Value)))
                {
                    Compare(consumer, end, positions[end.Partition.Value]);
                }
            }
        }
        else if (_asked is null && positions.Count > 0 && Stopwatch.GetElapsedTime(_looked) >= Between)
        {
            _looked = Stopwatch.GetTimestamp();
            TopicPartition[] partitions = [.. positions.Keys.Select(p => new TopicPartition(topic, p))];
            _asked = Task.Factory.StartNew(() => Ask(partitions), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        return _stood.Values.All(s => s.Looks < Hopeless);
    }

    /// <summary>Forgets what was seen: the client was made anew.</summary>
    public void Forget()
    {
        _stood.Clear();
        _asked = null;
    }

    // Who does not answer cannot be read from either; the next look asks again.
    private IReadOnlyList<TopicPartitionOffset> Ask(TopicPartition[] partitions)
    {
        try
        {
            return [.. partitions.Zip(ends.Ends(partitions, Answer), (partition, end) => new TopicPartitionOffset(partition, end))];
        }
        catch (Exception e) when (e is KafkaException or ObjectDisposedException)
        {
            return [];
        }
    }

    private void Compare(IConsumer<byte[]?, byte[]?> consumer, TopicPartitionOffset end, long position)
    {
        var partition = end.Partition.Value;
        if (end.Offset.Value <= position)
        {
            _stood.Remove(partition);
            return;
        }

        var looks = _stood.TryGetValue(partition, out var before) && before.Position == position ? before.Looks + 1 : 1;
        _stood[partition] = (position, looks);
        if (looks == StoodStill)
        {
            KafkaLog.StoodStill(logger, topic, partition, position);
            consumer.Seek(new TopicPartitionOffset(end.TopicPartition, position));
        }
    }
}
