using System.Globalization;

namespace RiskWatch.Web.Localization;

/// <summary>Numbers, shares and times as the console writes them: the same in both languages where readers compare them, in the site's zone, never the browser's.</summary>
public sealed class Formats(Language language)
{
    private readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    /// <summary>A volume: whole from 100 on, one decimal below, thousands apart.</summary>
    public string Volume(double value) => value.ToString(Math.Abs(value) >= 99.95 ? "#,##0" : "0.#", _culture);

    /// <summary>An expected volume: one that would be written as nothing, although it is not, says so.</summary>
    public string Expected(double value) => value is > 0 and < 0.05 ? "<0.1" : Volume(value);

    /// <summary>A factor of an expectation: two digits that count.</summary>
    public string Factor(double value) => value.ToString(Math.Abs(value) < 0.095 ? "0.000" : "0.00", _culture);

    /// <summary>A count with thousands apart.</summary>
    public string Count(long value) => value.ToString("#,##0", _culture);

    /// <summary>How many times, such as <c>×5.4</c>; <c>–</c> where nothing was expected.</summary>
    public string Ratio(double observed, double expected) => expected <= 0 ? "–" : "×" + (observed / expected).ToString(observed / expected >= 99.5 ? "#,##0" : "0.0", _culture);

    /// <summary>A share in percent.</summary>
    public string Share(double share) => (share * 100).ToString(share is > 0 and < 0.0995 ? "0.0" : "0", _culture) + "%";

    /// <summary>A probability by chance.</summary>
    public string Probability(double p)
    {
        if (p is >= 0.001 or <= 0)
        {
            return p.ToString("0.###", _culture);
        }

        var exponent = (int)Math.Floor(Math.Log10(p));
        var digits = exponent.ToString(_culture).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']);
        return (p / Math.Pow(10, exponent)).ToString("0.#", _culture) + "×10" + string.Concat(digits);
    }

    /// <summary>A time in a zone, to the minute.</summary>
    public string Time(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm", _culture);

    /// <summary>A time in a zone with the zone's offset, for titles.</summary>
    public string TimeWithZone(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm 'UTC'zzz", _culture);

    /// <summary>An hour for a chart's axis; with its year, since replays show years long past.</summary>
    public string AxisHour(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm", _culture);

    /// <summary>A length of time in its largest fitting unit.</summary>
    public string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => Whole(span.TotalSeconds) + T(" 秒", " s"),
        { TotalMinutes: < 60 } => Whole(span.TotalMinutes) + T(" 分钟", " min"),
        { TotalHours: < 48 } => span.TotalHours.ToString("0.#", _culture) + T(" 小时", " h"),
        _ => span.TotalDays.ToString("0.#", _culture) + T(" 天", " d"),
    };

    /// <summary>How often chance alone makes a window of so many hours look like that, in words.</summary>
    public string OncePer(double pValue, int windowHours)
    {
        if (pValue <= 0)
        {
            return T("几乎不可能", "practically never");
        }

        // One look per window's length: windows that overlap are not independent.
        var days = windowHours / 24.0 / pValue;
        return days switch
        {
            < 2 => T($"约每 {Rounded(days * 24)} 小时一次", $"about once in {Rounded(days * 24)} hours"),
            < 730 => T($"约每 {Rounded(days)} 天一次", $"about once in {Rounded(days)} days"),
            < 365_000 => T($"约每 {Rounded(days / 365)} 年一次", $"about once in {Rounded(days / 365)} years"),
            _ => T("不到千年一次", "less than once in 1,000 years"),
        };
    }

    /// <summary>Bytes in their unit.</summary>
    public string Bytes(long bytes) => bytes < 1024 ? bytes.ToString(_culture) + " B" : bytes < 1024 * 1024 ? (bytes / 1024.0).ToString("0.#", _culture) + " KiB" : (bytes / 1024.0 / 1024).ToString("0.#", _culture) + " MiB";

    private string Whole(double value) => Math.Max(0, Math.Floor(value)).ToString("0", _culture);

    // Two digits say all that such an estimate knows.
    private string Rounded(double value)
    {
        if (value < 10)
        {
            return value.ToString("0.#", _culture);
        }

        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return (Math.Round(value / unit) * unit).ToString("#,##0", _culture);
    }

    private string T(string zh, string en) => language == Language.Zh ? zh : en;
}
