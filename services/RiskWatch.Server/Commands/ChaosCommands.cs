using System.CommandLine;
using RiskWatch.Ingestion.Replay;
using RiskWatch.Server.Benchmarks.Chaos;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Commands;

/// <summary><c>bench chaos</c>, and <c>bench feed</c>, which is its ingestion.</summary>
internal static class ChaosCommands
{
    private static readonly Option<double?> Minutes = new("--minutes") { Description = "For how long faults come at most [default: 10, unless --faults]", HelpName = "N" };
    private static readonly Option<int?> Faults = new("--faults") { Description = "At most so many faults", HelpName = "N" };
    private static readonly Option<int> Rate = new("--rate") { Description = "Rows a second", DefaultValueFactory = _ => 100, HelpName = "N" };
    private static readonly Option<int> Patience = new("--patience") { Description = "Seconds that recovery from a fault may take; more where other work shares the machine", DefaultValueFactory = _ => 60, HelpName = "N" };
    private static readonly Option<int> Seed = new("--seed") { Description = "Which faults, and when", DefaultValueFactory = _ => 1, HelpName = "N" };
    private static readonly Option<FaultKind[]> Kinds = new("--kinds") { Description = "Kinds of fault; default: all", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int> Webs = new("--webs") { Description = "Web processes; with 2 and --kinds restartProcess the feed's lag over a rolling restart", DefaultValueFactory = _ => new ChaosPlan().Webs, HelpName = "N" };
    private static readonly Option<DirectoryInfo?> Servers = new("--servers") { Description = "Folder with kafka.sh and elasticsearch.sh [RISKWATCH_SERVERS; default: shared/servers beside a folder above]", HelpName = "DIR" };
    private static readonly Option<int> KafkaPort = new("--kafka-port") { Description = "First port of the three brokers", DefaultValueFactory = _ => new ChaosPlan().KafkaPort };
    private static readonly Option<int> ElasticsearchPort = new("--elasticsearch-port") { Description = "Port of Elasticsearch", DefaultValueFactory = _ => new ChaosPlan().ElasticsearchPort };
    private static readonly Option<string?> Keep = new("--keep") { Description = "Keep data and what the processes said in this folder", HelpName = "DIR" };

    private static readonly Argument<string[]> Files = new("FILES") { Description = "NDJSON, CSV or TSV files, also .gz", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Mapping = new("--mapping") { Description = "As of replay", HelpName = "NAME|FILE" };
    private static readonly Option<string?> Site = new("--site") { Description = "As of replay", HelpName = "NAME" };
    private static readonly Option<double?> FeedRate = new("--rate") { Description = "At most this many records a second", HelpName = "N" };

    public static Command Chaos(Option<bool> json, Func<ParseResult, Task<System.Text.Json.Nodes.JsonObject>, Task<int>> print)
    {
        var command = new Command("chaos", "Every role as a process on three brokers and Elasticsearch of its own; kill -9, paused processes, stalled brokers, one after another; compared with an undisturbed run")
        {
            Minutes, Faults, Rate, Patience, Seed, Kinds, Webs, Servers, KafkaPort, ElasticsearchPort, Keep, json,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var plan = new ChaosPlan
            {
                Faults = parse.GetValue(Faults),
                Minutes = parse.GetValue(Minutes) ?? (parse.GetValue(Faults) is null ? 10 : null),
                Rate = parse.GetValue(Rate),
                Patience = TimeSpan.FromSeconds(parse.GetValue(Patience)),
                Seed = parse.GetValue(Seed),
                Webs = parse.GetValue(Webs),
                Servers = parse.GetValue(Servers),
                KafkaPort = parse.GetValue(KafkaPort),
                ElasticsearchPort = parse.GetValue(ElasticsearchPort),
                Keep = parse.GetValue(Keep),
            };
            plan = parse.GetValue(Kinds) is { Length: > 0 } kinds ? plan with { Kinds = kinds.ToHashSet() } : plan;
            var figures = await ChaosBenchmark.RunAsync(plan, words => Console.Error.WriteLine(words), cancel);
            await print(parse, Task.FromResult(figures));
            return (int)figures["different"]! == 0 ? 0 : 1;
        });
        return command;
    }

    /// <summary>Rows into the log that the configuration names, while other processes run the stages; goes on where an earlier run of the same rows stopped.</summary>
    public static Command Feed()
    {
        var command = new Command("feed", "Rows into the log that the configuration names, as their one source, while other processes run the stages") { Files, Mapping, Site, FeedRate };
        command.SetAction(async (parse, cancel) =>
        {
            var configuration = CommonOptions.Configuration(parse);
            using var host = RiskWatchHost.Plain(configuration, new HashSet<string>(), exclusive: false);
            await host.StartAsync(cancel);
            try
            {
                var work = Path.Combine(Path.GetFullPath(configuration["RiskWatch:Data"] ?? new RiskWatchOptions().Data), "sorted");
                var request = ReplayRequest.Of(parse.GetValue(Files)!, parse.GetValue(Mapping), parse.GetValue(Site), work) with { RecordsPerSecond = parse.GetValue(FeedRate) };
                await host.Services.GetRequiredService<ReplayWorker>().RunAsync(request, null, cancel);
                return 0;
            }
            finally
            {
                await host.StopAsync(CancellationToken.None);
            }
        });
        return command;
    }
}
