using Vizor.ECharts;

namespace RiskWatch.Web.Charts;

/// <summary>What all charts have in common: small type, quiet axes, one tooltip per hour, no animation.</summary>
internal static class ChartFrame
{
    public static ChartOptions Of(string[] categories, ChartPalette palette, List<ISeries> series, string tooltip) => new()
    {
        Animation = false,
        Grid = new Grid { Left = 36, Right = 40, Top = 34, Bottom = 8, ContainLabel = true },
        Legend = new Legend { Top = 2, Left = 4, ItemWidth = 18, ItemHeight = 8, TextStyle = new TextStyle { Color = Colour(palette.Text), FontSize = 12 } },
        Tooltip = new Tooltip { Trigger = TooltipTrigger.Axis, Formatter = tooltip, Confine = true },
        XAxis = new XAxis
        {
            Type = AxisType.Category,
            Data = categories,
            AxisLabel = new AxisLabel { Color = Colour(palette.Text), FontSize = 11, HideOverlap = true },
            AxisLine = new AxisLine { LineStyle = new LineStyle { Color = Colour(palette.Line) } },
            AxisTick = new AxisTick { Show = false },
        },
        YAxis = new YAxis
        {
            Type = AxisType.Value,
            AxisLabel = new AxisLabel { Color = Colour(palette.Text), FontSize = 11 },
            SplitLine = new SplitLine { LineStyle = new LineStyle { Color = Colour(palette.Line) } },
        },
        Series = series,
    };

    public static Color Colour(string hex) => Color.FromHex(hex);

    /// <summary>Two decimals are finer than any screen.</summary>
    public static double[] Rounded(IEnumerable<double> values) => [.. values.Select(v => Math.Round(v, 2))];
}
