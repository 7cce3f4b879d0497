using System.Globalization;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using RiskWatch.Core.Log;
using Serilog;
using Serilog.Events;
using Serilog.Filters;
using Serilog.Formatting.Compact;
using Serilog.Sinks.OpenTelemetry;

namespace RiskWatch.Server.Hosting;

/// <summary>Logs (Serilog to standard error, plain or as JSON lines), metrics and traces (OpenTelemetry); never text or author of a record.</summary>
internal static class Telemetry
{
    private const string ServiceName = "riskwatch";
    private const string Plain = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}";

    // What the platform measures of requests, server, runtime and calls to the store; their tags are routes and addresses, never queries.
    private static readonly string[] Meters = [StageMetrics.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime"];

    public static Serilog.ILogger CreateLogger(RiskWatchOptions options, TelemetryOptions telemetry, string instance)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(Enum.Parse<LogEventLevel>(options.LogLevel))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
            // A host or server that cannot start, and a service that failed, are told once by the command line, without a stack where people can mend it.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting", LevelAlias.Off)
            .Filter.ByExcluding(e => e.Level == LogEventLevel.Fatal && Matching.FromSource("Microsoft")(e))
            .Enrich.FromLogContext();
        if (telemetry.OtlpEndpoint is { } endpoint)
        {
            configuration.WriteTo.OpenTelemetry(sink =>
            {
                sink.Endpoint = endpoint;
                sink.Protocol = telemetry.OtlpProtocol == "grpc" ? Serilog.Sinks.OpenTelemetry.OtlpProtocol.Grpc : Serilog.Sinks.OpenTelemetry.OtlpProtocol.HttpProtobuf;
                sink.Headers = (telemetry.OtlpHeaders ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(h => h.Split('=', 2)).ToDictionary(h => h[0].Trim(), h => h[1].Trim());
                sink.ResourceAttributes = new Dictionary<string, object> { ["service.name"] = ServiceName, ["service.instance.id"] = instance };
                sink.IncludedData = IncludedData.TraceIdField | IncludedData.SpanIdField | IncludedData.SpecRequiredResourceAttributes | IncludedData.MessageTemplateTextAttribute;
            });
        }

        return (options.LogJson
            ? configuration.WriteTo.Console(new CompactJsonFormatter(), standardErrorFromLevel: LogEventLevel.Verbose)
            : configuration.WriteTo.Console(outputTemplate: Plain, formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose)).CreateLogger();
    }

    /// <summary>Adds metrics and, where a collector is configured, traces.</summary>
    public static void Add(IServiceCollection services, TelemetryOptions telemetry, string instance, IReadOnlySet<string> roles)
    {
        if (!telemetry.Prometheus && telemetry.OtlpEndpoint is null)
        {
            return;
        }

        services.AddSingleton<OperationsMetrics>();
        services.AddHostedService(provider => provider.GetRequiredService<OperationsMetrics>());
        var builder = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(ServiceName, serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3), serviceInstanceId: instance)
                .AddAttributes([new("riskwatch.roles", string.Join(',', roles.Order(StringComparer.Ordinal)))]))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters);
                if (telemetry.Prometheus)
                {
                    metrics.AddPrometheusExporter();
                }

                if (telemetry.OtlpEndpoint is not null)
                {
                    metrics.AddOtlpExporter(exporter => Configure(exporter, telemetry, "v1/metrics"));
                }
            });
        if (telemetry.OtlpEndpoint is not null)
        {
            builder.WithTracing(traces => traces
                .AddSource(StageMetrics.Name, "Microsoft.AspNetCore")
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(telemetry.TraceShare)))
                .AddProcessor(new WithoutQueries())
                .AddOtlpExporter(exporter => Configure(exporter, telemetry, "v1/traces")));
        }
    }

    /// <summary>Maps <c>/metrics</c>.</summary>
    public static void Map(WebApplication app, TelemetryOptions telemetry)
    {
        if (telemetry.Prometheus)
        {
            app.MapPrometheusScrapingEndpoint();
        }
    }

    private static void Configure(OtlpExporterOptions exporter, TelemetryOptions telemetry, string path)
    {
        var grpc = telemetry.OtlpProtocol == "grpc";
        var endpoint = new Uri(telemetry.OtlpEndpoint!);
        exporter.Endpoint = grpc ? endpoint : new Uri(endpoint, path);
        exporter.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Headers = telemetry.OtlpHeaders;
    }

    // What somebody searched for stands in the query.
    private sealed class WithoutQueries : OpenTelemetry.BaseProcessor<System.Diagnostics.Activity>
    {
        public override void OnEnd(System.Diagnostics.Activity data)
        {
            data.SetTag("url.query", null);
            data.SetTag("url.full", null);
        }
    }
}
