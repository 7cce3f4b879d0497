using RiskWatch.Contracts;
using RiskWatch.Core.Status;
using RiskWatch.Core.Store;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Live;

/// <summary>Which series, and when.</summary>
internal sealed record TrendChoice(string? Site, string? Topic, string? Term, string? Place, DateTimeOffset? From, DateTimeOffset? Until)
{
    /// <summary>The address of this trend.</summary>
    public string Address => "/trends?" + AlertLinks.Query(
        ("site", Site), ("topic", Topic), ("term", Term), ("place", Place),
        ("from", From is { } from ? AlertLinks.Time(from) : null), ("until", Until is { } until ? AlertLinks.Time(until) : null));
}

/// <summary>Reads one series by hour.</summary>
internal sealed class TrendReader(IStore store, SiteDirectory sites, AlertFeed feed, ISourceStatusRegistry sources, TimeProvider time)
{
    private static readonly TimeSpan DefaultRange = TimeSpan.FromDays(7);

    /// <summary>The choice with what it leaves out: first site, everything, the whole site, the last 7 days that were decided.</summary>
    public TrendChoice Complete(TrendChoice choice)
    {
        var site = sites.Find(choice.Site) ?? (sites.All is [var first, ..] ? first : null);
        var until = choice.Until ?? choice.From + DefaultRange ?? Decided(site?.Id);
        return choice with
        {
            Site = site?.Id,
            Topic = choice.Term is null ? choice.Topic ?? "*" : null,
            Place = choice.Place ?? site?.GazetteerRoot,
            From = choice.From ?? until - DefaultRange,
            Until = until,
        };
    }

    /// <summary>Closed hours, oldest first; none where there is no site.</summary>
    public async Task<IReadOnlyList<HistoryHour>> ReadAsync(TrendChoice choice, CancellationToken cancel) =>
        Complete(choice) is { Site: { } site, Place: { } place, From: { } from, Until: { } until } complete && from < until
            ? await store.TrendAsync(new SeriesId(site, complete.Topic, place, complete.Term), from, until, cancel)
            : [];

    /// <summary>Up to when a site is decided; now where that is not known.</summary>
    public DateTimeOffset Decided(string? site) =>
        // What has ended keeps its clock running to the end of all time: its newest record is where there is something to see.
        site is not null && sources.All.Where(s => s.Site == site).ToList() is { Count: > 0 } own && own.All(s => s.State == SourceState.Ended) && own.Max(s => s.LastRecord) is { } newest ? newest.AddHours(1)
        : site is not null && feed.Tick(site) is { } tick ? DateTimeOffset.FromUnixTimeSeconds((tick.Tick + 1) * 60) : time.GetUtcNow();
}
