using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;
using RiskWatch.Ingestion.Replay;
using RiskWatch.Server.Benchmarks.Chaos;
using RiskWatch.Server.Hosting;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Scenarios;

/// <summary>More processes of a role, and fewer again, while records come: what comes out is what one process makes of them.</summary>
public sealed class ScaleOutTests : IDisposable
{
    private const int Rows = 6_000;

    private static readonly IReadOnlySet<string> Front = new HashSet<string> { Roles.Classification, Roles.Indexing };
    private static readonly IReadOnlySet<string> All = new HashSet<string> { Roles.Classification, Roles.Alerting, Roles.Indexing };

    private readonly string _folder = Directory.CreateTempSubdirectory("riskwatch-scale-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_to_four_alerting_processes_and_back_to_two_take_over_each_others_state_and_raise_no_alert_twice()
    {
        var servers = Requirement.Server("RISKWATCH_TEST_KAFKA", "kafka");
        var input = ChaosInput.Write(Path.Combine(_folder, "records.csv"), Rows);
        var (undisturbed, _) = await UndisturbedRun.RunAsync(Path.Combine(_folder, "calm"), input, "boston-311", 0, 0, Cancel);
        Dictionary<string, string?> settings = new()
        {
            ["RiskWatch:Log"] = "kafka",
            ["RiskWatch:Kafka:BootstrapServers"] = servers,
            ["RiskWatch:Kafka:TopicPrefix"] = $"scale.{Guid.NewGuid().ToString("N")[..8]}.",
            ["RiskWatch:Alerting:Provisional"] = "false",
            ["RiskWatch:Classification:EncoderSheds"] = "false",
        };
        var common = settings.SelectMany(s => new[] { "--set", $"{s.Key}={s.Value}" }).ToList();
        List<RoleProcess> alerting = [.. Enumerable.Range(1, 4).Select(i => Alerting(i, common))];
        settings["RiskWatch:Data"] = Path.Combine(_folder, "front");
        settings["RiskWatch:LogLevel"] = "Error";
        using var front = RiskWatchHost.Plain(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), Front);
        await front.StartAsync(Cancel);
        try
        {
            alerting[0].Start();
            await new People(new CommandLineDoor([.. common, "--data", Path.Combine(_folder, "door")]), 0, 0).ActAsync(Cancel);
            var replay = front.Services.GetRequiredService<ReplayWorker>().RunAsync(
                ReplayRequest.Of([input], "boston-311", "boston", Path.Combine(_folder, "sorted")) with { RecordsPerSecond = Rows / 40 }, null, Cancel);
            foreach (var more in alerting.Skip(1))
            {
                await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, Cancel);
                more.Start();
                await UntilAsync(() => TookOver(more));
            }

            // One leaves as an upgrade makes it, one as a machine that is switched off.
            await alerting[0].StopAsync(Cancel);
            await alerting[1].KillAsync(Cancel);
            await replay;
            await Pipeline.DrainAsync(front, All, Cancel);

            var log = front.Services.GetRequiredService<IEventLog>();
            var outcome = await RunOutcome.ReadAsync(log, front.Services.GetRequiredService<IStore>(), Cancel);
            Assert.NotEqual(0, undisturbed.Alerts.Count);
            Assert.Empty(undisturbed.Compare(outcome).SelectMany(c => c.Differences.Take(5)));
        }
        finally
        {
            foreach (var process in alerting)
            {
                await process.DisposeAsync();
            }

            await front.StopAsync(CancellationToken.None);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private RoleProcess Alerting(int number, List<string> common)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"alerting-{number}");
        return new RoleProcess(name, ["run", "--role", Roles.Alerting, "--urls", "http://127.0.0.1:0", "--data", Path.Combine(_folder, name), "--set", "RiskWatch:Instance=" + name, .. common], null, _folder);
    }

    // A partition of detection with what another process had kept of it.
    private static bool TookOver(RoleProcess process) => process.Said.Any(line =>
        line.Contains("Stage detection", StringComparison.Ordinal) && line.Contains("took over partition", StringComparison.Ordinal) && !line.Contains("with 0 state entries", StringComparison.Ordinal));

    private static Task UntilAsync(Func<bool> holds) => Eventually.HoldsAsync(() => Task.FromResult(holds()), TimeSpan.FromMinutes(1), Cancel, "No partition with state moved to the new process.");
}
