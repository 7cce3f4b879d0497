using RiskWatch.Contracts;
using RiskWatch.Web.Localization;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Live;

/// <summary>A level and since when the alert had it.</summary>
internal sealed record LevelSince(AlertLevel Level, DateTimeOffset At);

/// <summary>Sentences made of an alert's evidence.</summary>
internal static class AlertTexts
{
    /// <summary>Whether it goes on.</summary>
    public static bool IsOngoing(Alert alert) => alert.Status is AlertStatus.Open or AlertStatus.Provisional;

    /// <summary>The level to show beside its name: the one now, and once it is over the highest, which says what it was.</summary>
    public static AlertLevel Shown(Alert alert) => IsOngoing(alert) && alert.Level != AlertLevel.None ? alert.Level : alert.PeakLevel;

    /// <summary>Level at its beginning.</summary>
    public static LevelSince First(Alert alert) => new(alert.History is [var first, ..] ? first.Level : alert.PeakLevel, alert.RaisedAt);

    /// <summary>Highest level, and when it was reached first.</summary>
    public static LevelSince Peak(Alert alert) => new(alert.PeakLevel, alert.History.FirstOrDefault(s => s.Level == alert.PeakLevel)?.At ?? alert.RaisedAt);

    /// <summary>Level now, and since when.</summary>
    public static LevelSince Now(Alert alert) =>
        new(alert.Level, alert.History.Reverse().TakeWhile(s => s.Level == alert.Level).LastOrDefault()?.At ?? alert.UpdatedAt);

    /// <summary>When it was over.</summary>
    public static DateTimeOffset Over(Alert alert) => alert.History.LastOrDefault(s => s.Reason is "ended" or "closed" or "ruleChanged")?.At ?? alert.UpdatedAt;

    /// <summary>A covered series (<c>site/topic@place</c>) in words.</summary>
    public static string Covered(Alert alert, string series, SiteDirectory sites, Words words)
    {
        const string Term = "term:";
        var (slash, at) = (series.IndexOf('/', StringComparison.Ordinal), series.LastIndexOf('@'));
        if (slash < 0 || at < slash)
        {
            return series;
        }

        var topic = series[(slash + 1)..at];
        var what = topic == "*" ? words.Everything
            : topic.StartsWith(Term, StringComparison.Ordinal) ? $"“{topic[Term.Length..]}”"
            : words.Of(sites.Topic(alert.Site, topic));
        return what + " · " + words.Of(sites.Place(series[(at + 1)..]));
    }

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
        var observed = formats.Volume(alert.Observed);
        var few = alert.Expected < 0.95;
        var expected = few ? words.FewerThanOne : formats.Volume(alert.Expected);
        var interval = $"{formats.Volume(alert.Interval.Lower)}–{formats.Volume(alert.Interval.Upper)}";
        var least = formats.Ratio(alert.RatioLower, 1);
        var chance = formats.OncePer(alert.PValue, alert.Window);
        return words.Language == Language.Zh
            ? $"{window}内观测到 {observed}，预期{(few ? "" : " ")}{expected}（90% 区间 {interval}），至少为预期的 {least[1..]} 倍；偶然{chance}。"
            : $"{observed} observed within {window} where {expected} {(few ? "was" : "were")} expected (90% interval {interval}), at least {least[1..]} times the expectation; by chance {chance}.";
    }
}
