using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Kafka;

/// <summary>
/// One transactional producer: outputs, changelog and offsets in one transaction (KIP-98, KIP-447). Its calls are made on a thread of its own,
/// with a limit: after broker deaths, members stood silent with their threads inside such calls, past every time-out of ours. Such a producer is left behind; the next of its transactional id
/// fences it, so that nothing it may still do counts.
/// </summary>
internal sealed class KafkaTransactions : IDisposable
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    // A coordinator that cannot be asked aborts by itself, or for the next producer of this id.
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(2);

    // Beyond a call's own time-out.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly KafkaOptions _options;
    private readonly ILogger _logger;
    private readonly string _transactionalId;
    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly KafkaThread _thread;
    private bool _open;

    public KafkaTransactions(KafkaOptions options, string transactionalId, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _transactionalId = transactionalId;
        _thread = new KafkaThread("kafka transactions " + transactionalId);
        _producer = new ProducerBuilder<byte[]?, byte[]?>(KafkaClients.TransactionalProducer(options, transactionalId))
            .SetLogHandler((_, message) => KafkaLog.Client(logger, message.Facility, message.Message)).Build();
        try
        {
            Bounded(() => _producer.InitTransactions(options.Timeout), options.Timeout);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Outputs, changelog and offsets, all or nothing.</summary>
    public void Commit(IReadOnlyList<LogOutput> outputs, IReadOnlyList<StateChange> changes, string? stateTopic, Func<string, int> partitionsOf, IReadOnlyList<TopicPartitionOffset> offsets, IConsumerGroupMetadata group, string? trace) => Within(clock =>
    {
        var headers = new KafkaHeaders(trace);
        foreach (var output in outputs)
        {
            KafkaRouting.Produce(_options, _producer, output, partitionsOf(output.Topic), headers);
        }

        foreach (var change in changes)
        {
            KafkaRouting.Enqueue(_producer, new TopicPartition(_options.Physical(stateTopic!), change.Partition), new Message<byte[]?, byte[]?> { Key = Encoding.UTF8.GetBytes(change.Key), Value = KafkaClients.Array(change.Value) });
        }

        if (offsets.Count > 0)
        {
            Retrying(left => _producer.SendOffsetsToTransaction(offsets, group, left), clock);
        }
    });

    /// <summary>Writes a barrier to each of these partitions of a changelog.</summary>
    /// <returns>Its offset, by partition.</returns>
    public IReadOnlyDictionary<int, long> Mark(string stateTopic, IReadOnlyCollection<int> partitions)
    {
        var offsets = new ConcurrentDictionary<int, long>();
        Within(_ =>
        {
            foreach (var partition in partitions)
            {
                var barrier = new Message<byte[]?, byte[]?> { Key = Encoding.UTF8.GetBytes(KafkaRestorer.BarrierKey) };
                KafkaRouting.Enqueue(_producer, new TopicPartition(_options.Physical(stateTopic), partition), barrier, report => offsets[report.Partition.Value] = report.Offset.Value);
            }
        });
        return offsets.Count == partitions.Count ? offsets : throw new TransientLogException($"Where {stateTopic} ends was not told.");
    }

    /// <summary>Gives up what is open.</summary>
    public void Abort() => Bounded(AbortOpen, AbortPatience);

    /// <summary>Ends it; nobody waits for that.</summary>
    public void Dispose() => _ = _thread.EndAsync(_producer.Dispose);

    private void AbortOpen()
    {
        if (!_open)
        {
            return;
        }

        _open = false;
        try
        {
            _producer.AbortTransaction(AbortPatience);
        }
        catch (KafkaException)
        {
            // The broker aborts what a fenced or lost producer left open; whoever uses this id next waits for that in InitTransactions.
        }
    }

    private void Bounded(Action call, TimeSpan limit)
    {
        var made = _thread.RunAsync(call, CancellationToken.None);
        if (!((IAsyncResult)made).AsyncWaitHandle.WaitOne(limit + Grace))
        {
            KafkaLog.LeftBehind(_logger, _transactionalId, (limit + Grace).TotalSeconds);
            throw new TransientLogException($"The Kafka client has not returned from a call within {(limit + Grace).TotalSeconds:F0} s; whether it was kept is read from the log.");
        }

        made.GetAwaiter().GetResult();
    }

    private void Within(Action<Stopwatch> fill) => Bounded(() => CommitAfter(fill), _options.TransactionTimeout + Least + AbortPatience);

    private void CommitAfter(Action<Stopwatch> fill)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            _producer.BeginTransaction();
            _open = true;
            fill(clock);
            if (clock.Elapsed >= _options.TransactionTimeout)
            {
                throw new TransientLogException($"A transaction took {clock.Elapsed.TotalSeconds:F1} s, longer than RiskWatch:Kafka:TransactionTimeout; it is given up and done again.");
            }

            Retrying(_producer.CommitTransaction, clock);
            _open = false;

            // A broker that timed the transaction out may have been answered too late to say so (confluent-kafka-dotnet#1533): not reported as committed.
            if (clock.Elapsed >= _options.TransactionTimeout)
            {
                throw new TransientLogException($"A transaction took {clock.Elapsed.TotalSeconds:F1} s, longer than RiskWatch:Kafka:TransactionTimeout; whether it was kept is read from the log.");
            }
        }
        catch
        {
            AbortOpen();
            throw;
        }
    }

    private void Retrying(Action<TimeSpan> call, Stopwatch clock)
    {
        while (true)
        {
            try
            {
                var left = _options.TransactionTimeout - clock.Elapsed;
                call(left > Least ? left : Least);
                return;
            }
            catch (KafkaRetriableException) when (clock.Elapsed < _options.TransactionTimeout)
            {
                // The same call again, as the client's documentation asks, for as long as the broker keeps the transaction.
            }
        }
    }
}

