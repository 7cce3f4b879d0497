namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>
/// Topic, partition and offset in the one integer that entries are clustered by, so that reading a partition is a range scan of the row id
/// and large values lie on the leaf.
/// </summary>
internal static class EntryPosition
{
    private const int OffsetBits = 42;
    private const int PartitionBits = 10;

    /// <summary>Topics that fit.</summary>
    public const int MaxTopics = 2047;

    /// <summary>Partitions of a topic that fit.</summary>
    public const int MaxPartitions = 1 << PartitionBits;

    public static long Of(int topicId, int partition, long offset) => ((long)topicId << (OffsetBits + PartitionBits)) | ((long)partition << OffsetBits) | offset;

    public static long Offset(long position) => position & ((1L << OffsetBits) - 1);
}
