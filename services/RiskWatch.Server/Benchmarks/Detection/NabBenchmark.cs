using System.Globalization;
using System.Text.Json.Nodes;
using RiskWatch.Alerting.Detection.Metrics;

namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>The detector of real-valued series on the Numenta Anomaly Benchmark, scored as NAB does, with the threshold of the whole corpus and with one from the other categories.</summary>
internal static class NabBenchmark
{
    private const string Tweets = "realTweets";

    /// <summary>Figures; where <paramref name="results"/> is given the scores are left there in NAB's format, for <c>nab_score.py</c>.</summary>
    public static Task<JsonObject> RunAsync(string folder, string? results, CancellationToken cancel) => Task.Run(
        () =>
        {
            var categories = Score(NabCorpus.Read(folder), results, cancel);
            var figures = new JsonObject { ["files"] = categories.Sum(c => c.Files), ["windows"] = categories.Sum(c => c.Windows) };
            var tweets = new JsonObject();
            var leftOut = new JsonObject();
            var leftOutTweets = new JsonObject();
            foreach (var profile in NabProfile.All)
            {
                var threshold = Threshold(categories, profile);
                figures[profile.Name] = Figure(categories, profile, _ => threshold);
                figures[profile.Name + "Threshold"] = threshold;
                tweets[profile.Name] = Figure(categories.Where(c => c.Name == Tweets), profile, _ => threshold);
                leftOut[profile.Name] = Figure(categories, profile, Others);
                leftOutTweets[profile.Name] = Figure(categories.Where(c => c.Name == Tweets), profile, Others);

                double Others(NabCategory category) => Threshold(categories.Where(c => c != category), profile);
            }

            leftOut["tweets"] = leftOutTweets;
            figures["tweets"] = tweets;
            figures["leaveOneCategoryOut"] = leftOut;
            return figures;
        },
        cancel);

    /// <summary>Scores of every file by category.</summary>
    internal static List<NabCategory> Score(List<NabFile> files, string? results, CancellationToken cancel, MetricTuning? tuning = null)
    {
        var points = new Dictionary<string, (List<NabPoint> Points, int Files)>();
        var window = 0;
        foreach (var file in files)
        {
            cancel.ThrowIfCancellationRequested();
            var detector = new MetricDetector(tuning);
            double[] scores = [.. file.Times.Zip(file.Values, detector.Score)];
            var category = points.GetValueOrDefault(file.Category, ([], 0));
            category.Points.AddRange(NabScore.Points(scores, file.Windows, file.Probation, window));
            points[file.Category] = (category.Points, category.Files + 1);
            window += file.Windows.Count;
            if (results is not null)
            {
                Write(Path.Combine(results, file.Category), file, scores);
            }
        }

        return [.. points.Select(p => new NabCategory(p.Key, p.Value.Files, NabScore.Sorted(p.Value.Points)))];
    }

    private static void Write(string folder, NabFile file, double[] scores)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, "riskwatch_" + file.Name), scores
            .Select((score, row) => string.Create(CultureInfo.InvariantCulture, $"{file.Times[row]:yyyy-MM-dd HH:mm:ss},{file.Values[row]:R},{score:R}"))
            .Prepend("timestamp,value,anomaly_score"));
    }

    private static double Threshold(IEnumerable<NabCategory> categories, NabProfile profile)
    {
        var all = categories.ToList();
        return NabScore.Best(NabScore.Sorted(all.SelectMany(c => c.Points)), all.Sum(c => c.Windows), profile);
    }

    private static double Figure(IEnumerable<NabCategory> categories, NabProfile profile, Func<NabCategory, double> threshold)
    {
        var all = categories.ToList();
        return Math.Round(NabScore.Normalised(all.Sum(c => NabScore.At(c.Points, c.Windows, profile, threshold(c))), all.Sum(c => c.Windows), profile), 2);
    }
}

/// <summary>A category's scored rows, highest first.</summary>
internal sealed record NabCategory(string Name, int Files, NabPoint[] Points)
{
    /// <summary>Labelled windows of which a row is judged.</summary>
    public int Windows { get; } = Points.Where(p => p.Window >= 0).Select(p => p.Window).Distinct().Count();
}
