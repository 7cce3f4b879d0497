using RiskWatch.Core.Forecasts;
using RiskWatch.Web.Localization;
using Vizor.ECharts;

namespace RiskWatch.Web.Charts;

/// <summary>Coming hours with the 90 % interval as a band, beside the same hours a week before.</summary>
internal static class ForecastChart
{
    public static ChartOptions Of(IReadOnlyList<ForecastHour> hours, TimeZoneInfo zone, Words words, Formats formats, bool dark)
    {
        var palette = ChartPalette.For(dark);
        List<ISeries> series =
        [
            ObservedChart.Line(words.ForecastMedian, hours.Select(h => h.Median), palette.Observed, 2.2, LineTypeStyle.Solid, z: 4),
            ObservedChart.Line(words.ForecastNaive, hours.Select(h => h.Naive), palette.Expected, 1.5, LineTypeStyle.Dashed, z: 3),
            ObservedChart.Band(words.Lower, hours.Select(h => h.Lower), palette.Band, opacity: 0),
            ObservedChart.Band(words.Interval90, hours.Select(h => Math.Max(0, h.Upper - h.Lower)), palette.Band, opacity: 0.2),
        ];
        var options = ChartFrame.Of([.. hours.Select(h => formats.AxisHour(h.Hour, zone))], palette, series, "{b0}<br/>{a0}: {c0}<br/>{a1}: {c1}");
        options.Legend!.Data = new[] { words.ForecastMedian, words.ForecastNaive, words.Interval90 };
        return options;
    }
}
