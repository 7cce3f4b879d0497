using System.CommandLine;
using System.Globalization;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Ingestion.Mappings;
using RiskWatch.Ingestion.Replay;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Commands;

/// <summary><c>replay</c>: files through the whole pipeline in event time, in a data directory of its own.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<string[]> Files = new("FILES") { Description = "NDJSON, CSV or TSV files, also .gz", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Mapping = new("--mapping") { Description = $"How columns become fields: {string.Join(", ", BuiltInMappings.Names)}, or a mapping file", HelpName = "NAME|FILE" };
    private static readonly Option<string?> Site = new("--site") { Description = $"The site that takes all the input: {string.Join(", ", BuiltInControl.Entries.Where(e => e.Kind == ControlKind.Site).Select(e => e.EntityId))}, or a file with a site of your own (see 'sites get'); default: the site that names the record's source", HelpName = "NAME|FILE" };
    private static readonly Option<string> Out = new("--out") { Description = "Folder for alerts.jsonl and the replay's own log and store; a replay that was interrupted goes on there", Required = true, HelpName = "DIR" };
    private static readonly Option<double?> Rate = new("--rate") { Description = "At most this many records a second", HelpName = "N" };

    private static readonly IReadOnlySet<string> WithStore = new HashSet<string> { Roles.Classification, Roles.Alerting, Roles.Indexing };
    private static readonly IReadOnlySet<string> WithoutStore = new HashSet<string> { Roles.Classification, Roles.Alerting };

    public static Command Create()
    {
        var command = new Command("replay", "Replays files through the whole pipeline in event time, as fast as it goes, never into the live log; writes alerts.jsonl") { Files, Mapping, Site, Out, Rate };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var folder = Path.GetFullPath(parse.GetValue(Out)!);
        var data = parse.GetValue(CommonOptions.Data) ?? Path.Combine(folder, "data");
        var configuration = CommonOptions.Configuration(parse, new Dictionary<string, string?> { ["RiskWatch:Data"] = data, ["RiskWatch:Alerting:Provisional"] = "false", ["RiskWatch:Classification:EncoderSheds"] = "false" });
        var request = ReplayRequest.Of(parse.GetValue(Files)!, parse.GetValue(Mapping), parse.GetValue(Site), Path.Combine(data, "sorted")) with { RecordsPerSecond = parse.GetValue(Rate) };
        if (configuration["RiskWatch:Store"] is "elasticsearch" or "opensearch")
        {
            throw new UsageException("replay has a store of its own in its data folder: say --store sqlite or --store none.");
        }

        var roles = configuration["RiskWatch:Store"] == "none" ? WithoutStore : WithStore;
        using var host = RiskWatchHost.Plain(configuration, roles, services => services.AddActing());
        await host.StartAsync(cancel);
        try
        {
            request = request with { Site = await SiteFile.UseAsync(host.Services, request.Site, cancel) };
            var started = TimeProvider.System.GetTimestamp();
            var worker = host.Services.GetRequiredService<ReplayWorker>();
            var done = await new ReplayProgressLine().RunAsync(progress => worker.RunAsync(request, progress, cancel));
            await Pipeline.DrainAsync(host, roles, cancel);
            var alerts = await Pipeline.AlertsAsync(host.Services.GetRequiredService<IEventLog>(), cancel);
            await AlertFile.WriteAsync(Path.Combine(folder, "alerts.jsonl"), alerts, cancel);
            var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{done.Accepted:N0} records, {done.Refused:N0} refused, {alerts.Count:N0} alerts in {seconds:F1} s ({done.Rows / Math.Max(seconds, 1e-9):N0} rows/s)"));
            foreach (var (reason, count) in done.RefusedByReason.OrderByDescending(r => r.Value))
            {
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  refused, {reason}: {count:N0} (riskwatch deadletter list --data {data})"));
            }

            return 0;
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }
}
