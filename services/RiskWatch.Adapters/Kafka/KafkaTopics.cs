using System.Collections.Concurrent;
using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Kafka;

/// <summary>Topics: made when missing, checked when there; a wrong one is an error that says what to change.</summary>
internal sealed class KafkaTopics(KafkaOptions options, IAdminClient admin)
{
    private readonly ConcurrentDictionary<string, int> _partitions = new(StringComparer.Ordinal);

    public int PartitionsOf(string topic) => _partitions.GetOrAdd(topic, name =>
    {
        var metadata = admin.GetMetadata(options.Physical(name), options.Timeout).Topics.SingleOrDefault();
        return metadata is { Error.IsError: false, Partitions.Count: > 0 }
            ? metadata.Partitions.Count
            : throw new LogConfigurationException($"Kafka has no topic {name}; start a process with the right to make it, or make it by hand.");
    });

    public async Task EnsureAsync(IReadOnlyCollection<TopicDefinition> topics, CancellationToken cancel)
    {
        var existing = admin.GetMetadata(options.Timeout).Topics.Where(t => t.Topic.StartsWith(options.TopicPrefix, StringComparison.Ordinal)).ToDictionary(t => options.Logical(t.Topic), t => t.Partitions.Count, StringComparer.Ordinal);
        var missing = topics.Where(t => !existing.ContainsKey(t.Name)).ToList();
        if (missing.Count > 0)
        {
            await CreateAsync(missing).WaitAsync(cancel).ConfigureAwait(false);
        }

        foreach (var topic in topics.Where(t => existing.ContainsKey(t.Name)))
        {
            if (existing[topic.Name] != topic.Partitions)
            {
                throw new LogConfigurationException($"Topic {topic.Name} has {existing[topic.Name]} partitions and must have {topic.Partitions}. Partition counts are fixed when topics are made: set RiskWatch:Topology to the topic's count, or make the topic anew.");
            }
        }

        await CheckAsync([.. topics.Where(t => existing.ContainsKey(t.Name))]).WaitAsync(cancel).ConfigureAwait(false);
        foreach (var topic in topics)
        {
            _partitions[topic.Name] = topic.Partitions;
        }
    }

    private async Task CreateAsync(List<TopicDefinition> missing)
    {
        try
        {
            await admin.CreateTopicsAsync(
                missing.Select(t => new TopicSpecification { Name = options.Physical(t.Name), NumPartitions = t.Partitions, ReplicationFactor = options.ReplicationFactor > 0 ? options.ReplicationFactor : (short)-1, Configs = Settings(t) }),
                new CreateTopicsOptions { RequestTimeout = options.Timeout, OperationTimeout = options.Timeout }).ConfigureAwait(false);
        }
        catch (CreateTopicsException e)
        {
            // Two processes that start at once both try: whoever came second finds it made.
            var failed = e.Results.FirstOrDefault(r => r.Error.IsError && r.Error.Code != ErrorCode.TopicAlreadyExists);
            if (failed is not null)
            {
                throw new LogConfigurationException($"Topic {failed.Topic} could not be made: {failed.Error.Reason}.", e);
            }
        }

        // A topic is usable once every partition has a leader everywhere.
        for (var tries = 0; tries < 100; tries++)
        {
            var ready = admin.GetMetadata(options.Timeout).Topics.Where(t => t.Topic.StartsWith(options.TopicPrefix, StringComparison.Ordinal) && t.Partitions.All(p => p.Leader >= 0)).ToDictionary(t => options.Logical(t.Topic), t => t.Partitions.Count, StringComparer.Ordinal);
            if (missing.All(t => ready.TryGetValue(t.Name, out var count) && count == t.Partitions))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        }

        throw new TransientLogException($"New topics have no leader after 10 s: {string.Join(", ", missing.Select(t => t.Name))}.");
    }

    private async Task CheckAsync(List<TopicDefinition> topics)
    {
        if (topics.Count == 0)
        {
            return;
        }

        var found = await admin.DescribeConfigsAsync(topics.Select(t => new ConfigResource { Type = ResourceType.Topic, Name = options.Physical(t.Name) }), new DescribeConfigsOptions { RequestTimeout = options.Timeout }).ConfigureAwait(false);
        foreach (var (topic, result) in topics.Zip(found))
        {
            foreach (var (key, wanted) in Settings(topic))
            {
                if (result.Entries.TryGetValue(key, out var entry) && entry.Value != wanted)
                {
                    throw new LogConfigurationException($"Topic {topic.Name} has {key}={entry.Value} and must have {wanted}. Change it: kafka-configs --alter --topic {topic.Name} --add-config {key}={wanted}");
                }
            }
        }
    }

    private static Dictionary<string, string> Settings(TopicDefinition topic)
    {
        var settings = new Dictionary<string, string> { ["cleanup.policy"] = topic.Cleanup == TopicCleanup.Compact ? "compact" : "delete" };
        if (topic.Cleanup == TopicCleanup.Delete)
        {
            settings["retention.ms"] = topic.Retention is { } kept ? ((long)kept.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) : "-1";
        }
        else
        {
            settings["max.compaction.lag.ms"] = "86400000";
        }

        if (topic.Retention is { TotalDays: <= 7 })
        {
            settings["segment.ms"] = "43200000";
        }

        return settings;
    }
}
