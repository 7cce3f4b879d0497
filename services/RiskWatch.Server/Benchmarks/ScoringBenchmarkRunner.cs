using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RiskWatch.Classification;
using RiskWatch.Classification.Models;
using RiskWatch.Classification.Taxonomies;
using RiskWatch.Classification.Training;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Places;

namespace RiskWatch.Server.Benchmarks;

/// <summary>How fast records are scored on one core: the compiled heads beside ML.NET's PredictionEngine and fastText, and the whole classifier with topics and places.</summary>
internal static class ScoringBenchmarkRunner
{
    private const int Expressions = 10_000;

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(3);

    public static async Task<JsonObject> RunAsync(string? labelled, CancellationToken cancel)
    {
        var rates = await Task.Run(() => ScoringBenchmark.Run(FastModel.Load(FastModel.DefaultPath), labelled, Least, TimeProvider.System, null, cancel), cancel);
        var (scoring, expressions) = await Task.Run(ExpressionSeconds, cancel);
        return new JsonObject
        {
            ["texts"] = rates.Texts,
            ["meanCharacters"] = Math.Round(rates.MeanLength, 1),
            ["medianCharacters"] = rates.MedianLength,
            ["p90Characters"] = rates.P90Length,
            ["outputs"] = rates.Outputs,
            ["recordsPerSecond"] = Math.Round(rates.RecordsPerSecond),
            ["predictionEngineRecordsPerSecond"] = Math.Round(rates.PredictionEngineRecordsPerSecond),
            ["fastTextRecordsPerSecond"] = rates.FastTextRecordsPerSecond is { } fastText ? Math.Round(fastText) : null,
            ["classifierRecordsPerSecond"] = Math.Round(await ClassifierRateAsync()),
            ["expressions"] = Expressions,
            ["expressionsShareOfScoring"] = Math.Round(expressions / scoring, 3),
        };
    }

    // What ten thousand expressions of a taxonomy cost beside scoring, on the same titles: names of places, as alternatives, with "and" and with "near".
    private static (double Scoring, double Expressions) ExpressionSeconds()
    {
        var titles = BenchmarkInput.Titles(10_000);
        List<string> words = [.. Gazetteer.Default.Places.Select(p => p.Names.Zh).Where(name => name.Length is >= 2 and <= 8 && name.All(c => c is >= '\u4E00' and <= '\u9FFF')).Distinct()];
        var random = new Random(1);
        string Piece() => words[random.Next(words.Count)];

        var yaml = new StringBuilder("topics:\n");
        for (var i = 0; i < Expressions; i++)
        {
            var expression = (i % 3) switch { 0 => $"{Piece()} {Piece()}", 1 => $"{Piece()} and {Piece()}", _ => $"{Piece()} near/12 {Piece()}" };
            yaml.Append(CultureInfo.InvariantCulture, $"  - {{ id: t{i}, names: {{ zh: t{i}, en: t{i} }}, zh: '{expression}' }}\n");
        }

        var matcher = TaxonomyReader.Read(yaml.ToString()).Matcher();
        var model = FastModel.Load(FastModel.DefaultPath);
        var matches = new List<TopicMatch>();
        return (Seconds(titles, title => model.Score(title, "zh", out _)), Seconds(titles, title =>
        {
            matches.Clear();
            matcher.Match(title, matches);
        }));
    }

    private static double Seconds(IReadOnlyList<string> texts, Action<string> work)
    {
        var clock = new Stopwatch();
        var laps = 0;
        for (; clock.Elapsed < Least; laps++)
        {
            foreach (var text in texts)
            {
                work(text);
            }

            // The first lap warms up.
            clock.Start();
        }

        return clock.Elapsed.TotalSeconds / (laps - 1);
    }

    // Everything that classification does for a record, on the bundled titles.
    private static async Task<double> ClassifierRateAsync()
    {
        var titles = BenchmarkInput.Titles(10_000);
        await using var provider = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddClassification().BuildServiceProvider();
        var classifier = provider.GetRequiredService<IClassifier>();
        var site = BuiltInControl.Entries.First(e => e.Site?.Id == "china").Site!;
        long done = 0;
        var clock = new Stopwatch();
        for (var lap = 0; clock.Elapsed < Least; lap++)
        {
            foreach (var title in titles)
            {
                classifier.Classify(new Record { Id = "1", Source = "bench", Published = DateTimeOffset.UnixEpoch, Text = title }, site);
            }

            // The first lap warms up.
            done += lap == 0 ? 0 : titles.Count;
            clock.Start();
        }

        return done / clock.Elapsed.TotalSeconds;
    }
}
