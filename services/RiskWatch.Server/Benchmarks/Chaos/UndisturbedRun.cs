using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;
using RiskWatch.Ingestion.Replay;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>The same input and the same people on the embedded log and store, in this process, with nothing in the way.</summary>
internal static class UndisturbedRun
{
    private static readonly IReadOnlySet<string> Everything = new HashSet<string> { Roles.Classification, Roles.Alerting, Roles.Indexing, Roles.Web };

    /// <returns>What it made, and on how many alerts people acted: at most <paramref name="alerts"/>, fewer where fewer have ended.</returns>
    public static async Task<(RunOutcome Outcome, int Alerts)> RunAsync(string folder, string input, string mapping, int letters, int alerts, CancellationToken cancel)
    {
        var settings = new Dictionary<string, string?> { ["RiskWatch:Data"] = folder, ["RiskWatch:LogLevel"] = "Error", ["RiskWatch:Urls"] = "http://127.0.0.1:0", ["RiskWatch:Alerting:Provisional"] = "false", ["RiskWatch:Classification:EncoderSheds"] = "false" };
        await using var app = RiskWatchHost.Web(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), Everything);
        await app.StartAsync(cancel);
        try
        {
            using var door = new ApiDoor(new Uri(app.Urls.First()));

            // As fast as it goes, event time would be past a changed rule's effectiveFrom before anybody could say it.
            await new People(door, 0, 0).ActAsync(cancel);
            await app.Services.GetRequiredService<ReplayWorker>().RunAsync(ReplayRequest.Of([input], mapping, "boston", Path.Combine(folder, "sorted")), null, cancel);
            await Pipeline.DrainAsync(app, Everything, cancel);
            var log = app.Services.GetRequiredService<IEventLog>();
            var ended = (await Pipeline.AlertsAsync(log, cancel)).TakeWhile(a => a.Status == AlertStatus.Ended).Take(alerts).Count();
            await new People(door, letters, ended).ActAsync(cancel);
            await Pipeline.DrainAsync(app, Everything, cancel);
            return (await RunOutcome.ReadAsync(log, app.Services.GetRequiredService<IStore>(), cancel), ended);
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
        }
    }
}
