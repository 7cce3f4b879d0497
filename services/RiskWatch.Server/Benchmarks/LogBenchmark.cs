using System.CommandLine;
using System.Text.Json.Nodes;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Core.Log;
using RiskWatch.Server.Commands;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Benchmarks;

/// <summary>The event log alone: entries of 700 bytes appended in batches of 1,000, then consumed and committed with one output each.</summary>
internal static class LogBenchmark
{
    private const int EntryBytes = 700;
    private const int Batch = 1_000;
    private const int Partitions = 4;

    public static async Task<JsonObject> RunAsync(ParseResult parse, int records, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("riskwatch-bench-").FullName;
        try
        {
            var configuration = CommonOptions.Configuration(parse, new Dictionary<string, string?>
            {
                ["RiskWatch:Data"] = folder,
                ["RiskWatch:LogLevel"] = "Warning",
                ["RiskWatch:Kafka:TopicPrefix"] = $"bench{Environment.ProcessId}.",
                ["RiskWatch:Kafka:BootstrapServers"] = Environment.GetEnvironmentVariable("RISKWATCH_TEST_KAFKA") ?? CommonOptions.Configuration(parse)["RiskWatch:Kafka:BootstrapServers"] ?? new KafkaOptions().BootstrapServers,
            });
            using var host = RiskWatchHost.Plain(configuration, new HashSet<string>());
            var log = host.Services.GetRequiredService<IEventLog>();
            await log.EnsureTopicsAsync([new TopicDefinition("bench.in", Partitions), new TopicDefinition("bench.out", Partitions)], cancel);
            var value = new byte[EntryBytes];
            new Random(1).NextBytes(value);
            var (appendRate, appendCommits) = await AppendAsync(log, records, value, cancel);
            var (copyRate, copyCommits) = await CopyAsync(log, records, cancel);
            return new JsonObject
            {
                ["log"] = configuration["RiskWatch:Log"],
                ["records"] = records,
                ["entryBytes"] = EntryBytes,
                ["appendRecordsPerSecond"] = Math.Round(appendRate),
                ["appendP50Milliseconds"] = Percentile(appendCommits, 0.5),
                ["appendP99Milliseconds"] = Percentile(appendCommits, 0.99),
                ["consumeAndCommitRecordsPerSecond"] = Math.Round(copyRate),
                ["commitP50Milliseconds"] = Percentile(copyCommits, 0.5),
                ["commitP99Milliseconds"] = Percentile(copyCommits, 0.99),
                ["processors"] = Environment.ProcessorCount,
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Rate, List<double> Milliseconds)> AppendAsync(IEventLog log, int records, byte[] value, CancellationToken cancel)
    {
        var waits = new List<double>();
        var started = TimeProvider.System.GetTimestamp();
        for (var done = 0; done < records; done += Batch)
        {
            var outputs = Enumerable.Range(done, Math.Min(Batch, records - done)).Select(i => new LogOutput("bench.in", $"key{i % 1000}", "bench", value)).ToList();
            var began = TimeProvider.System.GetTimestamp();
            await log.AppendAsync(outputs, cancel);
            waits.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        return (records / TimeProvider.System.GetElapsedTime(started).TotalSeconds, waits);
    }

    private static async Task<(double Rate, List<double> Milliseconds)> CopyAsync(IEventLog log, int records, CancellationToken cancel)
    {
        var waits = new List<double>();
        await using var member = log.Join(new MembershipOptions("bench", "bench.in", null, "bench/0"));
        var left = records;
        long started = 0;
        while (left > 0)
        {
            var batch = await member.ReadAsync(5_000, TimeSpan.FromSeconds(1), TimeSpan.Zero, cancel);
            if (batch.Messages.Count == 0)
            {
                continue;
            }

            started = started == 0 ? TimeProvider.System.GetTimestamp() : started;
            var outputs = batch.Messages.Select(m => new LogOutput("bench.out", m.Key, m.Type, m.Value, OutputRoute.ToPartition, m.Partition)).ToList();
            var began = TimeProvider.System.GetTimestamp();
            await batch.CommitAsync(outputs, [], cancel);
            waits.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            left -= batch.Messages.Count;
        }

        return (records / TimeProvider.System.GetElapsedTime(started).TotalSeconds, waits);
    }

    private static double Percentile(List<double> values, double share) => Math.Round(values.Order().ElementAt((int)Math.Min(values.Count - 1, share * values.Count)), 1);
}
