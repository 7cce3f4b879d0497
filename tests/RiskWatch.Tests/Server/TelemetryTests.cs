using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using RiskWatch.Server.Hosting;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Server;

/// <summary>Metrics, traces and logs go where the configuration says, and hold nothing of what people wrote.</summary>
public sealed class TelemetryTests
{
    private const string Text = "Zwetschgenbaum";
    private const string Author = "frieda_kahl";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_reads_what_the_stages_did_and_no_text_and_no_author()
    {
        await using var product = await RunningProduct.StartAsync(Roles.All, Cancel);
        await PushAndSearchAsync(product);

        var metrics = await UntilAsync(() => product.Http.GetStringAsync("/metrics", Cancel), m => m.Contains("riskwatch_stage_received_total{", StringComparison.Ordinal) && m.Contains("riskwatch_stage_lag{", StringComparison.Ordinal));

        Assert.Contains("riskwatch_stage_age_seconds_bucket{", metrics, StringComparison.Ordinal);
        Assert.Contains("riskwatch_stage_waiting{", metrics, StringComparison.Ordinal);
        Assert.Contains("riskwatch_dependency_up{", metrics, StringComparison.Ordinal);
        Assert.Contains("riskwatch_log_used_bytes", metrics, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes", metrics, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_bucket{", metrics, StringComparison.Ordinal);
        SaysNothingOfPeople(metrics);
    }

    [Fact]
    public async Task Metrics_can_be_switched_off()
    {
        await using var product = await RunningProduct.StartAsync([Roles.Ingestion], Cancel, ("RiskWatch:Telemetry:Prometheus", "false"));
        using var answer = await product.Http.GetAsync("/metrics", Cancel);

        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_collector_is_sent_metrics_traces_and_logs_and_no_text_and_no_author()
    {
        await using var collector = await Collector.StartAsync();
        await using (var product = await RunningProduct.StartAsync(
            Roles.All, Cancel, ("RiskWatch:Telemetry:OtlpEndpoint", collector.Address), ("RiskWatch:Telemetry:OtlpProtocol", "http"), ("RiskWatch:Telemetry:OtlpHeaders", "x-key=1"), ("RiskWatch:Telemetry:TraceShare", "1")))
        {
            await PushAndSearchAsync(product);
            await UntilAsync(() => Task.FromResult(collector.Of("/v1/traces")), t => t.Contains("classification", StringComparison.Ordinal) && t.Contains("indexing", StringComparison.Ordinal));
        }

        var telemetry = new TelemetryOptions { OtlpEndpoint = collector.Address, OtlpProtocol = "http", OtlpHeaders = "x-key=1" };
        using (var logger = (IDisposable)Telemetry.CreateLogger(new RiskWatchOptions(), telemetry, "here"))
        {
            ((Serilog.ILogger)logger).Warning("The {Dependency} does not answer", "log");
        }

        Assert.Contains("riskwatch.stage.received", collector.Of("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("riskwatch.roles", collector.Of("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("does not answer", collector.Of("/v1/logs"), StringComparison.Ordinal);
        Assert.Empty(collector.WithoutKey);
        SaysNothingOfPeople(collector.All);
    }

    [Theory]
    [InlineData("OtlpEndpoint", "collector:4317")]
    [InlineData("OtlpProtocol", "tcp")]
    [InlineData("OtlpHeaders", "key")]
    [InlineData("TraceShare", "2")]
    public void A_wrong_setting_stops_the_start_and_is_named(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("RiskWatch:Telemetry:" + key, value)]).Build();

        Assert.Contains("RiskWatch:Telemetry:" + key, Assert.Throws<ConfigurationException>(() => RiskWatchHost.Check(configuration)).Message, StringComparison.Ordinal);
    }

    private static async Task PushAndSearchAsync(RunningProduct product)
    {
        var lines = Enumerable.Range(0, 20).Select(i => $$"""{"id": "{{i}}", "source": "boston-311", "kind": "hotline", "published": "{{TimeProvider.System.GetUtcNow().AddMinutes(-1):O}}", "text": "The {{Text}} fell on the road", "author": "{{Author}}"}""");
        using var body = new StringContent(string.Join('\n', lines), null, "application/x-ndjson");
        (await product.Http.PostAsync("/api/records", body, Cancel)).EnsureSuccessStatusCode();
        await UntilAsync(() => product.Http.GetStringAsync($"/api/records?text={Text}", Cancel), found => found.Contains(Text, StringComparison.Ordinal));
    }

    private static void SaysNothingOfPeople(string told)
    {
        Assert.DoesNotContain(Text, told, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Author, told, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<string> UntilAsync(Func<Task<string>> ask, Func<string, bool> good)
    {
        while (true)
        {
            var said = await ask();
            if (good(said))
            {
                return said;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
        }
    }

    /// <summary>Takes what is sent over OTLP/HTTP; strings stand in protobuf as they are, so they can be looked for.</summary>
    private sealed class Collector(WebApplication app, ConcurrentQueue<(string Path, string Body)> received, ConcurrentQueue<string> withoutKey) : IAsyncDisposable
    {
        public string Address => app.Urls.First();

        public string All => string.Join('\n', received.Select(r => r.Body));

        public IReadOnlyCollection<string> WithoutKey => withoutKey;

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var (received, withoutKey) = (new ConcurrentQueue<(string, string)>(), new ConcurrentQueue<string>());
            app.Run(async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, Cancel);
                received.Enqueue((context.Request.Path, Encoding.UTF8.GetString(body.ToArray())));
                if (context.Request.Headers["x-key"] != "1")
                {
                    withoutKey.Enqueue(context.Request.Path);
                }
            });
            await app.StartAsync(Cancel);
            return new Collector(app, received, withoutKey);
        }

        public string Of(string path) => string.Join('\n', received.Where(r => r.Path == path).Select(r => r.Body));

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
    }
}
