using System.Diagnostics;
using Confluent.Kafka;

namespace RiskWatch.Adapters.Kafka;

/// <summary>First and next offset of a partition.</summary>
internal static class KafkaOffsets
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks the leader; a topic just made, or a leader that just moved, is asked again until <paramref name="timeout"/>.</summary>
    public static WatermarkOffsets Query(IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition, TimeSpan timeout)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return consumer.QueryWatermarkOffsets(partition, timeout);
            }
            catch (KafkaException e) when (clock.Elapsed < timeout && e.Error.Code is ErrorCode.NotLeaderForPartition or ErrorCode.LeaderNotAvailable or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownPartition)
            {
                // Consume on a consumer without assignment waits and serves the client's own events.
                consumer.Consume(Pause);
            }
        }
    }
}
