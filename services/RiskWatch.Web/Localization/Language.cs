using RiskWatch.Contracts;

namespace RiskWatch.Web.Localization;

/// <summary>The console's languages.</summary>
public enum Language
{
    /// <summary>Chinese.</summary>
    Zh,

    /// <summary>English.</summary>
    En,
}

/// <summary>Finds the language of a request.</summary>
internal static class LanguageChoice
{
    /// <summary>Cookie that keeps the choice.</summary>
    public const string Cookie = "rw-lang";

    /// <summary>The cookie's language, else the first that <c>Accept-Language</c> names and the console has, else English.</summary>
    public static Language Of(string? cookie, string? acceptLanguage)
    {
        if (Parse(cookie) is { } chosen)
        {
            return chosen;
        }

        var wished = (acceptLanguage ?? "").Split(',')
            .Select(part => part.Split(';'))
            .Select((part, index) => (Name: part[0].Trim(), Weight: Weight(part), Index: index))
            .OrderByDescending(w => w.Weight).ThenBy(w => w.Index);
        return wished.Select(w => Parse(w.Name)).FirstOrDefault(l => l is not null) ?? Language.En;
    }

    /// <summary>The language of a BCP 47 tag, null where the console has none.</summary>
    public static Language? Parse(string? tag) => tag?.Split('-')[0].ToLowerInvariant() switch { "zh" => Language.Zh, "en" => Language.En, _ => null };

    /// <summary>BCP 47 tag for <c>html lang</c>.</summary>
    public static string Tag(this Language language) => language == Language.Zh ? "zh-CN" : "en";

    /// <summary>The text in that language.</summary>
    public static string In(this BilingualText text, Language language) => language == Language.Zh ? text.Zh : text.En;

    private static double Weight(string[] part) =>
        part.Length > 1 && part[1].Trim() is ['q', '=', .. var q] && double.TryParse(q, System.Globalization.CultureInfo.InvariantCulture, out var weight) ? weight : 1;
}
