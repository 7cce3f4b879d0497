using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;
using RiskWatch.Ingestion.Replay;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Commands;

/// <summary><c>demo</c>: bundled real incidents through the services that <c>run</c> starts, with the console open.</summary>
internal static class DemoCommand
{
    private static readonly Argument<string?> Name = new("NAME") { Description = "boston or china; default: both", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Urls = new("--urls") { Description = "Addresses of the console [RiskWatch:Urls; default: http://127.0.0.1:8080]" };
    private static readonly Option<bool> Exit = new("--exit") { Description = "End when the replay is through, instead of keeping the console open" };

    private static readonly IReadOnlySet<string> DemoRoles = new HashSet<string> { Roles.Classification, Roles.Alerting, Roles.Indexing, Roles.Web };

    public static Command Create()
    {
        var command = new Command("demo", "Replays bundled real incidents (Hurricane Irene in Boston 2011, the Zhengzhou flood 2021) with the console open") { Name, Urls, Exit };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var inputs = DemoInput.Load(parse.GetValue(Name));
        var temporary = parse.GetValue(CommonOptions.Data) is null;
        var data = parse.GetValue(CommonOptions.Data) ?? Path.Combine(Path.GetTempPath(), $"riskwatch-demo-{Environment.ProcessId}");
        var overrides = new Dictionary<string, string?> { ["RiskWatch:Data"] = data, ["RiskWatch:Alerting:Provisional"] = "false", ["RiskWatch:Classification:EncoderSheds"] = "false" };
        if (parse.GetValue(Urls) is { } urls)
        {
            overrides["RiskWatch:Urls"] = urls;
        }

        if (parse.GetValue(CommonOptions.LogLevel) is null)
        {
            overrides["RiskWatch:LogLevel"] = "Warning";
        }

        await using var app = RiskWatchHost.Web(CommonOptions.Configuration(parse, overrides), DemoRoles);
        try
        {
            await app.StartAsync(cancel);
            await Console.Error.WriteLineAsync($"Console: {app.Urls.First()}");
            await ReplayAsync(app, inputs, data, cancel);
            if (!parse.GetValue(Exit))
            {
                await Console.Error.WriteLineAsync($"The console stays open at {app.Urls.First()}; Ctrl+C ends it.");
                await app.WaitForShutdownAsync(cancel);
            }

            return 0;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
            if (temporary && Directory.Exists(data))
            {
                Directory.Delete(data, recursive: true);
            }
        }
    }

    private static async Task ReplayAsync(WebApplication app, IReadOnlyList<DemoInput> inputs, string data, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        var request = new ReplayRequest([.. inputs.Select(i => new ReplayInput(i.Path, i.Mapping))], null, Path.Combine(data, "sorted"));
        var worker = app.Services.GetRequiredService<ReplayWorker>();
        var done = await new ReplayProgressLine().RunAsync(progress => worker.RunAsync(request, progress, cancel));
        await Pipeline.DrainAsync(app, DemoRoles, cancel);
        var alerts = await Pipeline.AlertsAsync(app.Services.GetRequiredService<IEventLog>(), cancel);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{done.Accepted:N0} records in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F0} s, {alerts.Count} alerts."));
        var store = app.Services.GetRequiredService<IStore>();
        foreach (var input in inputs)
        {
            await Console.Error.WriteLineAsync(await StoryAsync(input.Incident, alerts, store, cancel));
        }
    }

    // First warning and peak are read from what the pipeline produced, by the same rule for each incident.
    private static async Task<string> StoryAsync(DemoIncident incident, IReadOnlyList<Alert> alerts, IStore store, CancellationToken cancel)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(incident.TimeZone);
        var calm = alerts.Count(a => a.Site == incident.Site && a.RaisedAt < incident.From);
        var first = alerts.FirstOrDefault(a => a.Site == incident.Site && a.RaisedAt >= incident.From && a.RaisedAt < incident.Until && incident.Concerns(a));
        var hours = await store.HistogramAsync(new RecordQuery { Site = incident.Site, Topic = incident.Topics is [var widest, ..] ? widest : null, Place = incident.Place, From = incident.From, Until = incident.Until }, TimeSpan.FromHours(1), cancel);
        var peak = hours.OrderByDescending(h => h.Count).ThenBy(h => h.Start).FirstOrDefault();
        return $"""

            {incident.Name}
              first warning  {(first is null ? "none" : $"{Local(first.RaisedAt)}, level {first.History[0].Level}, peak level {first.PeakLevel}: {first.Headline.En} | {first.Headline.Zh}")}
              peak           {(peak is null ? "no records" : $"{Local(peak.Start)}–{TimeZoneInfo.ConvertTime(peak.Start.AddHours(1), zone).ToString("HH:mm", CultureInfo.InvariantCulture)} with {peak.Count} records")}
              before it      {calm} other alerts at this site since the replay's beginning
            """;

        string Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }
}

/// <summary>One bundled replay and the incident it is told by.</summary>
internal sealed record DemoInput(string Name, string File, string Mapping, DemoIncident Incident)
{
    public string Path => System.IO.Path.Combine(Folder, File);

    private static string Folder => System.IO.Path.Combine(AppContext.BaseDirectory, "Demo");

    public static IReadOnlyList<DemoInput> Load(string? name)
    {
        using var stream = System.IO.File.OpenRead(System.IO.Path.Combine(Folder, "demo.json"));
        var all = JsonSerializer.Deserialize<List<DemoInput>>(stream, JsonSerializerOptions.Web)!;
        var chosen = name is null ? all : [.. all.Where(i => i.Name == name)];
        return chosen.Count > 0 ? chosen : throw new UsageException($"There is no demo '{name}'; there are: {string.Join(", ", all.Select(i => i.Name))}.");
    }
}

/// <summary>What happened, when (event time) and where, for the words printed at the end; of a topic and those under it the widest stands first.</summary>
internal sealed record DemoIncident(string Name, string Site, string TimeZone, DateTimeOffset From, DateTimeOffset Until, IReadOnlyList<string> Topics, string? Place)
{
    /// <summary>An alert about one of these topics, or about this place or a place around it.</summary>
    public bool Concerns(Alert alert) => (alert.Topic is { } topic && Topics.Contains(topic.Id))
        || (Place is not null && alert.Place is { } place && (Place.StartsWith(place.Code, StringComparison.Ordinal) || place.Code.StartsWith(Place, StringComparison.Ordinal)));
}
