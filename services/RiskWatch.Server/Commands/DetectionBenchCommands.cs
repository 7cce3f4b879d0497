using System.CommandLine;
using System.Text.Json.Nodes;
using RiskWatch.Server.Benchmarks.Detection;

namespace RiskWatch.Server.Commands;

/// <summary><c>bench detection …</c>: how fast the detectors are, and how well they find what was hidden in simulated and public series.</summary>
internal static class DetectionBenchCommands
{
    // Constants were chosen on seed 1; this one was not looked at before the figures of the README.
    private const int FreshSeed = 2026;

    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of the simulated series; constants were chosen on seed 1", DefaultValueFactory = _ => FreshSeed, HelpName = "N" };
    private static readonly Option<int> Channels = new("--channels") { Description = "Series that live at once", DefaultValueFactory = _ => 1_000_000, HelpName = "N" };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "Hours that each of them is updated with", DefaultValueFactory = _ => 8, HelpName = "N" };
    private static readonly Option<bool> Anchor = new("--anchor") { Description = "Farrington Flexible of R's surveillance on the same series, where it is installed; minutes" };

    private static readonly Option<DirectoryInfo?> Results = new("--results") { Description = "Leave the scores in this folder, in NAB's format", HelpName = "DIR" };

    public static Command Create(Option<bool> json, Func<ParseResult, Task<JsonObject>, Task<int>> print)
    {
        var speed = new Command("speed", "Updates of the series model on one core, its memory and what it allocates") { Channels, Rounds, Seed, json };
        speed.SetAction((parse, cancel) => print(parse, SpeedBenchmark.RunAsync(parse.GetValue(Seed), parse.GetValue(Channels), parse.GetValue(Rounds), cancel)));
        var weeklyReplicates = Replicates("scenario", 30);
        var weekly = new Command("weekly-42", "42 weekly scenarios with outbreaks (Noufaily et al. 2013) at a nominal false-positive rate of 1 %") { weeklyReplicates, Anchor, Seed, json };
        weekly.SetAction((parse, cancel) => print(parse, WeeklyBenchmark.RunAsync(parse.GetValue(Seed), parse.GetValue(weeklyReplicates), parse.GetValue(Anchor), cancel)));
        var dailyReplicates = Replicates("signal", 40);
        var daily = new Command("daily-16", "16 daily signals with outbreaks (Noufaily et al. 2019), with holidays known and without") { dailyReplicates, Seed, json };
        daily.SetAction((parse, cancel) => print(parse, DailyBenchmark.RunAsync(parse.GetValue(Seed), parse.GetValue(dailyReplicates), cancel)));
        var tailsReplicates = Replicates("mean and variance", 60);
        var tails = new Command("tails", "How often undisturbed series are called as improbable as 10⁻⁴, over 10⁻⁴") { tailsReplicates, Seed, json };
        tails.SetAction((parse, cancel) => print(parse, TailsBenchmark.RunAsync(parse.GetValue(Seed), parse.GetValue(tailsReplicates), cancel)));
        var nab = new Command("nab", "The detector of real-valued series (verb detect) on the Numenta Anomaly Benchmark; --data is its folder, ../shared/data/ts_nab without it") { Results, json };
        nab.SetAction((parse, cancel) => print(parse, NabBenchmark.RunAsync(NabFolder(parse), parse.GetValue(Results)?.FullName, cancel)));
        var brigade = new Command("brigade", "Few accounts with many posts, a petition, a rumour, an outage with its late batch, a festival known and unknown: each through the whole pipeline") { Seed, json };
        brigade.SetAction((parse, cancel) => print(parse, BrigadeBenchmark.RunAsync(parse, parse.GetValue(Seed), cancel)));
        return new Command("detection", "The detectors: speed, simulated outbreaks, calibration, public series") { speed, weekly, daily, tails, nab, brigade };
    }

    /// <summary><c>bench forecast</c>.</summary>
    public static Command CreateForecast(Option<bool> json, Func<ParseResult, Task<JsonObject>, Task<int>> print)
    {
        var forecast = new Command("forecast", "Volume of the next 24 hours with 90 % intervals, on public series; --data is NAB's folder, ../shared/data/ts_nab without it") { json };
        forecast.SetAction((parse, cancel) => print(parse, ForecastBenchmark.RunAsync(NabFolder(parse), cancel)));
        return forecast;
    }

    private static Option<int> Replicates(string of, int count) => new("--replicates") { Description = $"Series of each {of}", DefaultValueFactory = _ => count, HelpName = "N" };

    private static string NabFolder(ParseResult parse)
    {
        var folder = parse.GetValue(CommonOptions.Data) ?? Path.Combine("..", "shared", "data", "ts_nab");
        return Directory.Exists(folder) ? folder : throw new UsageException($"There is no folder {folder}; name the one with NAB's data and labels with --data.");
    }
}
