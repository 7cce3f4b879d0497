using Microsoft.Extensions.Logging;

namespace RiskWatch.Adapters;

/// <summary>Log messages of the adapters, 5xxx.</summary>
internal static partial class AdaptersLog
{
    [LoggerMessage(5001, LogLevel.Information, "Opened the event log {Path}, {UsedBytes} bytes in use")]
    public static partial void EventLogOpened(ILogger logger, string path, long usedBytes);

    [LoggerMessage(5002, LogLevel.Warning, "Member {Member} could not leave group {Group}: {Reason}. Its partitions go to others after the session time-out")]
    public static partial void LeaveFailed(ILogger logger, string member, string group, string reason);

    [LoggerMessage(5003, LogLevel.Warning, "The event log could not be followed: {Reason}")]
    public static partial void FollowingFailed(ILogger logger, string reason);

    [LoggerMessage(5004, LogLevel.Debug, "Removed {Removed} expired or replaced entries from the event log; {UsedBytes} bytes in use")]
    public static partial void Maintained(ILogger logger, long removed, long usedBytes);

    [LoggerMessage(5005, LogLevel.Warning, "The embedded log's retention did not run: {Reason}. It is tried again in a minute")]
    public static partial void MaintenanceFailed(ILogger logger, string reason);

    [LoggerMessage(5111, LogLevel.Information, "The store's server has no lifecycle management: months older than {Months} months are deleted by the retention job alone")]
    public static partial void LifecycleMissing(ILogger logger, int months);

    [LoggerMessage(5112, LogLevel.Warning, "The store's server is busy or read-only ({Reason}); bulk requests are down to {Bytes} bytes")]
    public static partial void StoreBusy(ILogger logger, string reason, int bytes);
}
