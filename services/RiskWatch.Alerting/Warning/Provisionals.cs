using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Warning;

/// <summary>
/// Alerts shown before their tick (LOG §7.2): one per rule and series; the tick confirms them under the same or another id, or withdraws them. Nothing
/// here reaches a confirmed alert but people's actions.
/// </summary>
internal sealed class Provisionals(string site)
{
    private const int MostKept = 200;
    private readonly SortedDictionary<string, Episode> _all = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, Dictionary<string, Signal>> _signals = [];
    private readonly SortedSet<string> _changed = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _forgotten = new(StringComparer.Ordinal);

    public string Site { get; } = site;

    public bool HasNews { get; private set; }

    public IReadOnlyCollection<Episode> All => _all.Values;

    public void Restore(Episode episode) => _all[episode.Alert.Id] = episode;

    public void Add(Signal signal, long decided)
    {
        if (signal.Tick <= decided)
        {
            return;
        }

        if (!_signals.TryGetValue(signal.Tick, out var bySeries))
        {
            _signals[signal.Tick] = bySeries = new Dictionary<string, Signal>(StringComparer.Ordinal);
        }

        bySeries[signal.Series.ToString()] = signal with { Provisional = false };
        HasNews = true;
    }

    /// <summary>The open ticks with their signals.</summary>
    public List<(long Tick, List<Signal> Signals)> TakeNews()
    {
        HasNews = false;
        return [.. _signals.Select(s => (s.Key, s.Value.Values.ToList()))];
    }

    /// <summary>Shows what the copy raised ahead of its tick.</summary>
    public void Show(long tick, IReadOnlyList<Episode> raised, Episodes confirmed)
    {
        foreach (var episode in raised)
        {
            var shown = _all.Values.Any(p => p.Active && p.Series == episode.Series && p.Alert.Versions.Rule == episode.Alert.Versions.Rule);
            if (!shown && confirmed.Find(episode.Alert.Id) is null)
            {
                Put(episode with { Tick = tick, Changes = 0 });
            }
        }
    }

    /// <summary>Confirms or withdraws what its tick has decided.</summary>
    public void Resolve(long decided, Episodes confirmed)
    {
        foreach (var tick in _signals.Keys.TakeWhile(t => t <= decided).ToList())
        {
            _signals.Remove(tick);
        }

        foreach (var provisional in _all.Values.Where(p => p.Active && p.Tick <= decided).ToList())
        {
            var id = provisional.Alert.Id;
            if (confirmed.Find(id) is not null)
            {
                // The confirmed alert has this id and takes its place.
                confirmed.Inherit(id, provisional, decided);
                _all.Remove(id);
                _forgotten.Add(id);
                continue;
            }

            var target = confirmed.Covering(provisional.Series)?.Alert.Id;
            if (target is not null)
            {
                confirmed.Inherit(target, provisional, decided);
            }

            Put(provisional with
            {
                Active = false,
                Alert = provisional.Alert with
                {
                    Status = target is null ? AlertStatus.Withdrawn : AlertStatus.Confirmed,
                    ConfirmedAs = target,
                    UpdatedAt = Evidence.EndOf(decided),
                },
            });
        }
    }

    /// <summary>Records a person's action; on one that was confirmed elsewhere it goes there.</summary>
    public void Act(AlertAction action, long tick, Episodes confirmed)
    {
        if (!_all.TryGetValue(action.AlertId, out var provisional))
        {
            AlertingMetrics.Suppress("actionOnUnknownAlert");
        }
        else if (provisional.Alert.ConfirmedAs is { } id)
        {
            confirmed.Act(action with { AlertId = id }, tick);
        }
        else
        {
            Put(provisional.Acted(action, tick));
        }
    }

    /// <summary>Changed ones since the last call, and ids that are no longer kept.</summary>
    public (List<Episode> Changed, List<string> Forgotten) TakeChanges()
    {
        foreach (var old in _all.Values.Where(p => !p.Active).OrderByDescending(p => p.Tick).ThenBy(p => p.Alert.Id, StringComparer.Ordinal).Skip(MostKept).ToList())
        {
            _all.Remove(old.Alert.Id);
            _forgotten.Add(old.Alert.Id);
        }

        List<Episode> changed = [.. _changed.Where(_all.ContainsKey).Select(id => _all[id])];
        List<string> forgotten = [.. _forgotten];
        _changed.Clear();
        _forgotten.Clear();
        return (changed, forgotten);
    }

    private void Put(Episode episode)
    {
        var changes = Math.Min(episode.Changes + 1, (int)Episodes.FirstConfirmedVersion - 1);
        _all[episode.Alert.Id] = episode with { Changes = changes, Alert = episode.Alert with { Version = changes } };
        _changed.Add(episode.Alert.Id);
    }
}
