using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskWatch.Server.Benchmarks;

namespace RiskWatch.Server.Commands;

/// <summary><c>bench NAME</c>: a benchmark; <c>--json</c> prints one object, each figure named with its unit.</summary>
internal static class BenchCommand
{
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object on standard output" };
    private static readonly Option<int> Records = new("--records") { Description = "How many records", DefaultValueFactory = _ => 100_000, HelpName = "N" };
    private static readonly Option<int> PerMinute = new("--per-minute") { Description = "Records a minute of event time: each minute is a tick of its own, so sparse records cost more", DefaultValueFactory = _ => 600, HelpName = "N" };
    private static readonly Option<DirectoryInfo> Labelled = new("--labelled") { Description = "Folder with the labelled sets, for real posts; generated ones without it", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("..", "shared", "data")), HelpName = "DIR" };
    private static readonly Option<int> Runs = new("--runs") { Description = "Runs, alternating with the raw copy's; the median counts", DefaultValueFactory = _ => 3, HelpName = "N" };

    private static readonly Option<int> Rate = new("--rate") { Description = "Records pushed a second", DefaultValueFactory = _ => 1_000, HelpName = "N" };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long it measures", DefaultValueFactory = _ => 240, HelpName = "N" };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var many = new Option<int?>("--records") { Description = "How many records; left out: 100,000, and 400,000 on Kafka, where less is over before it has begun", HelpName = "N" };
        var pipeline = new Command("pipeline", "Records in, classified, tallied, alerts, stored and searchable, with a breakdown by stage. With --log kafka beside a raw transactional copy of the same bytes") { many, PerMinute, Runs, Json };
        pipeline.SetAction((parse, cancel) => PrintAsync(parse, PipelineBenchmark.RunAsync(parse, parse.GetValue(many), parse.GetValue(PerMinute), parse.GetValue(Runs), cancel)));
        var log = new Command("log", "Appends, and consumes and commits, on the event log alone") { Records, Json };
        log.SetAction((parse, cancel) => PrintAsync(parse, LogBenchmark.RunAsync(parse, parse.GetValue(Records), cancel)));
        var store = new Command("store", "Documents into the store alone; with --store elasticsearch or opensearch beside a plain loop of bulk requests with the same documents, in turns") { Records, Runs, Json };
        store.SetAction((parse, cancel) => PrintAsync(parse, StoreBenchmark.RunAsync(parse, parse.GetValue(Records), parse.GetValue(Runs), cancel)));
        var scoring = new Command("scoring", "All fast heads on one core, beside ML.NET's PredictionEngine and fastText where it is installed") { Labelled, Json };
        scoring.SetAction((parse, cancel) => PrintAsync(parse, ScoringBenchmarkRunner.RunAsync(parse.GetValue(Labelled) is { Exists: true } folder ? folder.FullName : null, cancel)));
        var latency = new Command("latency", "From the answer to a push until the live feed shows the provisional alert, and from a minute's end until its tick is decided, at a steady rate, with a breakdown by stage") { Rate, Seconds, Json };
        latency.SetAction((parse, cancel) => PrintAsync(parse, LatencyBenchmark.RunAsync(parse, parse.GetValue(Rate), TimeSpan.FromSeconds(parse.GetValue(Seconds)), cancel)));
        return new Command("bench", "Benchmarks; figures depend on the machine, so compare ratios") { pipeline, log, store, scoring, latency, DetectionBenchCommands.Create(Json, PrintAsync), DetectionBenchCommands.CreateForecast(Json, PrintAsync), ChaosCommands.Chaos(Json, PrintAsync), ChaosCommands.Feed() };
    }

    private static async Task<int> PrintAsync(ParseResult parse, Task<JsonObject> run)
    {
        var figures = await run;
        Console.Out.WriteLine(parse.GetValue(Json) ? figures.ToJsonString(Indented) : Table(figures));
        return 0;
    }

    private static string Table(JsonObject figures, string indent = "") => string.Join('\n', figures.Select(pair => pair.Value switch
    {
        JsonObject inner => $"{indent}{pair.Key}\n{Table(inner, indent + "  ")}",
        JsonArray list => $"{indent}{pair.Key}{string.Concat(list.Select(item => $"\n{indent}  {item}"))}",
        JsonValue value when value.TryGetValue(out double number) => string.Create(CultureInfo.InvariantCulture, $"{indent}{pair.Key,-34} {number,16:#,##0.###}"),
        var other => $"{indent}{pair.Key,-34} {other}",
    }));
}
