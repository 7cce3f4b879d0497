using System.Globalization;
using RiskWatch.Contracts;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Live;

/// <summary>From an alert to what lies behind it.</summary>
internal static class AlertLinks
{
    /// <summary>The records of its window.</summary>
    public static string Search(Alert alert) => "/search?" + Query(
        ("site", alert.Site),
        ("topic", alert.Topic?.Id is "*" ? null : alert.Topic?.Id),
        ("place", alert.Place?.Code),
        ("text", alert.Term),
        ("from", Time(alert.RaisedAt.AddHours(-alert.Window))),
        ("until", Time(alert.UpdatedAt > alert.RaisedAt ? alert.UpdatedAt : alert.RaisedAt)));

    /// <summary>Its series, a week before and a day after.</summary>
    public static string Trend(Alert alert, SiteDirectory sites) => "/trends?" + Query(
        ("site", alert.Site),
        ("topic", alert.Topic?.Id),
        ("term", alert.Term),
        ("place", alert.Place?.Code ?? sites.Find(alert.Site)?.GazetteerRoot),
        ("from", Time(alert.RaisedAt.AddDays(-7))),
        ("until", Time(alert.RaisedAt.AddDays(1))));

    /// <summary>A time as it stands in addresses: UTC, to the minute.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>A query without its empty parts.</summary>
    public static string Query(params IEnumerable<(string Name, string? Value)> parts) =>
        string.Join('&', parts.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => p.Name + "=" + Uri.EscapeDataString(p.Value!)));
}
