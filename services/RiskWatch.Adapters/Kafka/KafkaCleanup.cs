using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace RiskWatch.Adapters.Kafka;

/// <summary>Removes what a benchmark made on a cluster.</summary>
internal static class KafkaCleanup
{
    /// <summary>Deletes every topic whose name begins with the prefix.</summary>
    /// <exception cref="ArgumentException">There is no prefix: that would be every topic.</exception>
    public static async Task DeleteTopicsAsync(KafkaOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.TopicPrefix);
        using var admin = new AdminClientBuilder(KafkaClients.Admin(options)).Build();
        List<string> ours = [.. admin.GetMetadata(options.Timeout).Topics.Select(t => t.Topic).Where(t => t.StartsWith(options.TopicPrefix, StringComparison.Ordinal))];
        if (ours.Count > 0)
        {
            await admin.DeleteTopicsAsync(ours, new DeleteTopicsOptions { RequestTimeout = options.Timeout }).ConfigureAwait(false);
        }
    }
}
