using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.Web.Live;

/// <summary>Which alerts the feed shows.</summary>
/// <param name="Site">Site; null: all.</param>
/// <param name="MinimumLevel">At least this level at its peak; null: all.</param>
/// <param name="Ongoing">True: open and provisional ones only; false: all but withdrawn ones.</param>
internal sealed record FeedFilter(string? Site = null, AlertLevel? MinimumLevel = null, bool Ongoing = false)
{
    private static readonly AlertStatus[] OngoingStatuses = [AlertStatus.Open, AlertStatus.Provisional];

    /// <summary>The same as a query of the store.</summary>
    public AlertQuery ToQuery(int limit, string? cursor) => new() { Site = Site, MinimumLevel = MinimumLevel, Statuses = Ongoing ? OngoingStatuses : null, Limit = limit, Cursor = cursor };

    /// <summary>Whether an alert is shown.</summary>
    public bool Shows(Alert alert) =>
        (Site is null || alert.Site == Site)
        && (MinimumLevel is null || alert.PeakLevel >= MinimumLevel)
        && (Ongoing ? OngoingStatuses.Contains(alert.Status) : alert.Status != AlertStatus.Withdrawn);
}

/// <summary>What the feed shows: pages of the store merged with what the log says since, newest first. One page's own; not thread-safe.</summary>
internal sealed class FeedModel(IStore store)
{
    private const int PageSize = 50;

    private readonly Dictionary<string, Alert> _alerts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _fresh = new(StringComparer.Ordinal);
    private string? _cursor;

    /// <summary>What is shown.</summary>
    public FeedFilter Filter { get; private set; } = new();

    /// <summary>Alerts, last raised first, then by id.</summary>
    public IReadOnlyList<Alert> Items { get; private set; } = [];

    /// <summary>Whether there are older ones.</summary>
    public bool HasMore => _cursor is not null;

    /// <summary>Whether an alert appeared since the page was opened or the filter changed.</summary>
    public bool IsFresh(string id) => _fresh.Contains(id);

    /// <summary>Reads the first page anew.</summary>
    /// <exception cref="TransientStoreException">What was shown is still there.</exception>
    public async Task LoadAsync(FeedFilter filter, CancellationToken cancel)
    {
        var page = await store.SearchAlertsAsync(filter.ToQuery(PageSize, null), cancel);
        if (filter != Filter)
        {
            _alerts.Clear();
            _fresh.Clear();
        }

        (Filter, _cursor) = (filter, page.Cursor);
        Keep(page.Items);
    }

    /// <summary>Reads the next page.</summary>
    public async Task MoreAsync(CancellationToken cancel)
    {
        var page = await store.SearchAlertsAsync(Filter.ToQuery(PageSize, _cursor), cancel);
        _cursor = page.Cursor;
        Keep(page.Items);
    }

    /// <summary>Takes what changed; returns the newest alert that was not there before, null where none is new.</summary>
    public Alert? Apply(IReadOnlyList<Alert> changed)
    {
        // Older than the last page read: it comes with its page.
        var horizon = _cursor is null ? DateTimeOffset.MinValue : Items.Count == 0 ? DateTimeOffset.MinValue : Items[^1].RaisedAt;
        var added = changed.Where(a => !_alerts.ContainsKey(a.Id) && Filter.Shows(a) && a.RaisedAt >= horizon).ToList();
        _fresh.UnionWith(added.Select(a => a.Id));
        Keep([.. changed.Where(a => _alerts.ContainsKey(a.Id)), .. added]);
        return added.MaxBy(a => a.RaisedAt);
    }

    private void Keep(IReadOnlyList<Alert> alerts)
    {
        foreach (var alert in alerts)
        {
            if (!_alerts.TryGetValue(alert.Id, out var held) || alert.Version >= held.Version)
            {
                _alerts[alert.Id] = alert;
            }

            if (!Filter.Shows(_alerts[alert.Id]))
            {
                _alerts.Remove(alert.Id);
            }
        }

        Items = [.. _alerts.Values.OrderByDescending(a => a.RaisedAt).ThenBy(a => a.Id, StringComparer.Ordinal)];
    }
}
