using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Kafka;

/// <summary>The idempotent producer for what is appended without a transaction. After a fatal error, which a client cannot get over, the next append has a new one.</summary>
internal sealed class KafkaAppender(KafkaOptions options, ILogger logger) : IDisposable
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private IProducer<byte[]?, byte[]?>? _producer;

    /// <summary>Appends; positions in the order of the outputs, for "all partitions" that of partition 0.</summary>
    /// <exception cref="KafkaException">Something was not appended, or it is not known.</exception>
    public async Task<IReadOnlyList<LogPosition>> AppendAsync(IReadOnlyList<LogOutput> outputs, Func<string, int> partitionsOf)
    {
        var positions = new LogPosition[outputs.Count];
        if (outputs.Count == 0)
        {
            return positions;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var open = outputs.Sum(o => o.Route == OutputRoute.ToAllPartitions ? partitionsOf(o.Topic) : 1);
        var producer = Producer();
        try
        {
            var headers = new KafkaHeaders(Activity.Current?.Id);
            for (var i = 0; i < outputs.Count; i++)
            {
                var index = i;
                KafkaRouting.Produce(options, producer, outputs[i], partitionsOf(outputs[i].Topic), headers, report => Delivered(report, index));
            }

            await done.Task.ConfigureAwait(false);
            return positions;
        }
        catch (KafkaException e) when (e.Error.IsFatal || e.Error.Code == ErrorCode.Local_Fatal)
        {
            Drop(producer);
            throw;
        }

        void Delivered(DeliveryReport<byte[]?, byte[]?> report, int index)
        {
            if (report.Error.IsError)
            {
                done.TrySetException(new KafkaException(report.Error));
            }
            else if (outputs[index].Route != OutputRoute.ToAllPartitions || report.Partition.Value == 0)
            {
                positions[index] = new LogPosition(outputs[index].Topic, report.Partition.Value, report.Offset.Value);
            }

            if (Interlocked.Decrement(ref open) == 0)
            {
                done.TrySetResult();
            }
        }
    }

    public void Dispose()
    {
        _producer?.Flush(LastWords);
        _producer?.Dispose();
    }

    private IProducer<byte[]?, byte[]?> Producer()
    {
        lock (_lock)
        {
            return _producer ??= new ProducerBuilder<byte[]?, byte[]?>(KafkaClients.Producer(options)).SetLogHandler((_, message) => KafkaLog.Client(logger, message.Facility, message.Message)).Build();
        }
    }

    private void Drop(IProducer<byte[]?, byte[]?> failed)
    {
        lock (_lock)
        {
            if (_producer == failed)
            {
                _producer = null;
                failed.Dispose();
            }
        }
    }
}
