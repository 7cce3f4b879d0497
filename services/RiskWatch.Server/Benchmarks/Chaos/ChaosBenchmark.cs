using System.Globalization;
using System.Text.Json.Nodes;

namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>
/// Every role as a process of its own on a Kafka of three brokers and Elasticsearch, one fault after another, people acting meanwhile; what comes out is
/// compared with an undisturbed run of the same rows.
/// </summary>
internal static class ChaosBenchmark
{
    private const int Letters = 3;
    private const int MostAlerts = 3;
    private const int MostDifferences = 20;
    private const string Site = "boston";

    private static readonly TimeSpan DrainPatience = TimeSpan.FromMinutes(8);

    public static async Task<JsonObject> RunAsync(ChaosPlan plan, Action<string> say, CancellationToken cancel)
    {
        var folder = plan.Keep is null ? Directory.CreateTempSubdirectory("riskwatch-chaos-").FullName : Directory.CreateDirectory(plan.Keep).FullName;
        var started = TimeProvider.System.GetTimestamp();
        await using var servers = new ChaosServers(ChaosServers.Find(plan.Servers), Path.Combine(folder, "servers"), plan.KafkaPort, plan.ElasticsearchPort);
        try
        {
            var input = ChaosInput.Write(Path.Combine(folder, "records.csv"), plan.Rows);
            var mapping = ChaosInput.WithLetters(input, Letters);
            await servers.StartAsync(cancel);
            say("the servers are up");
            var (undisturbed, alerts) = await UndisturbedRun.RunAsync(Path.Combine(folder, "undisturbed"), input, mapping, Letters, MostAlerts, cancel);
            say(string.Create(CultureInfo.InvariantCulture, $"undisturbed: {undisturbed.Records.Count} records, {undisturbed.Alerts.Count} alerts, {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F0} s since the start"));
            await using var fleet = new Fleet(servers, folder, input, mapping, plan.Rate, plan.Webs);
            await fleet.StartAsync(cancel);
            say("all roles serve");
            var faults = await DisturbAsync(plan, servers, fleet, alerts, say, cancel);
            var outcome = await RunOutcome.ReadAsync(fleet.Log, fleet.Store, cancel);
            return Figures(plan, faults, undisturbed, outcome, TimeProvider.System.GetElapsedTime(started));
        }
        finally
        {
            if (plan.Keep is null)
            {
                await servers.DisposeAsync();
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<List<Struck>> DisturbAsync(ChaosPlan plan, ChaosServers servers, Fleet fleet, int alerts, Action<string> say, CancellationToken cancel)
    {
        using var door = new ApiDoor(fleet.Webs[0].Address!);
        using var lag = new FeedLag(fleet.Log, [.. fleet.Webs.Select(web => web.Address!)], Site);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var acts = new People(door, Letters, alerts).ActAsync(over.Token);
        var watching = lag.WatchAsync(over.Token);
        try
        {
            fleet.Feeder.Start();
            var began = TimeProvider.System.GetTimestamp();
            await fleet.RecoverAsync(TimeSpan.FromMinutes(4), cancel);
            say(await lag.WarmAsync(cancel) ? "the fleet is warm" : "the feed lags still: the faults begin all the same");
            began = TimeProvider.System.GetTimestamp();
            var faults = new List<Struck>();
            foreach (var fault in FaultPlan.Of(plan.Seed, plan.Kinds))
            {
                if (plan.Enough(faults.Count, TimeProvider.System.GetElapsedTime(began)))
                {
                    break;
                }

                await Task.Delay(fault.Pause, TimeProvider.System, cancel);
                var idle = fleet.Feeder.Finished;
                var back = TimeProvider.System.GetTimestamp();
                var victim = await StrikeAsync(fault, servers, fleet, () => back = TimeProvider.System.GetTimestamp(), cancel);
                await fleet.RecoverAsync(plan.Patience, cancel);
                var struck = new Struck(fault.Kind, victim, fault.Lasts, TimeProvider.System.GetElapsedTime(back), lag.TakeWorst(), idle);
                faults.Add(struck);
                say(string.Create(CultureInfo.InvariantCulture, $"fault {faults.Count}: {struck.Kind} of {struck.Victim} for {struck.Lasted.TotalSeconds:F1} s, recovered {struck.Recovered.TotalSeconds:F1} s later, {(struck.FeedLag is { } late ? string.Create(CultureInfo.InvariantCulture, $"the feed up to {late.TotalSeconds:F1} s late") : "how late the feed was is not known")}"));
            }

            // What is left of the rows need not be paced any more.
            if (!fleet.Feeder.Finished)
            {
                await fleet.Feeder.KillAsync(cancel);
                fleet.Feeder.More = [];
                fleet.Feeder.Start();
            }

            await fleet.DrainAsync(DrainPatience, cancel);
            say("the rows are through");
            await acts;
            await fleet.DrainAsync(DrainPatience, cancel);

            // What was indexed last is found after a refresh.
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, cancel);
            return faults;
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAny(acts);
            await watching;
        }
    }

    private static async Task<string> StrikeAsync(Fault fault, ChaosServers servers, Fleet fleet, Action back, CancellationToken cancel)
    {
        var victims = fleet.Victims;
        var role = victims[fault.Victim % victims.Count];
        var serving = fleet.Serving[fault.Victim % fleet.Serving.Count];
        var broker = 1 + (fault.Victim % ChaosServers.Brokers);
        var (victim, strike, mend) = fault.Kind switch
        {
            FaultKind.KillProcess => (role.Name, role.KillAsync(cancel), () => Started(role)),
            FaultKind.RestartProcess => (serving.Name, serving.StopAsync(cancel), () => Started(serving)),
            FaultKind.PauseProcess => (role.Name, role.PauseAsync(cancel), () => role.ContinueAsync(cancel)),
            FaultKind.KillBroker => ($"broker {broker}", servers.CrashBrokerAsync(broker, cancel), () => servers.RestartBrokerAsync(broker, cancel)),
            FaultKind.StallBroker => ($"broker {broker}", servers.StallBrokerAsync(broker, cancel), () => servers.ContinueBrokerAsync(broker, cancel)),
            _ => ("elasticsearch", servers.CrashElasticsearchAsync(cancel), (Func<Task>)(() => servers.RestartElasticsearchAsync(cancel))),
        };
        await strike;
        await Task.Delay(fault.Lasts, TimeProvider.System, cancel);
        await mend();
        back();
        return victim;
    }

    private static Task Started(RoleProcess role)
    {
        role.Start();
        return Task.CompletedTask;
    }

    private static JsonObject Figures(ChaosPlan plan, List<Struck> faults, RunOutcome undisturbed, RunOutcome outcome, TimeSpan took)
    {
        var comparisons = undisturbed.Compare(outcome);
        var recoveries = faults.Select(f => f.Recovered.TotalSeconds).Order().ToList();
        return new JsonObject
        {
            ["faults"] = faults.Count,
            ["lost"] = comparisons.Sum(c => c.Lost),
            ["doubled"] = comparisons.Sum(c => c.Doubled),
            ["different"] = comparisons.Sum(c => c.Differences.Count),
            ["differences"] = new JsonArray([.. comparisons.SelectMany(c => c.Differences.Take(MostDifferences)).Select(d => JsonValue.Create(d))]),
            ["faultsByKind"] = new JsonObject(faults.GroupBy(f => f.Kind).OrderBy(g => g.Key).Select(g => KeyValuePair.Create<string, JsonNode?>(Name(g.Key), g.Count()))),
            ["faultsAfterTheInput"] = faults.Count(f => f.Idle),
            ["recoveryP50Seconds"] = recoveries.Count == 0 ? 0 : Math.Round(recoveries[recoveries.Count / 2], 1),
            ["recoveryMaxSeconds"] = recoveries.Count == 0 ? 0 : Math.Round(recoveries[^1], 1),
            ["feedLagMaxSeconds"] = faults.Max(f => f.FeedLag) is { } lag ? Math.Round(lag.TotalSeconds, 1) : null,
            ["feedLagUnknown"] = faults.Count(f => f.FeedLag is null),
            ["rows"] = plan.Rows,
            ["compared"] = new JsonObject(comparisons.Select(c => KeyValuePair.Create<string, JsonNode?>(c.Name, c.Entries))),
            ["seed"] = plan.Seed,
            ["seconds"] = Math.Round(took.TotalSeconds),
        };
    }

    private static string Name(FaultKind kind) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private sealed record Struck(FaultKind Kind, string Victim, TimeSpan Lasted, TimeSpan Recovered, TimeSpan? FeedLag, bool Idle);
}
