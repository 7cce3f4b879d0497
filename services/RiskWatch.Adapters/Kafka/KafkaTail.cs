using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using RiskWatch.Core.Log;
using LogMessage = RiskWatch.Core.Log.LogMessage;

namespace RiskWatch.Adapters.Kafka;

/// <summary>Follows all partitions of a topic without a group, committed entries only.</summary>
internal sealed class KafkaTail : ILogTail
{
    private const int LargestRead = 10_000;

    private readonly KafkaOptions _options;
    private readonly string _topic;
    private IConsumer<byte[]?, byte[]?> _consumer;
    private readonly KafkaThread _thread;
    private readonly Dictionary<int, long> _behind = [];
    private readonly KafkaWatch _watch;
    private readonly ILogger _logger;
    private readonly Dictionary<int, long> _next = [];

    public KafkaTail(KafkaOptions options, string topic, int partitions, bool fromBeginning, KafkaPositions ends, ILogger logger)
    {
        _options = options;
        _topic = topic;
        _logger = logger;
        _watch = new KafkaWatch(options.Physical(topic), ends, logger);
        _consumer = Make();
        // A commit has returned before its markers stand in every partition, so the last stable offset may lie before what is committed:
        // caught up means past the end that counts open transactions too. Who starts at the end starts before them.
        using var open = fromBeginning
            ? new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.Consumer(options, "riskwatch.ends", IsolationLevel.ReadUncommitted)).Build()
            : null;
        for (var p = 0; p < partitions; p++)
        {
            var at = new TopicPartition(options.Physical(topic), p);
            var found = KafkaOffsets.Query(open ?? _consumer, at, options.Timeout);
            _next[p] = (fromBeginning ? found.Low : found.High).Value;
            if (fromBeginning && found.High.Value > found.Low.Value)
            {
                _behind[p] = found.High.Value;
            }
        }

        Assign();
        _thread = new KafkaThread("kafka tail " + topic);
    }

    public bool CaughtUp => _behind.Count == 0;

    public Task<IReadOnlyList<LogMessage>> ReadAsync(TimeSpan maxWait, CancellationToken cancel) => _thread.RunAsync<IReadOnlyList<LogMessage>>(() => Read(maxWait, cancel), cancel);

    public async ValueTask DisposeAsync() => await _thread.EndAsync(() => _consumer.Dispose()).ConfigureAwait(false);

    /// <summary>Makes the client read no more, without a word; for tests.</summary>
    internal void StopReading() => _consumer.Pause(_consumer.Assignment);

    private IConsumer<byte[]?, byte[]?> Make() => new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.Consumer(_options, "riskwatch.tail", IsolationLevel.ReadCommitted))
        .SetLogHandler((_, message) => KafkaLog.Client(_logger, message.Facility, message.Message)).Build();

    private void Assign() => _consumer.Assign(_next.Select(n => new TopicPartitionOffset(_options.Physical(_topic), n.Key, n.Value)));

    private List<LogMessage> Read(TimeSpan maxWait, CancellationToken cancel)
    {
        var messages = new List<LogMessage>();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            while (messages.Count < LargestRead)
            {
                cancel.ThrowIfCancellationRequested();
                var left = messages.Count > 0 ? TimeSpan.Zero : maxWait - clock.Elapsed;
                var result = _consumer.Consume(left <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Min(100, left.TotalMilliseconds)));
                if (result is null)
                {
                    if (messages.Count == 0 && !_watch.Look(_consumer, _next))
                    {
                        _watch.Forget();
                        _consumer.Dispose();
                        _consumer = Make();
                        Assign();
                    }

                    if (left <= TimeSpan.Zero)
                    {
                        break;
                    }

                    continue;
                }

                var next = result.Offset.Value;
                if (!result.IsPartitionEOF && next < _next.GetValueOrDefault(result.Partition.Value))
                {
                    // After a leader moved, the client may fetch again from where it once began.
                    continue;
                }

                if (!result.IsPartitionEOF)
                {
                    messages.Add(KafkaClients.Read(_options, result));
                    next++;
                }

                _next[result.Partition.Value] = next;

                if (_behind.TryGetValue(result.Partition.Value, out var end) && next >= end)
                {
                    _behind.Remove(result.Partition.Value);
                }
            }
        }
        catch (KafkaException e)
        {
            // What was taken before does not come again: it is given out, and an error that stays is met by the next read.
            if (messages.Count == 0)
            {
                throw KafkaErrors.Translate(e, $"following {_topic}");
            }
        }

        return messages;
    }
}
