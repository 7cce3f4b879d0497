using Microsoft.Extensions.Logging;

namespace RiskWatch.Adapters.Kafka;

internal static partial class KafkaLog
{
    [LoggerMessage(5101, LogLevel.Debug, "Kafka client, {Facility}: {Message}")]
    public static partial void Client(ILogger logger, string facility, string message);

    [LoggerMessage(5102, LogLevel.Warning, "Kafka client of group {Group} reported: {Reason}")]
    public static partial void ClientError(ILogger logger, string group, string reason);

    [LoggerMessage(5103, LogLevel.Warning, "Group {Group}, member {Member} left and joins anew: {Reason}")]
    public static partial void MemberReset(ILogger logger, string group, string member, string reason);

    [LoggerMessage(5104, LogLevel.Information, "The brokers have no groups of the new protocol (KIP-848): group {Group} uses the classic one")]
    public static partial void ClassicGroups(ILogger logger, string group);

    [LoggerMessage(5105, LogLevel.Debug, "Group {Group}, member {Member} could not move past a transaction's markers: {Reason}")]
    public static partial void MarkersNotCommitted(ILogger logger, string group, string member, string reason);

    [LoggerMessage(5106, LogLevel.Warning, "{Topic}/{Partition}: entries came again from the client, from {Offset} on, and were passed over")]
    public static partial void CameAgain(ILogger logger, string topic, int partition, long offset);

    [LoggerMessage(5107, LogLevel.Warning, "The offset of group {Group} in partition {Partition} is {Committed}, but its state goes to {Position}: the group's offset is old, and the state is believed")]
    public static partial void OldOffset(ILogger logger, string group, int partition, long committed, long position);

    [LoggerMessage(5108, LogLevel.Warning, "{Topic}/{Partition} has entries from {Position} on, and the client reads none: it begins there anew")]
    public static partial void StoodStill(ILogger logger, string topic, int partition, long position);

    [LoggerMessage(5109, LogLevel.Warning, "The client of transactions {TransactionalId} has not returned from a call for {Seconds} s: it is left behind, and another takes its place")]
    public static partial void LeftBehind(ILogger logger, string transactionalId, double seconds);
}
