using System.Diagnostics;
using Confluent.Kafka;

namespace RiskWatch.Adapters.Kafka;

/// <summary>First and next offset of a partition.</summary>
internal static class KafkaOffsets
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

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
                // Consume on a consumer without assignment waits and serves the client's own events. What a broker said that had just started, and did not
                // know every partition yet, would be believed for minutes: only being asked again makes the client forget it.
                consumer.Consume(Pause);
                Refresh(consumer, partition.Topic);
            }
        }
    }

    private static void Refresh(IConsumer<byte[]?, byte[]?> consumer, string topic)
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            admin.GetMetadata(topic, AskAgain);
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport)
        {
            // The offsets are asked for again in any case, and that says what is wrong.
        }
    }
}
