using System.Threading.Channels;
using RiskWatch.Contracts;

namespace RiskWatch.Web.Live;

/// <summary>What changed since the last look: the newest state of each changed alert and site.</summary>
/// <param name="Alerts">Changed alerts.</param>
/// <param name="Ticks">Sites whose tick was decided.</param>
/// <param name="Reload">More changed than fits: read the store again.</param>
internal sealed record FeedChange(IReadOnlyList<Alert> Alerts, IReadOnlyList<SiteTick> Ticks, bool Reload);

/// <summary>A mailbox of one listener. A slow one gets fewer, merged changes and holds nobody up.</summary>
internal sealed class FeedSubscription(int capacity, Action<FeedSubscription> end) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private Dictionary<string, Alert> _alerts = [];
    private Dictionary<string, SiteTick> _ticks = [];
    private bool _reload;

    /// <summary>Waits for a change and takes all that has gathered.</summary>
    public async ValueTask<FeedChange> NextAsync(CancellationToken cancel)
    {
        await _bell.Reader.ReadAsync(cancel);
        lock (_lock)
        {
            var change = new FeedChange([.. _alerts.Values], [.. _ticks.Values], _reload);
            (_alerts, _ticks, _reload) = ([], [], false);
            return change;
        }
    }

    public void Dispose() => end(this);

    internal void Post(IEnumerable<Alert> alerts, IEnumerable<SiteTick> ticks, bool reload = false)
    {
        lock (_lock)
        {
            foreach (var alert in alerts)
            {
                _alerts[alert.Id] = alert;
            }

            foreach (var tick in ticks)
            {
                _ticks[tick.Site] = tick;
            }

            if (reload || _alerts.Count > capacity)
            {
                _alerts.Clear();
                _reload = true;
            }
        }

        _bell.Writer.TryWrite(true);
    }
}
