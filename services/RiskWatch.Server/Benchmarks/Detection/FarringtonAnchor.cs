using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>Farrington Flexible of R's <c>surveillance</c> (GPL, a program of its own that only the benchmark starts, where it is installed) on the same series.</summary>
internal static class FarringtonAnchor
{
    private const int Resamples = 2000;

    /// <summary>
    /// Its figures, and the paired difference in detection at its false-positive rate with a 95 % bootstrap interval over series; where R or the package is
    /// missing, an object whose <c>skipped</c> says so.
    /// </summary>
    public static async Task<JsonObject> CompareAsync(IReadOnlyList<WeeklySeries> series, IReadOnlyList<JudgedSeries> judged, int seed, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("riskwatch-anchor-").FullName;
        try
        {
            var (input, output) = (Path.Combine(folder, "series.csv"), Path.Combine(folder, "alarms.csv"));
            await File.WriteAllLinesAsync(input, series.SelectMany(Rows), cancel);
            var (version, problem) = await StartAsync([Path.Combine(AppContext.BaseDirectory, "Benchmarks", "Detection", "farrington.R"), input, output], cancel);
            if (problem is not null)
            {
                return new JsonObject { ["skipped"] = problem };
            }

            var alarms = (await File.ReadAllLinesAsync(output, cancel)).Select(line => line.Split(',').Select(cell => int.Parse(cell, CultureInfo.InvariantCulture)).ToArray()).ToList();
            return Compare(judged, [.. alarms.Where((_, i) => i % 2 == 0)], [.. alarms.Where((_, i) => i % 2 == 1).Select(a => a[1] > 0)], version, seed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static JsonObject Compare(IReadOnlyList<JudgedSeries> judged, IReadOnlyList<int[]> quiet, IReadOnlyList<bool> found, string version, int seed)
    {
        var falsePositives = quiet.Sum(q => q[1]) / (double)quiet.Sum(q => q[0]);
        var threshold = DetectionFigures.ThresholdAt(judged, falsePositives);
        var differences = judged.Select((s, i) => (s.Delay(threshold) is null ? 0 : 1) - (found[i] ? 1 : 0)).ToArray();
        var sampler = new CountSampler(seed);
        var means = Enumerable.Range(0, Resamples).Select(_ => Enumerable.Range(0, differences.Length).Average(_ => sampler.OneOf(differences))).Order().ToArray();
        var rate = Rate.Of(found.Count(f => f), found.Count);
        return new JsonObject
        {
            ["detector"] = "Farrington Flexible, surveillance " + version,
            ["falsePositiveRate"] = DetectionFigures.Rounded(falsePositives),
            ["probabilityOfDetection"] = DetectionFigures.Rounded(rate.Value),
            ["probabilityOfDetectionInterval"] = DetectionFigures.Interval(rate),
            ["thresholdAtItsFalsePositiveRate"] = threshold,
            ["probabilityOfDetectionAtItsFalsePositiveRate"] = DetectionFigures.Rounded(judged.Average(s => s.Delay(threshold) is null ? 0 : 1)),
            ["pairedDifference"] = DetectionFigures.Rounded(differences.Average()),
            ["pairedDifferenceInterval"] = new JsonArray(DetectionFigures.Rounded(means[Resamples / 40]), DetectionFigures.Rounded(means[Resamples - (Resamples / 40)])),
        };
    }

    // Judged without the outbreak over all weeks, and with it as long as it lasts.
    private static IEnumerable<string> Rows(WeeklySeries series) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"quiet,{WeeklySeries.FirstJudged},{WeeklySeries.Weeks},{string.Join(',', series.Counts)}"),
        string.Create(CultureInfo.InvariantCulture, $"outbreak,{series.Onset},{series.Last},{string.Join(',', series.Counts.Zip(series.Outbreak, (a, b) => a + b))}"),
    ];

    private static async Task<(string Version, string? Problem)> StartAsync(IEnumerable<string> arguments, CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("Rscript", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync(cancel);
            var version = (await process.StandardOutput.ReadToEndAsync(cancel)).Trim();
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0 ? (version, null) : ("", "R could not run Farrington Flexible (Debian: r-cran-surveillance): " + (await errors).Split('\n')[0]);
        }
        catch (Win32Exception)
        {
            return ("", "R is not installed (Debian: r-cran-surveillance); the series were not compared.");
        }
    }
}
