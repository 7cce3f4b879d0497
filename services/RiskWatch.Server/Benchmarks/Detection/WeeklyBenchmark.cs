using System.Text.Json.Nodes;
using RiskWatch.Alerting.Detection.Counts;

namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>The series model on the 42 weekly scenarios of Noufaily et al. 2013, at a nominal false-positive rate of 1 %.</summary>
internal static class WeeklyBenchmark
{
    public const double Nominal = 0.01;

    /// <summary>Figures of <paramref name="replicates"/> series a scenario; with <paramref name="anchor"/> beside Farrington Flexible on the same series.</summary>
    public static async Task<JsonObject> RunAsync(int seed, int replicates, bool anchor, CancellationToken cancel)
    {
        var series = Draw(seed, replicates);
        var judged = await Task.Run(() => series.Select(s => Judge(s.Series)).ToList(), cancel);
        var figures = DetectionFigures.Of(judged, Nominal, "Weeks");
        var byScenario = series.Zip(judged).GroupBy(pair => pair.First.Scenario, pair => pair.Second.FalsePositiveRate(Nominal)).Select(g => g.Average()).ToList();
        figures["lowestScenarioFalsePositiveRate"] = DetectionFigures.Rounded(byScenario.Min());
        figures["highestScenarioFalsePositiveRate"] = DetectionFigures.Rounded(byScenario.Max());
        figures.Insert(0, "seed", seed);
        if (anchor)
        {
            figures["anchor"] = await FarringtonAnchor.CompareAsync([.. series.Select(s => s.Series)], judged, seed, cancel);
        }

        return figures;
    }

    /// <summary>Series of all scenarios, as many of each.</summary>
    public static List<(int Scenario, WeeklySeries Series)> Draw(int seed, int replicates)
    {
        var sampler = new CountSampler(seed);
        return [.. Enumerable.Range(0, WeeklySeries.Scenarios).SelectMany(scenario => Enumerable.Range(0, replicates).Select(_ => (scenario, WeeklySeries.Draw(scenario, sampler))))];
    }

    /// <summary>P-values of the last 49 weeks, without the current outbreak and with it.</summary>
    public static JudgedSeries Judge(WeeklySeries series)
    {
        var quiet = PValues(series.Counts, []);
        var all = PValues(series.Counts, series.Outbreak);
        return new JudgedSeries(quiet, all[(series.Onset - WeeklySeries.FirstJudged)..(series.Last - WeeklySeries.FirstJudged + 1)]);
    }

    private static double[] PValues(int[] counts, int[] outbreak)
    {
        var bank = new CountBank(CountShape.Weekly(), 1);
        var factors = new float[bank.Shape.Terms];
        var values = new double[WeeklySeries.Weeks - WeeklySeries.FirstJudged + 1];
        for (var week = 0; week < WeeklySeries.Weeks; week++)
        {
            bank.Shape.Describe(new CountMoment(week, 0, DayKind.Ordinary, AfterHoliday: false), factors);
            bank.Observe(0, factors, week, counts[week] + (outbreak.Length > 0 ? outbreak[week] : 0));
            if (week >= WeeklySeries.FirstJudged - 1)
            {
                values[week - WeeklySeries.FirstJudged + 1] = bank.PValue(0);
            }
        }

        return values;
    }
}
