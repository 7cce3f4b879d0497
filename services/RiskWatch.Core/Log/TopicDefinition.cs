namespace RiskWatch.Core.Log;

/// <summary>How a topic is kept.</summary>
public enum TopicCleanup
{
    /// <summary>Old entries are dropped after <see cref="TopicDefinition.Retention"/>.</summary>
    Delete,

    /// <summary>Only the last entry of a key is kept; a tombstone removes the key.</summary>
    Compact,
}

/// <summary>A topic as it must exist. Partition counts are fixed when topics are made (LOG §2.2).</summary>
/// <param name="Name">Name.</param>
/// <param name="Partitions">Number of partitions.</param>
/// <param name="Cleanup">Delete or compact.</param>
/// <param name="Retention">Age after which entries are dropped; null keeps them for ever. For compacted topics null.</param>
/// <param name="Droppable">Whether entries that every group has passed may go before their time when the log is over its size (LOG §8): records and scored.</param>
public sealed record TopicDefinition(string Name, int Partitions, TopicCleanup Cleanup = TopicCleanup.Delete, TimeSpan? Retention = null, bool Droppable = false);
