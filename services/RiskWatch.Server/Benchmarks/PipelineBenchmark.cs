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

/// <summary>Records through the whole pipeline, from files to the last stage caught up, on a data folder or topics of its own.</summary>
internal static class PipelineBenchmark
{
    public static async Task<JsonObject> RunAsync(ParseResult parse, int records, int perMinute, int runs, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("riskwatch-bench-").FullName;
        try
        {
            var input = Path.Combine(folder, "records.ndjson");
            var length = BenchmarkInput.Write(input, records, perMinute);
            var onKafka = CommonOptions.Configuration(parse)["RiskWatch:Log"] == "kafka";
            var (rates, fromLog) = (new List<double>(), new List<double>());
            var raw = new Dictionary<string, List<double>>();
            JsonObject? stages = null;
            for (var run = 0; run < (onKafka ? runs : 1); run++)
            {
                var (rate, breakdown) = await OnceAsync(parse, input, records, Path.Combine(folder, $"run{run}"), $"{run}", onKafka ? raw : null, cancel);
                rates.Add(rate);
                stages = breakdown;
                if (onKafka)
                {
                    fromLog.Add(await FromLogAsync(parse, input, records, Path.Combine(folder, $"log{run}"), $"log{run}", cancel));
                }
            }

            var figures = new JsonObject
            {
                ["records"] = records,
                ["kinds"] = "posts of three bundled hot-search titles each, with authors",
                ["recordsPerEventMinute"] = perMinute,
                ["meanCharacters"] = Math.Round(length, 1),
                ["recordsPerSecond"] = Math.Round(Median(rates)),
            };
            if (onKafka)
            {
                var medians = raw.ToDictionary(r => r.Key, r => Median(r.Value));
                var best = medians.MaxBy(m => m.Value);
                figures["fromLogRecordsPerSecond"] = Math.Round(Median(fromLog));
                figures["rawCopyRecordsPerSecond"] = Math.Round(best.Value);
                figures["rawCopyBest"] = best.Key;
                figures["rawCopies"] = new JsonObject(medians.Select(m => KeyValuePair.Create<string, JsonNode?>(m.Key, Math.Round(m.Value))));
                figures["shareOfRawCopy"] = Math.Round(Median(rates) / best.Value, 3);
                figures["fromLogShareOfRawCopy"] = Math.Round(Median(fromLog) / best.Value, 3);
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

    private static async Task<(double Rate, JsonObject Stages)> OnceAsync(ParseResult parse, string input, int records, string data, string run, Dictionary<string, List<double>>? raw, CancellationToken cancel)
    {
        var (configuration, roles) = Configured(parse, data, run, onKafka: raw is not null);
        using var breakdown = new StageBreakdown();
        using var host = RiskWatchHost.Plain(configuration, roles);
        await host.StartAsync(cancel);
        try
        {
            var started = TimeProvider.System.GetTimestamp();
            await IngestAsync(host, input, data, cancel);
            var ingested = TimeProvider.System.GetElapsedTime(started);
            await Pipeline.DrainAsync(host, roles, cancel);
            var took = TimeProvider.System.GetElapsedTime(started);
            if (raw is not null)
            {
                await RawCopiesAsync(host, configuration, raw, cancel);
            }

            return (records / took.TotalSeconds, breakdown.Figures(ingested, took));
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
            await StoreBenchmark.CleanAsync(configuration);
        }
    }

    // As the raw copy has it: the records lie in the log. Time counts from the first commit of classification that is seen, and what that carried does not.
    private static async Task<double> FromLogAsync(ParseResult parse, string input, int records, string data, string run, CancellationToken cancel)
    {
        var (configuration, roles) = Configured(parse, data, run, onKafka: true);
        using (var feeder = RiskWatchHost.Plain(configuration, new HashSet<string>()))
        {
            await feeder.StartAsync(cancel);
            await IngestAsync(feeder, input, data, cancel);
            await feeder.StopAsync(CancellationToken.None);
        }

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
            return records * (1 - ((double)before / all)) / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
            await StoreBenchmark.CleanAsync(configuration);
        }
    }

    private static Task<ReplayProgress> IngestAsync(IHost host, string input, string data, CancellationToken cancel) =>
        host.Services.GetRequiredService<ReplayWorker>().RunAsync(ReplayRequest.Of([input], null, "china", Path.Combine(data, "sorted")), null, cancel);

    private static (IConfigurationRoot Configuration, IReadOnlySet<string> Roles) Configured(ParseResult parse, string data, string run, bool onKafka)
    {
        var overrides = new Dictionary<string, string?> { ["RiskWatch:Data"] = data, ["RiskWatch:LogLevel"] = parse.GetValue(CommonOptions.LogLevel) ?? "Warning", ["RiskWatch:Ingestion:ReplayMaxLag"] = "1000000000", ["RiskWatch:Alerting:Provisional"] = "false" };
        if (onKafka)
        {
            overrides["RiskWatch:Kafka:TopicPrefix"] = $"bench{Environment.ProcessId}.{run}.";
            overrides["RiskWatch:Kafka:BootstrapServers"] = Environment.GetEnvironmentVariable("RISKWATCH_TEST_KAFKA") ?? CommonOptions.Configuration(parse)["RiskWatch:Kafka:BootstrapServers"] ?? new KafkaOptions().BootstrapServers;
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
            foreach (var workers in new[] { 1, 2 })
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"batches of {batch}, {workers} workers");
                if (!raw.TryGetValue(name, out var rates))
                {
                    raw[name] = rates = [];
                }

                rates.Add(await KafkaRawCopy.RunAsync(options, Topics.Records, entries, batch, workers, cancel));
            }
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
