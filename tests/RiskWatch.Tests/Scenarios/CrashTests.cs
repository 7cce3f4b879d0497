using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RiskWatch.Adapters.Embedded;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using RiskWatch.Server.Benchmarks.Chaos;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Scenarios;

/// <summary>
/// Kill -9 at random moments of a replay of real records, started again each time: tallies summed by series and minute, confirmed alerts and the store are
/// those of an undisturbed run. Meanwhile <see cref="People"/> act: a rule is changed, a dead letter retried, an alert acknowledged and closed, each once.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskwatch-crash-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_small_replay_killed_three_times_ends_as_an_undisturbed_one()
    {
        await ProveAsync([], kills: 3, records: 6_000, seed: 1, Embedded);
    }

    [Fact]
    public async Task A_replay_of_100_000_records_killed_50_times_ends_as_an_undisturbed_one()
    {
        Requirement.Long();
        await ProveAsync([], kills: 50, records: 100_000, seed: 2, Embedded);
    }

    [Fact]
    public async Task On_Kafka_a_replay_killed_10_times_ends_as_an_undisturbed_one()
    {
        var servers = Requirement.Server("RISKWATCH_TEST_KAFKA", "kafka");
        Requirement.Long();
        var run = Guid.NewGuid().ToString("N")[..8];
        string[] Kafka(string name) => ["--log", "kafka", "--set", $"RiskWatch:Kafka:BootstrapServers={servers}", "--set", $"RiskWatch:Kafka:TopicPrefix=crash.{run}.{name}."];
        // A group gives a killed member's partitions away after its session time-out of 6 s on the test brokers: lives are longer than that.
        await ProveAsync(Kafka, kills: 10, records: 20_000, seed: 3, (7_000, 14_000), (_, name) => new KafkaEventLog(new KafkaOptions { BootstrapServers = servers, TopicPrefix = $"crash.{run}.{name}." }, NullLogger<KafkaEventLog>.Instance));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static SqliteEventLog Embedded(string data, string name) => new(Path.Combine(data, "log.db"), new EmbeddedOptions(), TimeProvider.System, NullLogger<SqliteEventLog>.Instance);

    private Task ProveAsync(string[] options, int kills, int records, int seed, Func<string, string, IEventLog> open) => ProveAsync(_ => options, kills, records, seed, (800, 4_000), open);

    private async Task ProveAsync(Func<string, string[]> options, int kills, int records, int seed, (int Least, int Most) lifeMilliseconds, Func<string, string, IEventLog> open)
    {
        var input = ChaosInput.Write(Path.Combine(_folder, "records.csv"), records);
        var mapping = ChaosInput.WithLetters(input);

        // Paced, so that in both runs the rule is in the log before event time reaches its effectiveFrom, near the end of the rows.
        var rate = records / 15;
        string[] Replay(string name) => ["replay", input, "--mapping", mapping, "--site", "boston", "--out", Path.Combine(_folder, name), "--rate", rate.ToString(CultureInfo.InvariantCulture), .. options(name)];
        var (undisturbed, _) = await RunAsync("calm", Replay("calm"), options("calm"), [], open);
        var random = new Random(seed);
        var lives = Enumerable.Range(0, kills).Select(_ => TimeSpan.FromMilliseconds(random.Next(lifeMilliseconds.Least, lifeMilliseconds.Most))).ToArray();
        var (disturbed, struck) = await RunAsync("crash", Replay("crash"), options("crash"), lives, open);

        TestContext.Current.TestOutputHelper?.WriteLine($"{struck} kills struck; {undisturbed.Records.Count} records, {undisturbed.Alerts.Count} alerts.");
        Assert.True(undisturbed.Alerts.Count > 0);
        Assert.Contains($"boston-311/{ChaosInput.EarlyId(0)}", disturbed.Records.Keys);
        Assert.Empty(undisturbed.Compare(disturbed).SelectMany(c => c.Differences.Take(5)));
        Assert.True(kills == 0 || struck >= Math.Min(kills, 3), $"Only {struck} kills struck while it ran.");
    }

    private static async Task<(RunOutcome Outcome, int Struck)> RunAsync(string name, string[] replay, string[] options, TimeSpan[] lives, Func<string, string, IEventLog> open)
    {
        var folder = replay[Array.IndexOf(replay, "--out") + 1];
        var data = Path.Combine(folder, "data");
        var struck = 0;
        var people = new People(new CommandLineDoor(["--data", data, .. options]), letters: 1, alerts: 1);
        var acts = people.ActAsync(Cancel);
        foreach (var life in lives)
        {
            var (code, errors) = await Product.KillAsync(life, Cancel, replay);
            struck += code is null ? 1 : 0;
            Assert.True(code is null or 0, errors);
        }

        var (exit, _, said) = await Product.RunAsync(Cancel, replay);
        Assert.True(exit == 0, said);
        await acts;

        // An act that came when the replay was through is handled by the next start.
        (exit, _, said) = await Product.RunAsync(Cancel, replay);
        Assert.True(exit == 0, said);
        await using var log = open(data, name);
        await using var store = new SqliteStore(Path.Combine(data, "store.db"), Gazetteer.Default, TimeProvider.System);
        return (await RunOutcome.ReadAsync(log, store, Cancel), struck);
    }
}
