using RiskWatch.Contracts;
using RiskWatch.Web.Localization;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Live;

/// <summary>Rules and silences in words.</summary>
internal static class ControlTexts
{
    // Built-in entries hold from the beginning of time; no calendar says it better than "always".
    private static readonly DateTimeOffset Beginning = new(1971, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string EffectiveFrom(ControlEntry entry, Words words, Formats formats) =>
        entry.EffectiveFrom < Beginning ? words.BeginningOfTime : formats.TimeWithZone(entry.EffectiveFrom, TimeZoneInfo.Utc);

    public static string Selector(SeriesSelector selector, SiteDirectory sites, Words words)
    {
        List<string> parts = [];
        if (selector.Site is { } site)
        {
            parts.Add(words.Of(sites.Names(site)));
        }

        if (selector.Topic is { } topic)
        {
            parts.Add(words.Of(sites.Topic(selector.Site, topic)));
        }

        if (selector.Place is { } place)
        {
            parts.Add(words.Of(sites.Place(place)));
        }

        if (selector.Terms is { } terms)
        {
            parts.Add(terms ? words.TermsOnly : words.NoTerms);
        }

        return parts.Count == 0 ? words.EverySeries : string.Join(" · ", parts);
    }
}
