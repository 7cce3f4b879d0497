using Microsoft.Extensions.Options;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Ingest;
using RiskWatch.Core.Status;
using RiskWatch.Core.Store;
using RiskWatch.Web.Live;

namespace RiskWatch.Web.Status;

/// <summary>How each site does: its decided tick, lag, sources and open alerts, and whether it stands still (DESIGN §4).</summary>
internal sealed class SiteStatusProvider(IControlTable control, AlertFeed feed, ISourceStatusRegistry registry, IStore store, IEnumerable<IPushReceiver> receivers, TimeProvider time, IOptions<WebOptions> options)
{
    private const int CountedAlerts = 1_000;
    private static readonly TimeSpan StorePatience = TimeSpan.FromMilliseconds(800);

    // Where nobody can push, ingestion runs in another process.
    private readonly bool _unseen = !receivers.Any();

    /// <summary>All sites, by id; without the number of open alerts while the store does not answer.</summary>
    public async Task<IReadOnlyList<SiteStatus>> AllAsync(CancellationToken cancel)
    {
        var sites = Sites();
        var open = await OpenAlertsAsync(cancel);
        return [.. sites.Select(site => Of(site, open is null ? null : open.GetValueOrDefault(site.Id)))];
    }

    /// <summary>The sites as they are now.</summary>
    public IReadOnlyList<Site> Sites() => [.. control.Latest.All(ControlKind.Site, time.GetUtcNow()).Select(e => e.Site).OfType<Site>()];

    /// <summary>Whether and why a site stands still.</summary>
    public StandstillDecision Standstill(string site) =>
        StandstillDecision.Decide(feed.Tick(site), feed.Since, SourcesOf(site), time.GetUtcNow(), options.Value.StuckAfter, _unseen);

    /// <summary>Event time up to which every site is decided, null before the first tick: a change from then on holds for all of them (LOG §6.2), wherever their clocks are.</summary>
    public DateTimeOffset? EarliestDecided() => Sites().Select(s => feed.Tick(s.Id)).OfType<ObservedTick>().Select(t => (DateTimeOffset?)Minute(t.Tick + 1)).Min();

    private SiteStatus Of(Site site, int? openAlerts)
    {
        var tick = feed.Tick(site.Id);
        var sources = SourcesOf(site.Id);
        var still = Standstill(site.Id);
        return new SiteStatus(site.Id, site.Names, tick is null ? null : Minute(tick.Tick + 1), Lag(tick, sources), still.Reason != StandstillReason.None, still.InWords(), sources, openAlerts);
    }

    private List<SourceStatus> SourcesOf(string site) => [.. registry.All.Where(s => s.Site == site)];

    private static double? Lag(ObservedTick? tick, IReadOnlyList<SourceStatus> sources) =>
        tick is null || sources.Max(s => s.Mark) is not { } newest ? null : Math.Max(0, newest - (tick.Tick + 1)) * 60.0;

    private static DateTimeOffset Minute(long minute) => DateTimeOffset.FromUnixTimeSeconds(minute * 60);

    private async Task<Dictionary<string, int>?> OpenAlertsAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(StorePatience);
        try
        {
            var page = await store.SearchAlertsAsync(new AlertQuery { Statuses = [AlertStatus.Open, AlertStatus.Provisional], Limit = CountedAlerts }, patience.Token);
            return page.Items.GroupBy(a => a.Site).ToDictionary(g => g.Key, g => g.Count());
        }
        catch (Exception e) when (e is TransientStoreException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // Whether the tick moves comes from the log, and a desk asks that first of all when something is down.
            return null;
        }
    }
}
