using RiskWatch.Contracts;
using RiskWatch.Web.Localization;

namespace RiskWatch.Web.Live;

/// <summary>Sentences made of an alert's evidence.</summary>
internal static class AlertTexts
{
    /// <summary>What it is about: topic or term.</summary>
    public static string Subject(Alert alert, Words words) => alert switch
    {
        { Term: { } term } => $"“{term}”",
        { Topic: { Id: not "*" } topic } => words.Of(topic.Names),
        _ => words.Everything,
    };

    /// <summary>Why it was raised, in two sentences.</summary>
    public static string Why(Alert alert, Words words, Formats formats)
    {
        var window = words.WindowHours(alert.Window);
        var (observed, expected) = (formats.Volume(alert.Observed), formats.Volume(alert.Expected));
        var interval = $"{formats.Volume(alert.Interval.Lower)}–{formats.Volume(alert.Interval.Upper)}";
        var least = formats.Ratio(alert.RatioLower, 1);
        var chance = formats.OncePer(alert.PValue, alert.Window);
        return words.Language == Language.Zh
            ? $"{window}内观测到 {observed}，预期 {expected}（90% 区间 {interval}），至少为预期的 {least[1..]} 倍；偶然{chance}。"
            : $"{observed} observed within {window} where {expected} were expected (90% interval {interval}), at least {least[1..]} times the expectation; by chance {chance}.";
    }
}
