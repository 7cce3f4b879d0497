using System.ComponentModel.DataAnnotations;

namespace RiskWatch.Core.Log;

/// <summary>How many partitions the topics have; fixed when they are made.</summary>
public sealed class TopologyOptions
{
    public const string Section = "RiskWatch:Topology";

    /// <summary>Partitions of records and scored. Default 4.</summary>
    [Range(1, 256)]
    public int RecordsPartitions { get; set; } = 4;

    /// <summary>Partitions of tallies and history. Default 4.</summary>
    [Range(1, 256)]
    public int TalliesPartitions { get; set; } = 4;

    /// <summary>Partitions of signals and alerts; sites are spread over them. Default 2.</summary>
    [Range(1, 64)]
    public int SignalsPartitions { get; set; } = 2;

    /// <summary>Shares of sources and jobs. Default 4.</summary>
    [Range(1, 64)]
    public int Shares { get; set; } = 4;

    /// <summary>How long records and scored are kept. Default 6 days on disk (LOG §10.4).</summary>
    public TimeSpan RecordsRetention { get; set; } = TimeSpan.FromDays(6);

    /// <summary>All topics that must exist for the stages given.</summary>
    public IReadOnlyCollection<TopicDefinition> Topics(IEnumerable<StageDefinition> stages)
    {
        var month13 = TimeSpan.FromDays(396);
        List<TopicDefinition> topics =
        [
            new(Contracts.Topics.Records, RecordsPartitions, TopicCleanup.Delete, RecordsRetention, Droppable: true),
            new(Contracts.Topics.Scored, RecordsPartitions, TopicCleanup.Delete, RecordsRetention, Droppable: true),
            new(Contracts.Topics.Tallies, TalliesPartitions, TopicCleanup.Delete, TimeSpan.FromDays(8)),
            new(Contracts.Topics.History, TalliesPartitions, TopicCleanup.Delete, month13),
            new(Contracts.Topics.Signals, SignalsPartitions, TopicCleanup.Delete, month13),
            new(Contracts.Topics.Alerts, SignalsPartitions, TopicCleanup.Compact),
            new(Contracts.Topics.Control, 1, TopicCleanup.Compact),
            new(Contracts.Topics.Audit, 1, TopicCleanup.Delete),
            new(Contracts.Topics.DeadLetter, 1, TopicCleanup.Delete, TimeSpan.FromDays(7)),
            new(Contracts.Topics.Leases, Shares, TopicCleanup.Delete, TimeSpan.FromDays(1)),
            new(Contracts.Topics.State("ingestion"), Shares, TopicCleanup.Compact),
        ];
        var partitions = topics.ToDictionary(t => t.Name, t => t.Partitions);
        topics.AddRange(stages.Where(s => s.StateTopic is not null)
            .Select(s => new TopicDefinition(s.StateTopic!, partitions[s.Input], TopicCleanup.Compact)));
        return topics;
    }
}
