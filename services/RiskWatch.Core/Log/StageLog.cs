using Microsoft.Extensions.Logging;

namespace RiskWatch.Core.Log;

internal static partial class StageLog
{
    [LoggerMessage(9001, LogLevel.Information, "Stage {Stage}, worker {Member}: took over partition {Partition} with {Entries} state entries")]
    public static partial void Assigned(ILogger logger, string stage, string member, int partition, int entries);

    [LoggerMessage(9002, LogLevel.Information, "Stage {Stage}, worker {Member}: gave up partition {Partition}")]
    public static partial void Revoked(ILogger logger, string stage, string member, int partition);

    [LoggerMessage(9003, LogLevel.Warning, "Stage {Stage} waits: {Reason}. Nothing is lost; it goes on by itself once this is over")]
    public static partial void Waiting(ILogger logger, string stage, string reason);

    [LoggerMessage(9004, LogLevel.Information, "Stage {Stage} goes on after {Failures} failed tries")]
    public static partial void Recovered(ILogger logger, string stage, int failures);

    [LoggerMessage(9005, LogLevel.Warning, "Stage {Stage} dead-lettered {Topic} partition {Partition} offset {Offset}: {Reason}: {Detail}")]
    public static partial void DeadLettered(ILogger logger, string stage, string topic, int partition, long offset, string reason, string detail);

    [LoggerMessage(9006, LogLevel.Information, "Stage {Stage}, worker {Member}: starting again from what is committed: {Reason}")]
    public static partial void Fenced(ILogger logger, string stage, string member, string reason);

    [LoggerMessage(9007, LogLevel.Error, "Stage {Stage} stopped: {Reason}")]
    public static partial void Stopped(ILogger logger, Exception exception, string stage, string reason);
}
