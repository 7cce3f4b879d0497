using RiskWatch.Contracts;
using RiskWatch.Web.Localization;
using Vizor.ECharts;

namespace RiskWatch.Web.Charts;

/// <summary>Observed against expected by hour with the 90 % interval as a band.</summary>
internal static class ObservedChart
{
    public static ChartOptions Of(IReadOnlyList<EvidencePoint> points, TimeZoneInfo zone, Words words, Formats formats, bool dark, DateTimeOffset? raisedAt = null)
    {
        var palette = ChartPalette.For(dark);
        List<ISeries> series =
        [
            Line(words.Observed, points.Select(p => p.Observed), palette.Observed, 2.2, LineTypeStyle.Solid, z: 4),
            Line(words.Expected, points.Select(p => p.Expected), palette.Expected, 1.5, LineTypeStyle.Dashed, z: 3),
            Band(words.Lower, points.Select(p => p.Lower), palette.Band, opacity: 0),
            // The band is stacked on its lower end.
            Band(words.Interval90, points.Select(p => Math.Max(0, p.Upper - p.Lower)), palette.Band, opacity: 0.2),
        ];
        var options = ChartFrame.Of([.. points.Select(p => formats.AxisHour(p.Hour, zone))], palette, series, "{b0}<br/>{a0}: {c0}<br/>{a1}: {c1}");
        if (raisedAt is { } raised && points.LastOrDefault(p => p.Hour < raised) is { } hour)
        {
            ((LineSeries)series[0]).MarkLine = Raised(formats.AxisHour(hour.Hour, zone), words.Raised, palette);
        }

        options.Legend!.Data = new[] { words.Observed, words.Expected, words.Interval90 };
        return options;
    }

    private static MarkLine Raised(string hour, string word, ChartPalette palette) => new()
    {
        Silent = true,
        Symbol = new[] { "none", "none" },
        Label = new Label { Formatter = word, Color = ChartFrame.Colour(palette.Text), FontSize = 11 },
        LineStyle = new LineStyle { Color = ChartFrame.Colour(palette.Text), Width = 1, Type = LineTypeStyle.Dotted },
        Data = new[] { new { XAxis = hour } },
    };

    internal static LineSeries Line(string name, IEnumerable<double> values, string colour, double width, LineTypeStyle style, double z) => new()
    {
        Name = name,
        Data = ChartFrame.Rounded(values),
        ShowSymbol = false,
        Z = z,
        ItemStyle = new ItemStyle { Color = ChartFrame.Colour(colour) },
        LineStyle = new LineStyle { Color = ChartFrame.Colour(colour), Width = width, Type = style },
    };

    internal static LineSeries Band(string name, IEnumerable<double> values, string colour, double opacity) => new()
    {
        Name = name,
        Data = ChartFrame.Rounded(values),
        Stack = "interval",
        ShowSymbol = false,
        Silent = true,
        Z = 1,
        ItemStyle = new ItemStyle { Color = ChartFrame.Colour(colour) },
        LineStyle = new LineStyle { Opacity = 0, Width = 0 },
        AreaStyle = new AreaStyle { Opacity = opacity },
    };
}
