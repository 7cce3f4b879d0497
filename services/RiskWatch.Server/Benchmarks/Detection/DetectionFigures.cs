using System.Text.Json.Nodes;

namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>What is said of a detector on simulated outbreaks.</summary>
internal static class DetectionFigures
{
    /// <summary>False-positive rate, probability of detection and delay at a threshold, with 95 % intervals; rates as fractions.</summary>
    /// <param name="series">Judged series.</param>
    /// <param name="threshold">Alarm below this p-value.</param>
    /// <param name="bucket">Name of a bucket, as the delay's figure carries it: <c>Days</c>, <c>Weeks</c>.</param>
    public static JsonObject Of(IReadOnlyList<JudgedSeries> series, double threshold, string bucket)
    {
        var delays = series.Select(s => s.Delay(threshold)).ToList();
        var found = delays.OfType<int>().Order().ToList();
        var falsePositives = Rate.OfMeans([.. series.Select(s => s.FalsePositiveRate(threshold))]);
        var detection = Rate.Of(found.Count, series.Count);
        return new JsonObject
        {
            ["threshold"] = threshold,
            ["series"] = series.Count,
            ["falsePositiveRate"] = Rounded(falsePositives.Value),
            ["falsePositiveRateInterval"] = Interval(falsePositives),
            ["probabilityOfDetection"] = Rounded(detection.Value),
            ["probabilityOfDetectionInterval"] = Interval(detection),
            ["medianDelay" + bucket] = Median(found),
            ["medianDelayWithMisses" + bucket] = Median([.. delays.Select(d => d ?? int.MaxValue).Order()]) is int.MaxValue ? null : Median([.. delays.Select(d => d ?? int.MaxValue).Order()]),
        };
    }

    /// <summary>The threshold at which a detector has that false-positive rate on these series.</summary>
    public static double ThresholdAt(IEnumerable<JudgedSeries> series, double falsePositiveRate)
    {
        var all = series.SelectMany(s => s.Quiet).Order().ToArray();
        return all[Math.Min(all.Length - 1, (int)(falsePositiveRate * all.Length))];
    }

    /// <summary>Lower and upper end, rounded.</summary>
    public static JsonArray Interval(Rate rate) => [Rounded(rate.Lower), Rounded(rate.Upper)];

    /// <summary>To five digits: rates as fractions.</summary>
    public static double Rounded(double value) => Math.Round(value, 5);

    private static int? Median(List<int> sorted) => sorted.Count == 0 ? null : sorted[sorted.Count / 2];
}
