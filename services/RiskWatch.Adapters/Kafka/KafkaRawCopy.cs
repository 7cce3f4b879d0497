using System.Diagnostics;
using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace RiskWatch.Adapters.Kafka;

/// <summary>The yardstick of <c>bench pipeline --log kafka</c>: consume and produce the same bytes with the same client and settings, transactions on, and nothing in between.</summary>
public static class KafkaRawCopy
{
    /// <summary>Copies a whole topic once into a new one with as many partitions.</summary>
    /// <param name="options">How to reach Kafka.</param>
    /// <param name="topic">Topic to copy.</param>
    /// <param name="records">How many entries it has.</param>
    /// <param name="batch">Entries a transaction.</param>
    /// <param name="workers">Consumers, each with a transactional producer and a thread.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>Entries a second, from the first entry read to the last commit.</returns>
    public static async Task<double> RunAsync(KafkaOptions options, string topic, long records, int batch, int workers, CancellationToken cancel)
    {
        var run = Guid.NewGuid().ToString("N")[..8];
        var target = options.Physical("bench.copy." + run);
        using var admin = new AdminClientBuilder(KafkaClients.Admin(options)).Build();
        var partitions = admin.GetMetadata(options.Physical(topic), options.Timeout).Topics[0].Partitions.Count;
        await admin.CreateTopicsAsync([new TopicSpecification { Name = target, NumPartitions = partitions, ReplicationFactor = -1 }]).ConfigureAwait(false);
        try
        {
            var clock = new Stopwatch();
            var left = new StrongBox<long>(records);
            var copies = Enumerable.Range(0, workers).Select(worker => Task.Factory.StartNew(
                () => Copy(options, options.Physical(topic), [.. Enumerable.Range(0, partitions).Where(p => p % workers == worker)], target, $"bench.{run}", $"bench.{run}.{worker}", batch, clock, left, cancel),
                cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            await Task.WhenAll(copies).ConfigureAwait(false);
            return records / clock.Elapsed.TotalSeconds;
        }
        finally
        {
            await admin.DeleteTopicsAsync([target]).ConfigureAwait(false);
        }
    }

    private static void Copy(KafkaOptions options, string from, IReadOnlyList<int> partitions, string to, string group, string transactionalId, int batch, Stopwatch clock, StrongBox<long> left, CancellationToken cancel)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.Consumer(options, group, IsolationLevel.ReadCommitted)).Build();
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(KafkaClients.TransactionalProducer(options, transactionalId)).Build();
        producer.InitTransactions(options.Timeout);
        // Its share is given: a group that forms while the first reads would take partitions from it before its commit.
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(from, p, Offset.Beginning)));
        var positions = new Dictionary<int, long>();
        while (Interlocked.Read(ref left.Value) > 0)
        {
            cancel.ThrowIfCancellationRequested();
            positions.Clear();
            var count = 0;
            while (count < batch)
            {
                var result = consumer.Consume(count == 0 ? 100 : 5);
                if (result is null)
                {
                    break;
                }

                if (result.IsPartitionEOF)
                {
                    continue;
                }

                clock.Start();
                if (count == 0)
                {
                    producer.BeginTransaction();
                }

                KafkaRouting.Enqueue(producer, new TopicPartition(to, result.Partition), result.Message);
                positions[result.Partition.Value] = result.Offset.Value + 1;
                count++;
            }

            if (count > 0)
            {
                producer.SendOffsetsToTransaction(positions.Select(p => new TopicPartitionOffset(from, p.Key, p.Value)), consumer.ConsumerGroupMetadata, options.Timeout);
                producer.CommitTransaction(options.Timeout);
                if (Interlocked.Add(ref left.Value, -count) <= 0)
                {
                    clock.Stop();
                }
            }
        }

        consumer.Close();
    }
}
