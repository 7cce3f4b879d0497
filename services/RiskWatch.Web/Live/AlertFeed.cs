using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;

namespace RiskWatch.Web.Live;

/// <summary>A site's last decided tick and when (wall clock) it was decided.</summary>
internal sealed record ObservedTick(long Tick, DateTimeOffset MovedAt);

/// <summary>
/// Follows the alerts topic itself, not the store, so that a warning is on screen as soon as it is decided. Keeps each site's tick and the newest alerts.
/// While the log cannot be reached it says so (<see cref="Interrupted"/>) and starts over when it can.
/// </summary>
internal sealed class AlertFeed(IEventLog log, TimeProvider time, IOptions<WebOptions> options, ILogger<AlertFeed> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadWait = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<FeedSubscription> _subscriptions = [];
    private readonly Dictionary<string, ObservedTick> _ticks = new(StringComparer.Ordinal);
    private readonly RecentAlerts _recent = new(options.Value.LiveAlerts);

    /// <summary>Wall clock of the start; a site without any tick is measured from here.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    /// <summary>True while the alerts topic cannot be followed.</summary>
    public bool Interrupted { get; private set; }

    /// <summary>Last decided tick of a site, null before the first.</summary>
    public ObservedTick? Tick(string site)
    {
        lock (_lock)
        {
            return _ticks.GetValueOrDefault(site);
        }
    }

    /// <summary>The newest state of an alert that is still in memory, else null.</summary>
    public Alert? Find(string id)
    {
        lock (_lock)
        {
            return _recent.Find(id);
        }
    }

    /// <summary>Listens from now on.</summary>
    public FeedSubscription Subscribe()
    {
        var subscription = new FeedSubscription(options.Value.LiveAlerts, End);
        lock (_lock)
        {
            _subscriptions.Add(subscription);
        }

        return subscription;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (TransientLogException e)
            {
                Interrupted = true;
                logger.FeedInterrupted(RetryDelay, e);
                Publish([], [], reload: true);
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancel)
    {
        await using var tail = log.Tail(Topics.Alerts, fromBeginning: true);
        while (true)
        {
            Take(await tail.ReadAsync(ReadWait, cancel), live: tail.CaughtUp);
            if (Interrupted && tail.CaughtUp)
            {
                Interrupted = false;
                logger.FeedResumed();
                Publish([], [], reload: true);
            }
        }
    }

    private void Take(IReadOnlyList<LogMessage> entries, bool live)
    {
        List<Alert> alerts = [];
        List<SiteTick> ticks = [];
        foreach (var entry in entries.Where(e => e.Value is not null))
        {
            Require(entry);
            switch (entry.Type)
            {
                case EntryTypes.Alert:
                    alerts.Add(Entries.Read(entry, ContractsJson.Default.Alert));
                    break;
                case EntryTypes.SiteTick:
                    ticks.Add(Keep(Entries.Read(entry, ContractsJson.Default.SiteTick), entry.AppendedAt));
                    break;
            }
        }

        lock (_lock)
        {
            alerts.ForEach(_recent.Keep);
        }

        if (live && (alerts.Count > 0 || ticks.Count > 0))
        {
            Publish(alerts, ticks);
        }
    }

    private SiteTick Keep(SiteTick tick, DateTimeOffset appendedAt)
    {
        lock (_lock)
        {
            if (tick.Tick > (_ticks.GetValueOrDefault(tick.Site)?.Tick ?? long.MinValue))
            {
                _ticks[tick.Site] = new ObservedTick(tick.Tick, appendedAt);
            }
        }

        return tick;
    }

    private void Publish(IReadOnlyList<Alert> alerts, IReadOnlyList<SiteTick> ticks, bool reload = false)
    {
        FeedSubscription[] subscriptions;
        lock (_lock)
        {
            subscriptions = [.. _subscriptions];
        }

        foreach (var subscription in subscriptions)
        {
            subscription.Post(alerts, ticks, reload);
        }
    }

    private void End(FeedSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.Remove(subscription);
        }
    }

    private static void Require(LogMessage entry)
    {
        if (entry.SchemaVersion > Schema.Current)
        {
            throw new LogConfigurationException($"An entry of {entry.Topic} has schema version {entry.SchemaVersion}, this build reads {Schema.Current}: upgrade the web role first.");
        }
    }
}
