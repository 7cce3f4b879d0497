using RiskWatch.Core.Store;
using RiskWatch.Web.Localization;
using Vizor.ECharts;

namespace RiskWatch.Web.Charts;

/// <summary>Records per time bucket, with the negative and the likely false ones among them.</summary>
internal static class HistogramChart
{
    public static ChartOptions Of(IReadOnlyList<HistogramBucket> buckets, TimeSpan bucket, TimeZoneInfo zone, Words words, Formats formats, bool dark)
    {
        var palette = ChartPalette.For(dark);
        var filled = Fill(buckets, bucket);
        List<ISeries> series =
        [
            Bars(words.Records, filled.Select(b => (double)b.Count), palette.Expected),
            Line(words.Negative, filled.Select(b => (double)b.Negative), palette.Second),
            Line(words.LikelyFalse, filled.Select(b => (double)b.LikelyFalse), palette.Third),
        ];
        return ChartFrame.Of([.. filled.Select(b => formats.AxisHour(b.Start, zone))], palette, series, "{b0}<br/>{a0}: {c0}<br/>{a1}: {c1}<br/>{a2}: {c2}");
    }

    /// <summary>The buckets with the empty ones between them, so that the axis is true to time.</summary>
    internal static IReadOnlyList<HistogramBucket> Fill(IReadOnlyList<HistogramBucket> buckets, TimeSpan bucket)
    {
        const int Most = 2_000;
        if (buckets.Count < 2 || (buckets[^1].Start - buckets[0].Start) / bucket > Most)
        {
            return buckets;
        }

        var byStart = buckets.ToDictionary(b => b.Start);
        List<HistogramBucket> filled = [];
        for (var start = buckets[0].Start; start <= buckets[^1].Start; start += bucket)
        {
            filled.Add(byStart.TryGetValue(start, out var held) ? held : new HistogramBucket(start, 0, 0, 0));
        }

        return filled;
    }

    private static BarSeries Bars(string name, IEnumerable<double> values, string colour) => new()
    {
        Name = name,
        Data = ChartFrame.Rounded(values),
        BarCategoryGap = "10%",
        ItemStyle = new ItemStyle { Color = ChartFrame.Colour(colour), Opacity = 0.75 },
    };

    private static LineSeries Line(string name, IEnumerable<double> values, string colour) => new()
    {
        Name = name,
        Data = ChartFrame.Rounded(values),
        ShowSymbol = false,
        ItemStyle = new ItemStyle { Color = ChartFrame.Colour(colour) },
        LineStyle = new LineStyle { Color = ChartFrame.Colour(colour), Width = 1.6 },
    };
}
