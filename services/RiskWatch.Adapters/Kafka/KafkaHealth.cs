using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace RiskWatch.Adapters.Kafka;

/// <summary>Whether a cluster has recovered from a fault: every replica in sync, every group stable.</summary>
internal sealed class KafkaHealth(KafkaOptions options) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly IAdminClient _admin = new AdminClientBuilder(KafkaClients.Admin(options)).SetLogHandler((_, _) => { }).Build();

    /// <summary>What is not as it should be, in words; null when all is well.</summary>
    public async Task<string?> UnsettledAsync(IReadOnlyCollection<string> groups, CancellationToken cancel)
    {
        try
        {
            // All topics, internal ones too: what a cluster lags behind in is told for a topic at most.
            var metadata = await Task.Run(() => _admin.GetMetadata(Timeout), cancel).ConfigureAwait(false);
            var behind = metadata.Topics.SelectMany(t => t.Partitions.Select(p => (t.Topic, Partition: p))).FirstOrDefault(p => p.Partition.Leader < 0 || p.Partition.InSyncReplicas.Length < p.Partition.Replicas.Length);
            if (behind.Topic is not null)
            {
                return $"{behind.Topic}/{behind.Partition.PartitionId} has {behind.Partition.InSyncReplicas.Length} of {behind.Partition.Replicas.Length} replicas in sync";
            }

            var found = await _admin.ListConsumerGroupsAsync(new ListConsumerGroupsOptions { RequestTimeout = Timeout }).WaitAsync(cancel).ConfigureAwait(false);
            var states = found.Valid.ToDictionary(g => g.GroupId, g => g.State, StringComparer.Ordinal);
            var unstable = groups.Select(options.Physical).FirstOrDefault(g => states.GetValueOrDefault(g) != ConsumerGroupState.Stable);
            return unstable is null ? null : $"group {unstable} is {states.GetValueOrDefault(unstable)}";
        }
        catch (KafkaException e)
        {
            return e.Error.Reason;
        }
    }

    public void Dispose() => _admin.Dispose();
}
