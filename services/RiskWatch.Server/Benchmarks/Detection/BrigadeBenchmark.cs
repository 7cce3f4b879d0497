using System.CommandLine;
using System.Text.Json.Nodes;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Core.Log;
using RiskWatch.Ingestion.Replay;
using RiskWatch.Server.Commands;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>What a few accounts, a petition, a rumour, an outage and a festival come to, each through the whole pipeline: alerts that the same six weeks without it raise too are left out.</summary>
internal static class BrigadeBenchmark
{
    private const string SiteId = "drill";
    private static readonly IReadOnlySet<string> Stages = new HashSet<string> { Roles.Classification, Roles.Alerting };

    /// <summary>One row per scenario: what must come out, what came out, and whether that is so.</summary>
    public static async Task<JsonObject> RunAsync(ParseResult parse, int seed, CancellationToken cancel)
    {
        List<Scenario> scenarios =
        [
            new("nothing", "at most one alert a day, as the site allows", input => input.Ordinary(), o => o.Before <= BrigadeInput.Days && o.Alerts.Count <= 1),
            new("one hundred copies from five accounts", "no alert more: five distinct pairs of author and text", input => { input.Ordinary(); input.FiveAccounts(copies: true); }, o => o.Alerts.Count == 0),
            new("one hundred texts from five accounts", "no alert more, the finding shown as concentrated", input => { input.Ordinary(); input.FiveAccounts(copies: false); }, o => o.Alerts.Count == 0 && o.Concentrated > 0),
            new("petition, one text from 500 callers", "one alert more, of hotline records, at level III or above", input => { input.Ordinary(); input.Petition(); }, o => o.Alerts is [{ PeakLevel: >= AlertLevel.III, Kinds: { Hotline: > 100, Posts: < 100 } }]),
            new("rumour shared by 300", "an alert of likely false information, beside those of its volume", input => { input.Ordinary(); input.Rumour(); }, o => o.Alerts.Any(a => a.Topic?.Id == SeriesTopics.LikelyFalse)),
            new("six hours of outage and their late batch", "no alert more", input => input.Ordinary(outage: true), o => o.Alerts.Count == 0),
            new("festival that the calendar knows", "no alert on the day", input => input.Ordinary(), o => o.Festival.Count == 0),
            new("festival that it does not know", "an alert on the day", input => input.Ordinary(), o => o.Festival.Count > 0) { Calendar = null },
        ];
        var rows = new JsonArray();
        var usual = new HashSet<string>();
        var passed = 0;
        foreach (var scenario in scenarios)
        {
            cancel.ThrowIfCancellationRequested();
            var outcome = await ReplayAsync(parse, scenario, seed, cancel);
            if (scenario.Calendar is not null)
            {
                outcome = outcome with { Alerts = [.. outcome.Alerts.Where(a => !usual.Contains(a.Id))] };
                usual.UnionWith(rows.Count == 0 ? outcome.Alerts.Select(a => a.Id) : []);
            }

            var asExpected = scenario.Holds(outcome);
            passed += asExpected ? 1 : 0;
            rows.Add(new JsonObject
            {
                ["scenario"] = scenario.Name,
                ["expected"] = scenario.Expected,
                ["alerts"] = new JsonArray([.. outcome.Alerts.Concat(outcome.Festival).Distinct().Select(a => (JsonNode)$"{a.PeakLevel} {a.Headline.En}")]),
                ["concentratedFindings"] = outcome.Concentrated,
                ["alertsBefore"] = outcome.Before,
                ["minutesToFirstAlert"] = outcome.Alerts.Count == 0 ? null : DetectionFigures.Rounded((outcome.Alerts[0].RaisedAt - BrigadeInput.Event).TotalMinutes),
                ["asExpected"] = asExpected,
            });
        }

        return new JsonObject { ["seed"] = seed, ["scenarios"] = scenarios.Count, ["asExpected"] = passed, ["rows"] = rows };
    }

    private static async Task<Outcome> ReplayAsync(ParseResult parse, Scenario scenario, int seed, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("riskwatch-brigade-").FullName;
        try
        {
            var file = Path.Combine(folder, "input.ndjson");
            var input = new BrigadeInput(seed);
            scenario.Make(input);
            input.Write(file);
            var configuration = CommonOptions.Replaying(parse, folder);
            using var host = RiskWatchHost.Plain(configuration, Stages, services => services.AddActing());
            await host.StartAsync(cancel);
            try
            {
                await host.Services.GetRequiredService<ControlDesk>().SetAsync(
                    new Site { Id = SiteId, Names = new BilingualText("演练", "Drill"), TimeZone = "Asia/Shanghai", Calendar = scenario.Calendar, GazetteerRoot = "cn", Languages = ["zh"], Sources = [BrigadeInput.Posts, BrigadeInput.Hotline] },
                    "bench",
                    cancel);
                await host.Services.GetRequiredService<ReplayWorker>().RunAsync(ReplayRequest.Of([file], null, SiteId, Path.Combine(folder, "sorted")), null, cancel);
                await Pipeline.DrainAsync(host, Stages, cancel);
                return await OutcomeAsync(host.Services.GetRequiredService<IEventLog>(), cancel);
            }
            finally
            {
                await host.StopAsync(CancellationToken.None);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Outcome> OutcomeAsync(IEventLog log, CancellationToken cancel)
    {
        var all = await Pipeline.AlertsAsync(log, cancel);
        var concentrated = 0;
        await Pipeline.EachAsync(
            log,
            Topics.Signals,
            message => concentrated += message.Type == EntryTypes.Signal && Entries.Read(message, ContractsJson.Default.Signal) is { Concentrated: true } signal && EndOf(signal.Tick) > BrigadeInput.Event ? 1 : 0,
            cancel);
        var (next, festival) = (BrigadeInput.Event.AddDays(1), BrigadeInput.Event.AddDays(2).Date);
        return new Outcome(
            [.. all.Where(a => a.RaisedAt > BrigadeInput.Event && a.RaisedAt < next)],
            [.. all.Where(a => a.RaisedAt.ToOffset(BrigadeInput.Event.Offset).Date == festival)],
            all.Count(a => a.RaisedAt <= BrigadeInput.Event),
            concentrated);
    }

    private static DateTimeOffset EndOf(long tick) => DateTimeOffset.FromUnixTimeSeconds((tick + 1) * 60);

    private sealed record Scenario(string Name, string Expected, Action<BrigadeInput> Make, Func<Outcome, bool> Holds)
    {
        public string? Calendar { get; init; } = "cn";
    }

    /// <summary>Alerts of the day after the event began and of the festival, how many there were before, and findings by volume alone.</summary>
    private sealed record Outcome(IReadOnlyList<Alert> Alerts, IReadOnlyList<Alert> Festival, int Before, int Concentrated);
}
