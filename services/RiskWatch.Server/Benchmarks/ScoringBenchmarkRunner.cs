using System.Diagnostics;
using System.Text.Json.Nodes;
using RiskWatch.Classification;
using RiskWatch.Classification.Models;
using RiskWatch.Classification.Training;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;

namespace RiskWatch.Server.Benchmarks;

/// <summary>How fast records are scored on one core: the compiled heads beside ML.NET's PredictionEngine and fastText, and the whole classifier with topics and places.</summary>
internal static class ScoringBenchmarkRunner
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(3);

    public static async Task<JsonObject> RunAsync(string? labelled, CancellationToken cancel)
    {
        var rates = await Task.Run(() => ScoringBenchmark.Run(FastModel.Load(FastModel.DefaultPath), labelled, Least, TimeProvider.System, null, cancel), cancel);
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
        };
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
