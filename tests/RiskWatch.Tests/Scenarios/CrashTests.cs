using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using RiskWatch.Adapters.Embedded;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using RiskWatch.Core.Store;
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
        var input = CrashInput.Write(Path.Combine(_folder, "records.csv"), records);
        var mapping = CrashInput.WithLetter(input);

        // Paced, so that in both runs the rule is in the log before event time reaches its effectiveFrom, near the end of the rows.
        var rate = records / 15;
        string[] Replay(string name) => ["replay", input, "--mapping", mapping, "--site", "boston", "--out", Path.Combine(_folder, name), "--rate", rate.ToString(CultureInfo.InvariantCulture), .. options(name)];
        var undisturbed = await RunAsync("calm", Replay("calm"), options("calm"), [], open);
        var random = new Random(seed);
        var lives = Enumerable.Range(0, kills).Select(_ => TimeSpan.FromMilliseconds(random.Next(lifeMilliseconds.Least, lifeMilliseconds.Most))).ToArray();
        var disturbed = await RunAsync("crash", Replay("crash"), options("crash"), lives, open);

        TestContext.Current.TestOutputHelper?.WriteLine($"{disturbed.Kills} kills struck; {undisturbed.Records.Count} records, {undisturbed.Tallies.Count} tallies, {undisturbed.Alerts.Count} alerts.");
        Assert.NotEmpty(undisturbed.Alerts);
        Assert.Equal(undisturbed.Alerts, disturbed.Alerts);
        Assert.Equal(undisturbed.Tallies.Count, disturbed.Tallies.Count);
        Assert.Empty(undisturbed.Tallies.Except(disturbed.Tallies).Select(t => $"{t.Key}: {t.Value}, with crashes {disturbed.Tallies.GetValueOrDefault(t.Key)}").Take(5));
        Assert.Equal(undisturbed.Records.Count, disturbed.Records.Count);
        Assert.Empty(undisturbed.Records.Except(disturbed.Records).Select(r => r.Key).Take(5));
        Assert.Contains($"boston-311/{CrashInput.EarlyId}", disturbed.Records.Keys);
        Assert.True(kills == 0 || disturbed.Kills >= Math.Min(kills, 3), $"Only {disturbed.Kills} kills struck while it ran.");
    }

    private static async Task<Outcome> RunAsync(string name, string[] replay, string[] options, TimeSpan[] lives, Func<string, string, IEventLog> open)
    {
        var folder = replay[Array.IndexOf(replay, "--out") + 1];
        var data = Path.Combine(folder, "data");
        var struck = 0;
        var people = new People(["--data", data, .. options]);
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
        return await OutcomeAsync(folder, data, name, struck, open);
    }

    private static async Task<Outcome> OutcomeAsync(string folder, string data, string name, int struck, Func<string, string, IEventLog> open)
    {
        await using var log = open(data, name);
        var tallies = new Dictionary<string, TallyCounts>(StringComparer.Ordinal);
        await using (var tail = log.Tail(Topics.Tallies, fromBeginning: true))
        {
            while (!tail.CaughtUp)
            {
                foreach (var message in (await tail.ReadAsync(TimeSpan.FromMilliseconds(200), Cancel)).Where(m => m.Type == EntryTypes.Tally))
                {
                    var tally = Entries.Read(message, ContractsJson.Default.Tally);
                    var key = string.Create(CultureInfo.InvariantCulture, $"{tally.Site}/{tally.Topic}@{tally.Place} {tally.Minute}");
                    var sum = tallies.GetValueOrDefault(key) ?? new TallyCounts();
                    tallies[key] = new TallyCounts
                    {
                        Posts = sum.Posts + tally.Counts.Posts,
                        Hotline = sum.Hotline + tally.Counts.Hotline,
                        Negative = sum.Negative + tally.Counts.Negative,
                        Positive = sum.Positive + tally.Counts.Positive,
                        Uncertain = sum.Uncertain + tally.Counts.Uncertain,
                        LikelyFalse = sum.LikelyFalse + tally.Counts.LikelyFalse,
                        FalseTenThousandths = sum.FalseTenThousandths + tally.Counts.FalseTenThousandths,
                    };
                }
            }
        }

        await using var store = new SqliteStore(Path.Combine(data, "store.db"), Gazetteer.Default, TimeProvider.System);
        var records = new Dictionary<string, string>(StringComparer.Ordinal);
        var query = new RecordQuery { Limit = 1_000 };
        do
        {
            var page = await store.SearchRecordsAsync(query, Cancel);
            foreach (var record in page.Items)
            {
                // When it was retried is the one thing about it that the wall clock decides.
                var stored = record.Record.Retried ? record.Record with { Received = null } : record.Record;
                records.Add(record.Record.Source + "/" + record.Record.Id, JsonSerializer.Serialize(stored, ContractsJson.Default.Record) + JsonSerializer.Serialize(record.Assessment, ContractsJson.Default.Assessment) + record.Doubts);
            }

            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);

        var alerts = (await File.ReadAllLinesAsync(Path.Combine(folder, "alerts.jsonl"), Cancel)).Select(ButForWhenPeopleActed).ToList();
        return new Outcome(alerts, tallies, records, struck);
    }

    // At which tick an act took effect is a matter of when it was made; that it did, and once, is not.
    private static string ButForWhenPeopleActed(string line)
    {
        var alert = JsonSerializer.Deserialize(line, ContractsJson.Default.Alert)!;
        return alert.AcknowledgedBy is null
            ? line
            : JsonSerializer.Serialize(alert with { UpdatedAt = default, Version = 0, History = [.. alert.History.Select(step => step.By is null ? step : step with { At = default })] }, ContractsJson.Default.Alert);
    }

    private sealed record Outcome(List<string> Alerts, Dictionary<string, TallyCounts> Tallies, Dictionary<string, string> Records, int Kills);
}
