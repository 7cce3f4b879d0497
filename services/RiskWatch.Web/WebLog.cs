using Microsoft.Extensions.Logging;

namespace RiskWatch.Web;

/// <summary>Log messages of the web, ids 4500–4599.</summary>
internal static partial class WebLog
{
    [LoggerMessage(4500, LogLevel.Warning, "The live feed lost the alerts topic and tries again in {Delay}")]
    public static partial void FeedInterrupted(this ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(4501, LogLevel.Information, "The live feed followed the alerts topic again")]
    public static partial void FeedResumed(this ILogger logger);

    [LoggerMessage(4502, LogLevel.Error, "A request for {Path} failed")]
    public static partial void RequestFailed(this ILogger logger, string path, Exception exception);

    [LoggerMessage(4503, LogLevel.Warning, "The store could not answer {Query}")]
    public static partial void QueryFailed(this ILogger logger, string query, Exception exception);

    [LoggerMessage(4504, LogLevel.Warning, "A request to change something came from another origin, {Origin}, and was refused")]
    public static partial void ForeignOrigin(this ILogger logger, string origin);
}
