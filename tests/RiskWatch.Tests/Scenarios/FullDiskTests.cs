using RiskWatch.Server.Benchmarks.Chaos;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Scenarios;

/// <summary>A disk that fills up during a replay: it waits and says so, and with room again ends as if nothing had been.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskwatch-full-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_log_and_a_full_store_wait_and_lose_nothing()
    {
        var input = ChaosInput.Write(Path.Combine(_folder, "records.csv"), 3_000);
        string[] Replay(string name) => ["replay", input, "--mapping", "boston-311", "--site", "boston", "--out", Path.Combine(_folder, name), "--log-level", "Warning"];
        var calm = await Product.RunAsync(Cancel, Replay("calm"));
        Assert.True(calm.Code == 0, calm.Errors);

        // Each start has room for a part of the way only; the last one for all.
        var log = await Product.UntilItSaysAsync("log.db' cannot grow", Cancel, [.. Replay("full"), "--set", "RiskWatch:Embedded:MaxFileBytes=1500000"]);
        var store = await Product.UntilItSaysAsync("No space is left for the store", Cancel, [.. Replay("full"), "--set", "RiskWatch:Embedded:MaxStoreFileBytes=1000000"]);
        var last = await Product.RunAsync(Cancel, Replay("full"));

        Assert.Matches("waits.*The disk is full: the event log '.*log.db' cannot grow. Nothing was lost", log);
        Assert.Matches("waits: No space is left for the store .*store.db", store);
        Assert.DoesNotContain("   at ", log + store, StringComparison.Ordinal);
        Assert.True(last.Code == 0, last.Errors);
        var alerts = await File.ReadAllTextAsync(Path.Combine(_folder, "calm", "alerts.jsonl"), Cancel);
        Assert.NotEmpty(alerts);
        Assert.Equal(alerts, await File.ReadAllTextAsync(Path.Combine(_folder, "full", "alerts.jsonl"), Cancel));
        Assert.Equal(Taken(calm.Errors), Taken(last.Errors));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Taken(string errors) => errors.Split('\n').Single(line => line.Contains(" refused, ", StringComparison.Ordinal) && line.Contains(" alerts in ", StringComparison.Ordinal)).Split(" in ")[0];
}
