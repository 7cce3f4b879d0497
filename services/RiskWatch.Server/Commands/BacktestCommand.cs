using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiskWatch.Alerting.Warning;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using RiskWatch.Ingestion.Replay;
using RiskWatch.Server.Backtesting;
using RiskWatch.Server.Hosting;
using Spectre.Console;
using Rule = RiskWatch.Contracts.Rule;

namespace RiskWatch.Server.Commands;

/// <summary><c>backtest</c>: what the alerts of files, or of what the log holds, were worth against incidents that really happened; by the rules that hold and by a candidate.</summary>
internal static class BacktestCommand
{
    private static readonly double[] Scales = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];

    private static readonly Argument<string[]> Files = new("FILES") { Description = "Files to replay first; without them: what the log of --data or --log kafka holds (findings are kept for 13 months)", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string?> Mapping = new("--mapping") { Description = "How columns of FILES become fields", HelpName = "NAME|FILE" };
    private static readonly Option<string?> SiteName = new("--site") { Description = "Site to judge; may be left out where there is one only; with FILES also a file with a site of your own", HelpName = "NAME|FILE" };
    private static readonly Option<FileInfo?> Incidents = new("--incidents") { Description = "CSV: name,topic,place,onset,end; without it: the warnings that staff reported as missed, and the alerts that they closed as true", HelpName = "FILE" };
    private static readonly Option<FileInfo?> Candidate = new("--candidate") { Description = "Rules to judge beside those that hold, as 'rules get' writes them", HelpName = "RULES" };
    private static readonly Option<FileInfo?> Html = new("--html") { Description = "Writes a page with the curve of detection against load", HelpName = "FILE" };
    private static readonly Option<bool> AsJson = new("--json") { Description = "Figures as JSON" };

    public static Command Create()
    {
        var command = new Command("backtest", "Alerts against incidents that really happened: detection, false alarms, lead time and load, by the rules that hold and by a candidate")
        {
            Files, Mapping, SiteName, Incidents, Candidate, Html, AsJson,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        if (parse.GetValue(Files) is not { Length: > 0 } files)
        {
            return await DeskHost.UseAsync(parse, services => JudgeAsync(parse, services, parse.GetValue(SiteName), cancel), cancel);
        }

        var folder = parse.GetValue(CommonOptions.Data) ?? Directory.CreateTempSubdirectory("riskwatch-backtest-").FullName;
        try
        {
            var request = ReplayRequest.Of(files, parse.GetValue(Mapping), parse.GetValue(SiteName), Path.Combine(folder, "sorted"));
            var configuration = CommonOptions.Replaying(parse, folder);
            IReadOnlySet<string> roles = new HashSet<string> { Roles.Classification, Roles.Alerting };
            using var host = RiskWatchHost.Plain(configuration, roles, services => services.AddActing());
            await host.StartAsync(cancel);
            try
            {
                request = request with { Site = await SiteFile.UseAsync(host.Services, request.Site, cancel) };
                var worker = host.Services.GetRequiredService<ReplayWorker>();
                await new ReplayProgressLine().RunAsync(progress => worker.RunAsync(request, progress, cancel));
                await Pipeline.DrainAsync(host, roles, cancel);
                return await JudgeAsync(parse, host.Services, request.Site, cancel);
            }
            finally
            {
                await host.StopAsync(CancellationToken.None);
            }
        }
        finally
        {
            if (parse.GetValue(CommonOptions.Data) is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<int> JudgeAsync(ParseResult parse, IServiceProvider services, string? given, CancellationToken cancel)
    {
        var log = services.GetRequiredService<IEventLog>();
        var view = services.GetRequiredService<IControlTable>().Latest;
        var (taxonomy, gazetteer) = (services.GetRequiredService<ITaxonomy>(), services.GetRequiredService<IGazetteer>());
        var name = given ?? await OnlySiteAsync(log, cancel);
        var site = view.Site(name, DateTimeOffset.MaxValue) ?? throw new UsageException($"There is no site '{name}'.");
        var incidents = parse.GetValue(Incidents) is { } file
            ? Incident.Read(file, site, taxonomy, gazetteer)
            : Incident.Reported(services.GetRequiredService<ControlDesk>().Misses(), await Pipeline.AlertsAsync(log, cancel), site);
        var candidate = await CandidateAsync(parse, services, cancel);
        var history = await SignalHistory.ReadAsync(log, name, incidents.Select(i => i.Series(name)).ToHashSet(), cancel);
        if (history.Last == long.MinValue)
        {
            throw new UsageException($"The log holds no tick of site '{name}': replay FILES, or name the data folder or cluster that watched it (--data, --log kafka).");
        }

        var kinship = new Kinship(taxonomy, gazetteer, site);
        async Task<Backtest> By(ControlView rules) => Backtest.Of(incidents, (await history.DecideAsync(services, rules, null, long.MaxValue, cancel)).Alerts, history, kinship, site);
        List<(string, Backtest)> sets = [("current", await By(view))];
        if (candidate is not null)
        {
            sets.Add(("candidate", await By(RuleSets.With(view, candidate))));
        }

        var curve = new List<LoadPoint>();
        foreach (var scale in Scales)
        {
            curve.Add(new LoadPoint(scale, await By(RuleSets.Scaled(view, scale))));
        }

        var report = new BacktestReport(name, Time(history.First), Time(history.Last + 1), sets, curve);
        if (parse.GetValue(Html) is { } page)
        {
            await File.WriteAllTextAsync(page.FullName, BacktestPage.Of(report), cancel);
            await Console.Error.WriteLineAsync($"written: {page.FullName}");
        }

        if (parse.GetValue(AsJson))
        {
            Console.Out.WriteLine(report.ToJson().ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        }
        else
        {
            report.Write(AnsiConsole.Console);
        }

        return 0;
    }

    private static async Task<IReadOnlyList<Rule>?> CandidateAsync(ParseResult parse, IServiceProvider services, CancellationToken cancel)
    {
        if (parse.GetValue(Candidate) is not { } file)
        {
            return null;
        }

        var rules = ControlJson.Read<Rule>(await File.ReadAllTextAsync(file.FullName, cancel), out var error);
        var errors = rules is null ? [error!] : services.GetRequiredService<ControlDesk>().Validate(rules);
        return errors.Count == 0 ? rules : throw new UsageException($"{file.Name}: {string.Join("; ", errors.Select(e => $"{e.Path}: {e.Message}"))}");
    }

    private static async Task<string> OnlySiteAsync(IEventLog log, CancellationToken cancel)
    {
        var sites = new SortedSet<string>(StringComparer.Ordinal);
        await using var tail = log.Tail(Topics.Signals, fromBeginning: true);
        while (!tail.CaughtUp)
        {
            sites.UnionWith((await tail.ReadAsync(TimeSpan.FromMilliseconds(50), cancel)).Where(m => m.Type == EntryTypes.TickReport).Select(m => m.Key!));
        }

        return sites.Count == 1 ? sites.Min! : throw new UsageException(sites.Count == 0 ? "The log holds no tick of any site." : $"Say --site: {string.Join(", ", sites)}.");
    }

    private static DateTimeOffset Time(long minute) => DateTimeOffset.FromUnixTimeSeconds(minute * 60);
}
