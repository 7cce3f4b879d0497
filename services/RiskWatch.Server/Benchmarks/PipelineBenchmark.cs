using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Ingestion.Replay;
using RiskWatch.Server.Commands;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Benchmarks;

/// <summary>
/// Records through the whole pipeline, from files to the last stage caught up, on a data folder or topics of its own. On Kafka then again from the log, as a raw copy
/// reads them: each run fills topics of its own, copies them raw with each setting, and lets the pipeline have them with each number of workers.
/// </summary>
internal static class PipelineBenchmark
{
    private const string WorkersKey = "RiskWatch:Worker:WorkersPerStage";

    // Of the raw copy, and of each stage; topics have four partitions unless told otherwise.
    private static readonly int[] Workers = [1, 2, 4];

    public static async Task<JsonObject> RunAsync(ParseResult parse, int? wanted, int perMinute, int runs, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("riskwatch-bench-").FullName;
        try
        {
            var given = CommonOptions.Configuration(parse);
            var onKafka = given["RiskWatch:Log"] == "kafka";
            var records = wanted ?? (onKafka ? 400_000 : 100_000);
            var input = Path.Combine(folder, "records.ndjson");
            var length = BenchmarkInput.Write(input, records, perMinute);
            var (rate, stages) = await FromFilesAsync(parse, input, records, Path.Combine(folder, "files"), onKafka, cancel);
            var figures = new JsonObject
            {
                ["records"] = records,
                ["kinds"] = "posts of three bundled hot-search titles each, with authors",
                ["recordsPerEventMinute"] = perMinute,
                ["meanCharacters"] = Math.Round(length, 1),
                ["recordsPerSecond"] = Math.Round(rate),
            };
            if (onKafka)
            {
                await BesideRawCopiesAsync(figures, parse, given[WorkersKey] is { } workers ? [workers] : [.. Workers.Select(w => w.ToString(CultureInfo.InvariantCulture))], input, records, folder, runs, cancel);
                figures["fromFilesRecordsPerSecond"] = Math.Round(rate);
            }

            figures["peakMegabytes"] = Math.Round(Process.GetCurrentProcess().PeakWorkingSet64 / 1e6);
            figures["processors"] = Environment.ProcessorCount;
            figures["stages"] = stages;
            return figures;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task BesideRawCopiesAsync(JsonObject figures, ParseResult parse, string[] workers, string input, int records, string folder, int runs, CancellationToken cancel)
    {
        var (pipelines, copies) = (new Dictionary<string, List<double>>(), new Dictionary<string, List<double>>());
        for (var run = 0; run < runs; run++)
        {
            foreach (var number in workers)
            {
                var name = $"log{run}.{number}";
                var rate = await FromLogAsync(parse, input, records, Path.Combine(folder, name), name, number, number == workers[0] ? copies : null, cancel);
                Of(pipelines, $"{number} workers").Add(rate);
            }
        }

        var (best, raw) = (Best(pipelines), Best(copies));
        figures["recordsPerSecond"] = Math.Round(best.Value);
        figures["from"] = "the log, as the raw copy; the best number of workers, medians";
        figures["best"] = best.Key;
        figures["settings"] = Table(pipelines);
        figures["rawCopyRecordsPerSecond"] = Math.Round(raw.Value);
        figures["rawCopyBest"] = raw.Key;
        figures["rawCopies"] = Table(copies);
        figures["shareOfRawCopy"] = Math.Round(best.Value / raw.Value, 3);

        static KeyValuePair<string, double> Best(Dictionary<string, List<double>> rates) => rates.ToDictionary(r => r.Key, r => Median(r.Value)).MaxBy(r => r.Value);

        static JsonObject Table(Dictionary<string, List<double>> rates) => new(rates.Select(r => KeyValuePair.Create<string, JsonNode?>(r.Key, Math.Round(Median(r.Value)))));
    }

    private static async Task<(double Rate, JsonObject Stages)> FromFilesAsync(ParseResult parse, string input, int records, string data, bool onKafka, CancellationToken cancel)
    {
        var (configuration, roles) = Configured(parse, data, "files", onKafka, null);
        using var breakdown = new StageBreakdown();
        using var host = RiskWatchHost.Plain(configuration, roles);
        await host.StartAsync(cancel);
        try
        {
            var started = TimeProvider.System.GetTimestamp();
            await IngestAsync(host, input, data, cancel);
            var ingested = TimeProvider.System.GetElapsedTime(started);
            await Pipeline.DrainAsync(host, roles, cancel);
            var took = TimeProvider.System.GetElapsedTime(started, breakdown.LastCommit);
            return (records / took.TotalSeconds, breakdown.Figures(ingested, took));
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
            await StoreBenchmark.CleanAsync(configuration);
        }
    }

    // As the raw copy has it, the records lie in the log, and time ends with the last commit. It begins with the first commit of classification that is seen, and what that carried does not count.
    private static async Task<double> FromLogAsync(ParseResult parse, string input, int records, string data, string run, string workers, Dictionary<string, List<double>>? copies, CancellationToken cancel)
    {
        var (configuration, roles) = Configured(parse, data, run, onKafka: true, workers);
        using (var feeder = RiskWatchHost.Plain(configuration, new HashSet<string>()))
        {
            await feeder.StartAsync(cancel);
            await IngestAsync(feeder, input, data, cancel);
            if (copies is not null)
            {
                await RawCopiesAsync(feeder, configuration, copies, cancel);
            }

            await feeder.StopAsync(CancellationToken.None);
        }

        using var breakdown = new StageBreakdown();
        using var host = RiskWatchHost.Plain(configuration, roles);
        await host.StartAsync(cancel);
        try
        {
            var log = host.Services.GetRequiredService<IEventLog>();
            var stage = Pipeline.Stages(host.Services, roles)[0].Definition;
            var all = (await log.EndOffsetsAsync(stage.Input, cancel)).Sum();
            long before;
            while ((before = (await log.CommittedOffsetsAsync(stage.Group, stage.Input, cancel)).Sum()) == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancel);
            }

            var started = TimeProvider.System.GetTimestamp();
            await Pipeline.DrainAsync(host, roles, cancel);
            return records * (1 - ((double)before / all)) / TimeProvider.System.GetElapsedTime(started, breakdown.LastCommit).TotalSeconds;
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
            await StoreBenchmark.CleanAsync(configuration);
        }
    }

    private static Task<ReplayProgress> IngestAsync(IHost host, string input, string data, CancellationToken cancel) =>
        host.Services.GetRequiredService<ReplayWorker>().RunAsync(ReplayRequest.Of([input], null, "china", Path.Combine(data, "sorted")), null, cancel);

    private static (IConfigurationRoot Configuration, IReadOnlySet<string> Roles) Configured(ParseResult parse, string data, string run, bool onKafka, string? workers)
    {
        var overrides = new Dictionary<string, string?> { ["RiskWatch:Data"] = data, ["RiskWatch:LogLevel"] = parse.GetValue(CommonOptions.LogLevel) ?? "Warning", ["RiskWatch:Ingestion:ReplayMaxLag"] = "1000000000", ["RiskWatch:Alerting:Provisional"] = "false" };
        if (onKafka)
        {
            overrides["RiskWatch:Kafka:TopicPrefix"] = $"bench{Environment.ProcessId}.{run}.";
            overrides["RiskWatch:Kafka:BootstrapServers"] = Environment.GetEnvironmentVariable("RISKWATCH_TEST_KAFKA") ?? CommonOptions.Configuration(parse)["RiskWatch:Kafka:BootstrapServers"] ?? new KafkaOptions().BootstrapServers;
        }

        if (workers is not null)
        {
            overrides[WorkersKey] = workers;
        }

        StoreBenchmark.Address(parse, overrides, $"bench{Environment.ProcessId}_{run}");
        var configuration = CommonOptions.Configuration(parse, overrides);
        return (configuration, configuration["RiskWatch:Store"] == "none" ? new HashSet<string> { Roles.Classification, Roles.Alerting } : [Roles.Classification, Roles.Alerting, Roles.Indexing]);
    }

    private static async Task RawCopiesAsync(IHost host, IConfigurationRoot configuration, Dictionary<string, List<double>> raw, CancellationToken cancel)
    {
        var log = host.Services.GetRequiredService<IEventLog>();
        long entries = 0;
        await using (var tail = log.Tail(Topics.Records, fromBeginning: true))
        {
            while (!tail.CaughtUp)
            {
                entries += (await tail.ReadAsync(TimeSpan.FromMilliseconds(100), cancel)).Count;
            }
        }

        var options = ConfigurationCheck.Bind<KafkaOptions>(configuration, KafkaOptions.Section);
        foreach (var batch in new[] { 5_000, 20_000 })
        {
            foreach (var workers in Workers)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"batches of {batch}, {workers} workers");
                Of(raw, name).Add(await KafkaRawCopy.RunAsync(options, Topics.Records, entries, batch, workers, cancel));
            }
        }
    }

    private static List<double> Of(Dictionary<string, List<double>> rates, string name) => rates.TryGetValue(name, out var list) ? list : rates[name] = [];

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
