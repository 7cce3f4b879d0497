using System.Diagnostics;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>Outputs of a commit with their topics and partitions looked up and their sizes checked, on the caller's thread, so that the writer only writes.</summary>
internal sealed class Outputs
{
    private const int All = -1;

    private readonly IReadOnlyList<LogOutput> _outputs;
    private readonly (LogTopic Topic, int Partition)[] _targets;
    private readonly string? _trace = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <exception cref="OversizedEntryException">An entry is too large.</exception>
    public Outputs(IReadOnlyList<LogOutput> outputs, LogCatalog catalog, int maxBytes)
    {
        _outputs = outputs;
        _targets = new (LogTopic, int)[outputs.Count];
        LogTopic? topic = null;
        for (var i = 0; i < outputs.Count; i++)
        {
            var output = outputs[i];
            topic = topic?.Name == output.Topic ? topic : catalog.Topic(output.Topic);
            if (output.Value is { } value && value.Length > maxBytes)
            {
                throw new OversizedEntryException(output.Topic, output.Key, value.Length, maxBytes);
            }

            _targets[i] = (topic, PartitionOf(output, topic));
        }
    }

    public int Count => _outputs.Count;

    public LogPosition[] Append(WriteTransaction transaction)
    {
        var positions = new LogPosition[_targets.Length];
        for (var i = 0; i < _targets.Length; i++)
        {
            var (topic, partition) = _targets[i];
            if (partition != All)
            {
                positions[i] = new LogPosition(topic.Name, partition, transaction.Append(topic, partition, _outputs[i], _trace));
                continue;
            }

            for (var each = topic.Partitions - 1; each >= 0; each--)
            {
                positions[i] = new LogPosition(topic.Name, each, transaction.Append(topic, each, _outputs[i], _trace));
            }
        }

        return positions;
    }

    private static int PartitionOf(LogOutput output, LogTopic topic) => output.Route switch
    {
        OutputRoute.ToAllPartitions => All,
        OutputRoute.ToPartition when output.Partition >= 0 && output.Partition < topic.Partitions => output.Partition,
        OutputRoute.ToPartition => throw new ArgumentOutOfRangeException(nameof(output), output.Partition, $"Topic '{topic.Name}' has {topic.Partitions} partitions."),
        _ => PartitionHash.Of(output.PartitionKey ?? output.Key, topic.Partitions),
    };
}
