using System.Text.Json.Nodes;
using RiskWatch.Alerting.Detection.Counts;

namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>The series model on the 16 daily signals of Noufaily et al. 2019, outbreaks of w = 3, with holidays known and, beside it, unknown.</summary>
internal static class DailyBenchmark
{
    public const double Nominal = 0.01;
    private const double Size = 3;

    // Signals with an outbreak every year that nobody labels, counted from 0.
    private static readonly int[] Seasonal = [4, 5, 14];

    /// <summary>Figures of <paramref name="replicates"/> series a signal: all 16 with holidays known, and rows that say what it depends on.</summary>
    public static Task<JsonObject> RunAsync(int seed, int replicates, CancellationToken cancel) => Task.Run(
        () =>
        {
            var series = Draw(seed, replicates, divided: false);
            var known = series.Select(s => Judge(s.Series, holidays: true)).ToList();
            var figures = DetectionFigures.Of(known, Nominal, "Days");
            figures.Insert(0, "seed", seed);
            figures["outbreakSizeDeviations"] = Size;
            figures["withoutHolidays"] = DetectionFigures.Of([.. series.Select(s => Judge(s.Series, holidays: false))], Nominal, "Days");
            figures["withoutSeasonalOutbreaks"] = DetectionFigures.Of([.. series.Zip(known).Where(pair => !Seasonal.Contains(pair.First.Signal)).Select(pair => pair.Second)], Nominal, "Days");
            figures["outbreaksOfDividedCounts"] = DetectionFigures.Of([.. Draw(seed, replicates, divided: true).Select(s => Judge(s.Series, holidays: true))], Nominal, "Days");
            figures["falsePositiveRateBySignal"] = BySignal(series, known, s => s.FalsePositiveRate(Nominal));
            figures["probabilityOfDetectionBySignal"] = BySignal(series, known, s => s.Delay(Nominal) is null ? 0 : 1);
            return figures;
        },
        cancel);

    /// <summary>P-values of the last 343 days.</summary>
    public static JudgedSeries Judge(DailySeries series, bool holidays)
    {
        var bank = new CountBank(CountShape.Daily(holidays), 1);
        var factors = new float[bank.Shape.Terms];
        var values = new double[DailySeries.Days];
        for (var day = 0; day < DailySeries.Days; day++)
        {
            bank.Shape.Describe(Moment(day), factors);
            bank.Observe(0, factors, day, (float)(series.Counts[day] + series.Outbreak[day]));
            values[day] = day >= DailySeries.FirstJudged ? bank.PValue(0) : 1;
        }

        var judged = Enumerable.Range(DailySeries.FirstJudged, DailySeries.Days - DailySeries.FirstJudged);
        return new JudgedSeries([.. judged.Where(day => series.Outbreak[day] == 0).Select(day => values[day])], values[series.Onset..(series.Last + 1)]);
    }

    private static List<(int Signal, DailySeries Series)> Draw(int seed, int replicates, bool divided)
    {
        var sampler = new CountSampler(seed);
        return [.. Enumerable.Range(0, DailySeries.Signals).SelectMany(signal => Enumerable.Range(0, replicates).Select(_ => (signal, DailySeries.Draw(signal, Size, sampler, divided))))];
    }

    private static CountMoment Moment(int day)
    {
        var kind = DailySeries.IsHoliday(day) ? DayKind.Holiday : day % 7 >= 5 ? DayKind.Weekend : DayKind.Ordinary;
        return new CountMoment(day, day % 7, kind, kind != DayKind.Holiday && day > 0 && DailySeries.IsHoliday(day - 1));
    }

    private static JsonArray BySignal(List<(int Signal, DailySeries Series)> series, List<JudgedSeries> judged, Func<JudgedSeries, double> figure) =>
        [.. series.Zip(judged).GroupBy(pair => pair.First.Signal).OrderBy(g => g.Key).Select(g => (JsonNode)DetectionFigures.Rounded(g.Average(pair => figure(pair.Second))))];
}
