namespace RiskWatch.Server.Jobs;

/// <summary>Log messages of jobs, 91xx.</summary>
internal static partial class JobsLog
{
    [LoggerMessage(9101, LogLevel.Information, "Retention deleted {Records} records, {Alerts} alerts and {Hours} hours of trends from the store")]
    public static partial void RetentionDone(ILogger logger, long records, long alerts, long hours);

    [LoggerMessage(9102, LogLevel.Warning, "Retention did not run: {Reason}. It is tried again tomorrow")]
    public static partial void RetentionFailed(ILogger logger, string reason);

    [LoggerMessage(9104, LogLevel.Warning, "Source {Source} is not what it was: of its records since {Week}, {Measure} has moved by {Index} (population stability index, told from 0.25 on). Look at its newest records; if they are right, the models need newer labels")]
    public static partial void Drifted(ILogger logger, string source, DateOnly week, string measure, double index);

    [LoggerMessage(9105, LogLevel.Warning, "Drift was not looked for: {Reason}. It is tried again in some hours")]
    public static partial void StabilityFailed(ILogger logger, string reason);

    [LoggerMessage(9103, LogLevel.Warning, "The start waits: {Reason}")]
    public static partial void StartWaits(ILogger logger, string reason);
}
