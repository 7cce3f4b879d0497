using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using RiskWatch.Adapters.Embedded;
using RiskWatch.Contracts;
using RiskWatch.Server.Benchmarks.Chaos;
using RiskWatch.Server.Migrating;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Scenarios;

/// <summary><c>migrate</c> on real servers: an installation goes on on Kafka as if it had always been there, and Elasticsearch holds what the embedded store held.</summary>
public sealed class MigrationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskwatch-migrate-").FullName;
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replay_broken_off_half_way_and_moved_to_Kafka_ends_with_the_alerts_of_one_that_was_not_moved()
    {
        var servers = Requirement.Server("RISKWATCH_TEST_KAFKA", "kafka");
        var input = ChaosInput.Write(Path.Combine(_folder, "records.csv"), 6_000);
        string[] Replay(string name) => ["replay", input, "--mapping", "boston-311", "--site", "boston", "--out", Path.Combine(_folder, name), "--store", "none"];
        string[] kafka = ["--log", "kafka", "--set", $"RiskWatch:Kafka:BootstrapServers={servers}", "--set", $"RiskWatch:Kafka:TopicPrefix=migrate.{_run}."];
        var (code, _, said) = await Product.RunAsync(Cancel, Replay("still"));
        Assert.True(code == 0, said);

        // Broken off with kill -9: some partitions' entries are handled, others wait, and the last batch is not committed.
        var data = Path.Combine(_folder, "moved", "data");
        using (var process = Product.Start([.. Replay("moved"), "--rate", "400"]))
        {
            var errors = process.StandardError.ReadToEndAsync(Cancel);
            await ClosedHoursAsync(Path.Combine(data, "log.db"), 50);
            Assert.False(process.HasExited, "It was through before it was killed.");
            process.Kill(entireProcessTree: true);
            await errors;
        }

        string[] migrate = ["migrate", "--data", data, "--store", "none", "--json", .. kafka];

        // Killed, too, in the middle; then from where it was.
        await Product.UntilItSaysAsync("entries written", Cancel, migrate);
        (code, var output, said) = await Product.RunAsync(Cancel, migrate);
        Assert.True(code == 0, said);
        var counts = JsonNode.Parse(output)!;
        Assert.True((long)counts["entries"]!["riskwatch.records"]! > 100, output);
        Assert.True((long)counts["entries"]!["riskwatch.state.detection"]! > 10, output);
        Assert.True((long)counts["entriesWritten"]! < counts["entries"]!.AsObject().Sum(e => (long)e.Value!), output);
        Assert.Contains("moved to Kafka", (await Product.RunAsync(Cancel, Replay("moved"))).Errors, StringComparison.Ordinal);

        (code, _, said) = await Product.RunAsync(Cancel, [.. Replay("moved"), .. kafka]);
        Assert.True(code == 0, said);

        var still = await File.ReadAllLinesAsync(Path.Combine(_folder, "still", "alerts.jsonl"), Cancel);
        Assert.NotEmpty(still);
        Assert.Equal(still, await File.ReadAllLinesAsync(Path.Combine(_folder, "moved", "alerts.jsonl"), Cancel));
    }

    [Fact]
    public async Task The_stores_records_alerts_and_trends_move_to_Elasticsearch_and_are_compared()
    {
        var server = Requirement.Server("RISKWATCH_TEST_ELASTICSEARCH", "elasticsearch");
        var input = ChaosInput.Write(Path.Combine(_folder, "records.csv"), 3_000);
        var (code, _, said) = await Product.RunAsync(Cancel, "replay", input, "--mapping", "boston-311", "--site", "boston", "--out", _folder);
        Assert.True(code == 0, said);
        var data = Path.Combine(_folder, "data");
        string[] migrate = ["migrate", "--data", data, "--store", "elasticsearch", "--json", "--set", $"RiskWatch:Elasticsearch:Urls={server}", "--set", $"RiskWatch:Elasticsearch:Prefix=migrate{_run}", "--set", "RiskWatch:Elasticsearch:Replicas=0"];

        (code, var output, said) = await Product.RunAsync(Cancel, migrate);
        Assert.True(code == 0, said);
        var (again, second, _) = await Product.RunAsync(Cancel, migrate);

        Assert.Equal(0, again);
        Assert.Equal(output, second);
        var counts = JsonNode.Parse(output)!;
        Assert.Equal(3_000, (long)counts["records"]!);
        Assert.True((long)counts["hours"]! > 1_000, output);
        Assert.Equal((await File.ReadAllLinesAsync(Path.Combine(_folder, "alerts.jsonl"), Cancel)).Length, (int)counts["alerts"]!);
    }

    [Fact]
    public async Task What_cannot_be_moved_is_said_before_anything_is_written()
    {
        var nowhere = await Product.RunAsync(Cancel, "migrate", "--data", _folder);
        Assert.Equal(2, nowhere.Code);
        var (code, _, said) = await Product.RunAsync(Cancel, "migrate", "--data", _folder, "--log", "kafka");

        Assert.Equal(1, code);
        Assert.Contains("holds no embedded log", said, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, Migration.FileName)));
    }

    [Fact]
    public void A_log_that_was_written_to_since_the_migration_began_has_other_ends()
    {
        new Migration { Source = "riskwatch.records=1,2", Log = "kafka:9092" }.Write(_folder);

        var read = Migration.Read(_folder)!;

        Assert.Equal("riskwatch.records=1,2", read.Source);
        Assert.Null(read.Done);
        Assert.False(read.Begun);
    }

    private static async Task ClosedHoursAsync(string path, int atLeast)
    {
        while (!File.Exists(path))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
        }

        await using var log = new SqliteEventLog(path, new EmbeddedOptions(), TimeProvider.System, NullLogger<SqliteEventLog>.Instance);
        while (!log.Catalog.Topics.Any(t => t.Name == Topics.History) || (await log.EndOffsetsAsync(Topics.History, Cancel)).Sum() < atLeast)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
            log.Catalog.Refresh();
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
