using System.Globalization;
using System.Text.Json.Nodes;
using RiskWatch.Alerting.Detection.Counts;

namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>
/// How often an undisturbed hourly series is called as improbable as 10⁻⁴, over 10⁻⁴: per mean an hour, over variances of 1, 1.5 and 3 times the mean, with a
/// day's and a week's rhythm, 52 weeks each after eight weeks of learning.
/// </summary>
internal static class TailsBenchmark
{
    private const int WarmUpHours = 56 * 24;
    private const int Hours = WarmUpHours + (364 * 24);
    private const double Nominal = 1e-4;
    private static readonly double[] Means = [0.05, 0.1, 0.3, 1, 3, 10, 30];
    private static readonly double[] Dispersions = [1, 1.5, 3];

    /// <summary>Realised over nominal rate for <paramref name="replicates"/> series of each mean and variance: all windows together, each window, each variance.</summary>
    public static Task<JsonObject> RunAsync(int seed, int replicates, CancellationToken cancel) => Task.Run(
        () =>
        {
            var sampler = new CountSampler(seed);
            var rows = new JsonObject();
            var ratios = new List<double>();
            foreach (var mean in Means)
            {
                var tallies = Dispersions.Select(dispersion => Count(mean, dispersion, replicates, sampler)).ToList();
                var ratio = tallies.Average(t => t.Together);
                ratios.Add(ratio);
                rows[mean.ToString(CultureInfo.InvariantCulture)] = Row(ratio, tallies);
                cancel.ThrowIfCancellationRequested();
            }

            return new JsonObject
            {
                ["seed"] = seed,
                ["nominal"] = Nominal,
                ["testsPerMean"] = (long)replicates * Dispersions.Length * (Hours - WarmUpHours),
                ["lowestRealisedOverNominal"] = DetectionFigures.Rounded(ratios.Min()),
                ["highestRealisedOverNominal"] = DetectionFigures.Rounded(ratios.Max()),
                ["byMeanPerHour"] = rows,
            };
        },
        cancel);

    private static JsonObject Row(double together, List<Tally> tallies)
    {
        var row = new JsonObject { ["realisedOverNominal"] = DetectionFigures.Rounded(together) };
        for (var w = 0; w < 4; w++)
        {
            row[$"window{CountShape.Hourly().Windows[w]}Hours"] = DetectionFigures.Rounded(tallies.Average(t => t.Windows[w]));
        }

        for (var d = 0; d < Dispersions.Length; d++)
        {
            row[string.Create(CultureInfo.InvariantCulture, $"variance{Dispersions[d]}TimesMean")] = DetectionFigures.Rounded(tallies[d].Together);
        }

        return row;
    }

    private static Tally Count(double mean, double dispersion, int replicates, CountSampler sampler)
    {
        var bank = new CountBank(CountShape.Hourly(), 1);
        var factors = new float[bank.Shape.Terms];
        var windows = new double[4];
        var together = 0.0;
        var perTest = 1 / (Nominal * replicates * (Hours - WarmUpHours));
        for (var series = 0; series < replicates; series++)
        {
            CountModel.Begin(bank.Shape, bank.Numbers(0));
            for (var hour = 0; hour < Hours; hour++)
            {
                var day = hour / 24 % 7;
                bank.Shape.Describe(new CountMoment(hour, day, day >= 5 ? DayKind.Weekend : DayKind.Ordinary, AfterHoliday: false), factors);
                bank.Observe(0, factors, hour, sampler.NegativeBinomial(mean * Rhythm(hour), dispersion));
                for (var w = 0; hour >= WarmUpHours && w < 4; w++)
                {
                    var window = CountWindows.Of(bank.Shape, bank.Numbers(0), w);
                    windows[w] += !window.IsOrdinary && window.PValue < Nominal ? perTest : 0;
                }

                together += hour >= WarmUpHours && bank.PValue(0) < Nominal ? perTest : 0;
            }
        }

        return new Tally(together, windows);
    }

    private static double Rhythm(int hour) =>
        Math.Exp((0.6 * Math.Sin(2 * Math.PI * hour / 24)) + (0.2 * Math.Sin(4 * Math.PI * hour / 24))) * (hour / 24 % 7 >= 5 ? 0.7 : 1);

    private sealed record Tally(double Together, double[] Windows);
}
