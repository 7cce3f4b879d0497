using MudBlazor;

namespace RiskWatch.Web.Components;

/// <summary>The console's two themes. Fonts are the system's: nothing is fetched from elsewhere.</summary>
internal static class ConsoleTheme
{
    private static readonly string[] Fonts = ["Inter", "Segoe UI", "Roboto", "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Helvetica Neue", "Arial", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1f5fa8",
            Secondary = "#566573",
            Background = "#f4f6f8",
            Surface = "#ffffff",
            AppbarBackground = "#10263d",
            AppbarText = "#eef3f8",
            TextPrimary = "#17202a",
            TextSecondary = "#55616e",
            LinesDefault = "#dde3e9",
            LinesInputs = "#aab4be",
            TableLines = "#e3e8ed",
            Divider = "#dde3e9",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#6cb2ff",
            Secondary = "#9aa7b4",
            Background = "#0e151d",
            Surface = "#16202b",
            AppbarBackground = "#0a1119",
            AppbarText = "#dfe7ef",
            TextPrimary = "#e3e9ef",
            TextSecondary = "#95a3b1",
            LinesDefault = "#26333f",
            LinesInputs = "#435261",
            TableLines = "#223040",
            Divider = "#26333f",
        },
        LayoutProperties = new LayoutProperties { AppbarHeight = "44px", DefaultBorderRadius = "4px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = ".8125rem", LineHeight = "1.4", LetterSpacing = "0" },
            Body1 = new Body1Typography { FontSize = ".8125rem", LineHeight = "1.4", LetterSpacing = "0" },
            Body2 = new Body2Typography { FontSize = ".8125rem", LineHeight = "1.4", LetterSpacing = "0" },
            Button = new ButtonTypography { FontSize = ".8125rem", TextTransform = "none", LetterSpacing = "0" },
            Caption = new CaptionTypography { FontSize = ".75rem", LetterSpacing = "0" },
        },
    };
}
