namespace RiskWatch.Server.Jobs;

/// <summary>Log messages of jobs, 91xx.</summary>
internal static partial class JobsLog
{
    [LoggerMessage(9101, LogLevel.Information, "Retention deleted {Records} records, {Alerts} alerts and {Hours} hours of trends from the store")]
    public static partial void RetentionDone(ILogger logger, long records, long alerts, long hours);

    [LoggerMessage(9102, LogLevel.Warning, "Retention did not run: {Reason}. It is tried again tomorrow")]
    public static partial void RetentionFailed(ILogger logger, string reason);

    [LoggerMessage(9103, LogLevel.Warning, "The start waits: {Reason}")]
    public static partial void StartWaits(ILogger logger, string reason);
}
