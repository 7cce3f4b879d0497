using System.Globalization;
using Serilog;
using Serilog.Events;
using Serilog.Filters;
using Serilog.Formatting.Compact;

namespace RiskWatch.Server.Hosting;

/// <summary>Logs: Serilog to standard error, plain or as JSON lines; never text or author of a record.</summary>
internal static class Telemetry
{
    private const string Plain = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}";

    public static Serilog.ILogger CreateLogger(RiskWatchOptions options)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(Enum.Parse<LogEventLevel>(options.LogLevel))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
            // A host or server that cannot start, and a service that failed, are told once by the command line, without a stack where people can mend it.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting", LevelAlias.Off)
            .Filter.ByExcluding(e => e.Level == LogEventLevel.Fatal && Matching.FromSource("Microsoft")(e))
            .Enrich.FromLogContext();
        return (options.LogJson
            ? configuration.WriteTo.Console(new CompactJsonFormatter(), standardErrorFromLevel: LogEventLevel.Verbose)
            : configuration.WriteTo.Console(outputTemplate: Plain, formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose)).CreateLogger();
    }
}
