namespace RiskWatch.Web.Charts;

/// <summary>Colours of the charts, told apart by lightness too, for either theme.</summary>
internal sealed record ChartPalette(string Observed, string Expected, string Band, string Second, string Third, string Text, string Line)
{
    private static readonly ChartPalette Light = new("#b3261e", "#1f5fa8", "#1f5fa8", "#c77700", "#7a4fa3", "#55616e", "#dde3e9");
    private static readonly ChartPalette Dark = new("#ff8a70", "#6cb2ff", "#6cb2ff", "#f2b155", "#c3a1ec", "#95a3b1", "#26333f");

    public static ChartPalette For(bool dark) => dark ? Dark : Light;
}
