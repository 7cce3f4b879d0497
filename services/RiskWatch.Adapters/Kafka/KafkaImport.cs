using Confluent.Kafka;
using Confluent.Kafka.Admin;
using RiskWatch.Core.Log;
using LogMessage = RiskWatch.Core.Log.LogMessage;

namespace RiskWatch.Adapters.Kafka;

/// <summary>
/// Writes entries as they were, with partition, ingest time, type and schema version, and without transactions: on a topic that nobody else writes to, the
/// next offset is then the number of entries written, which is what a migration that was interrupted goes on from.
/// </summary>
internal sealed class KafkaImport : IDisposable
{
    private readonly KafkaOptions _options;
    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private Error? _failure;

    public KafkaImport(KafkaOptions options)
    {
        _options = options;
        var config = KafkaClients.Producer(options);
        config.LingerMs = 20;
        _producer = new ProducerBuilder<byte[]?, byte[]?>(config).Build();
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.Consumer(options, "riskwatch.migration", IsolationLevel.ReadUncommitted)).Build();
    }

    /// <summary>First and next offset of a partition.</summary>
    public (long First, long Next) Ends(string topic, int partition)
    {
        var found = KafkaOffsets.Query(_consumer, new TopicPartition(_options.Physical(topic), partition), _options.Timeout);
        return (found.Low.Value, found.High.Value);
    }

    /// <summary>Writes one entry; durable after <see cref="Flush"/>.</summary>
    public void Add(LogMessage entry)
    {
        Check();
        KafkaRouting.Enqueue(_producer, new TopicPartition(_options.Physical(entry.Topic), entry.Partition), KafkaClients.Message(entry), Delivered);
    }

    /// <summary>Waits until everything is durable.</summary>
    /// <exception cref="TransientLogException">Something is not; start again.</exception>
    public void Flush(CancellationToken cancel)
    {
        _producer.Flush(cancel);
        Check();
    }

    /// <summary>What a partition holds.</summary>
    public IEnumerable<LogMessage> Read(string topic, int partition, CancellationToken cancel)
    {
        var (first, next) = Ends(topic, partition);
        if (next <= first)
        {
            yield break;
        }

        _consumer.Assign(new TopicPartitionOffset(_options.Physical(topic), partition, first));
        try
        {
            while (true)
            {
                var result = _consumer.Consume(cancel);
                if (result.IsPartitionEOF)
                {
                    if (result.Offset.Value >= next)
                    {
                        yield break;
                    }

                    continue;
                }

                yield return KafkaClients.Read(_options, result);
                if (result.Offset.Value + 1 >= next)
                {
                    yield break;
                }
            }
        }
        finally
        {
            _consumer.Unassign();
        }
    }

    /// <summary>Puts a group, which nobody may be in, at these offsets.</summary>
    public async Task PlaceAsync(string group, string topic, IReadOnlyList<long> next, CancellationToken cancel)
    {
        using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        try
        {
            await admin.AlterConsumerGroupOffsetsAsync(
                [new ConsumerGroupTopicPartitionOffsets(_options.Physical(group), [.. next.Select((offset, p) => new TopicPartitionOffset(_options.Physical(topic), p, offset))])],
                new AlterConsumerGroupOffsetsOptions { RequestTimeout = _options.Timeout }).WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            throw KafkaErrors.Translate(e, $"placing group {group}");
        }
    }

    public void Dispose()
    {
        _producer.Dispose();
        _consumer.Dispose();
    }

    private void Delivered(DeliveryReport<byte[]?, byte[]?> report)
    {
        if (report.Error.IsError)
        {
            _failure ??= report.Error;
        }
    }

    private void Check()
    {
        if (_failure is { } failure)
        {
            throw KafkaErrors.Translate(new KafkaException(failure), "writing the history");
        }
    }
}