/// <summary>Where outputs go.</summary>
internal static class KafkaRouting
{
    public static void Produce(KafkaOptions options, IProducer<byte[]?, byte[]?> producer, LogOutput output, int partitions, KafkaHeaders headers, Action<DeliveryReport<byte[]?, byte[]?>>? delivered = null)
    {
        var topic = options.Physical(output.Topic);
        var message = KafkaClients.Message(output, headers);
        switch (output.Route)
        {
            case OutputRoute.ToAllPartitions:
                for (var p = 0; p < partitions; p++)
                {
                    Enqueue(producer, new TopicPartition(topic, p), message, delivered);
                }

                break;
            case OutputRoute.ToPartition:
                Enqueue(producer, new TopicPartition(topic, output.Partition), message, delivered);
                break;
            default:
                Enqueue(producer, new TopicPartition(topic, PartitionHash.Of(output.PartitionKey ?? output.Key, partitions)), message, delivered);
                break;
        }
    }

    public static void Enqueue(IProducer<byte[]?, byte[]?> producer, TopicPartition to, Message<byte[]?, byte[]?> message, Action<DeliveryReport<byte[]?, byte[]?>>? delivered = null)
    {
        while (true)
        {
            try
            {
                producer.Produce(to, message, delivered);
                return;
            }
            catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(TimeSpan.FromMilliseconds(20));
            }
        }
    }
}

/// <summary>Refuses what no broker would take, before anything is written.</summary>
internal static class KafkaSize
{
    public static void Check(IReadOnlyList<LogOutput> outputs, int largest, IReadOnlyList<StateChange>? changes = null, string? stateTopic = null)
    {
        foreach (var output in outputs)
        {
            if (output.Value is { } value && value.Length > largest)
            {
                throw new OversizedEntryException(output.Topic, output.Key, value.Length, largest);
            }
        }

        foreach (var change in changes ?? [])
        {
            if (change.Value is { } value && value.Length > largest)
            {
                throw new OversizedEntryException(stateTopic ?? "state", change.Key, value.Length, largest);
            }
        }
    }
}
