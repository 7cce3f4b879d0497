using Microsoft.Extensions.Logging;

namespace RiskWatch.Ingestion;

/// <summary>What ingestion logs: counts and names, never text or authors.</summary>
internal static partial class IngestionLog
{
    [LoggerMessage(1001, LogLevel.Information, "Replay planned: {Files} files, {Rows} rows, {Sources} sources")]
    public static partial void ReplayPlanned(ILogger logger, int files, long rows, int sources);

    [LoggerMessage(1002, LogLevel.Information, "Replay went on from row {Row}")]
    public static partial void ReplayResumed(ILogger logger, long row);

    [LoggerMessage(1003, LogLevel.Information, "Replay finished: {Accepted} records, {Refused} refused")]
    public static partial void ReplayFinished(ILogger logger, long accepted, long refused);

    [LoggerMessage(1004, LogLevel.Warning, "Ingestion waits for the log: {Reason}")]
    public static partial void Waiting(ILogger logger, string reason);

    [LoggerMessage(1005, LogLevel.Information, "Ingestion goes on after {Failures} failures")]
    public static partial void Recovered(ILogger logger, int failures);

    [LoggerMessage(1006, LogLevel.Warning, "Ingestion lost share {Share}: {Reason}")]
    public static partial void ShareLost(ILogger logger, int share, string reason);

    [LoggerMessage(1007, LogLevel.Information, "Ingestion owns share {Share}")]
    public static partial void ShareGained(ILogger logger, int share);

    [LoggerMessage(1008, LogLevel.Information, "Push took {Accepted} records and refused {Refused}")]
    public static partial void Pushed(ILogger logger, long accepted, long refused);

    [LoggerMessage(1009, LogLevel.Warning, "Push was sent away: classification is {Lag} entries behind, log at its size limit: {Full}")]
    public static partial void PushBusy(ILogger logger, long lag, bool full);

    [LoggerMessage(1010, LogLevel.Warning, "Source {Source} is silent: nothing since {Since}")]
    public static partial void SourceSilent(ILogger logger, string source, DateTimeOffset since);

    [LoggerMessage(1011, LogLevel.Information, "Source {Source} speaks again")]
    public static partial void SourceBack(ILogger logger, string source);

    [LoggerMessage(1012, LogLevel.Information, "Source {Source} is no longer configured: its marks ended")]
    public static partial void SourceEnded(ILogger logger, string source);

    [LoggerMessage(1013, LogLevel.Warning, "Source {Source} is not waited for: its delay of {Delay} is over 15 minutes")]
    public static partial void SourceNotWaitedFor(ILogger logger, string source, TimeSpan delay);
}
