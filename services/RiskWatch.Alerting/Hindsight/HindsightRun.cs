using RiskWatch.Alerting.Warning;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;

namespace RiskWatch.Alerting.Hindsight;

/// <summary>
/// Decides again, in memory, what the findings of the log become: by the rules that held, or by others. The warning stage's decisions are a function of the
/// signals, the reports and the control table, so nothing else is needed; people's actions are left out, since they change no other alert.
/// </summary>
internal sealed class HindsightRun
{
    private readonly Dictionary<string, SiteWarning> _sites = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Alert> _alerts = new(StringComparer.Ordinal);
    private readonly FixedControl _control;
    private readonly Func<string, SiteWarning> _new;
    private readonly long _until;

    /// <summary>Prepares it.</summary>
    /// <param name="view">The control table to decide by.</param>
    /// <param name="taxonomy">Topics.</param>
    /// <param name="gazetteer">Places.</param>
    /// <param name="topology">The log's partitions.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="judged">Told of every finding that was judged; null: nobody.</param>
    /// <param name="until">Last tick to decide.</param>
    public HindsightRun(ControlView view, ITaxonomy taxonomy, IGazetteer gazetteer, TopologyOptions topology, AlertingOptions options, Action<Judgement>? judged = null, long until = long.MaxValue)
    {
        _control = new FixedControl(view);
        _until = until;
        _new = site =>
        {
            var warning = new SiteWarning(site, topology.TalliesPartitions, taxonomy, gazetteer, options);
            warning.Episodes.Judged = judged;
            return warning;
        };
    }

    /// <summary>Takes a finding; those of a site in the log's order, and before the report of their tick. Provisional ones count for nothing.</summary>
    public void Take(Signal signal)
    {
        if (!signal.Provisional && signal.Tick <= _until)
        {
            Of(signal.Series.Site).Add(signal);
        }
    }

    /// <summary>Takes a partition's report, and decides what it completes.</summary>
    public async ValueTask TakeAsync(TickReport report, CancellationToken cancel)
    {
        var site = Of(report.Site);
        await site.AddAsync(report with { Tick = Math.Min(report.Tick, _until) }, _control, cancel).ConfigureAwait(false);
        foreach (var episode in site.Episodes.TakeChanges().Changed)
        {
            _alerts[episode.Alert.Id] = episode.Alert;
        }
    }

    /// <summary>Alerts by the time they were raised, in the state that they have at the end.</summary>
    public IReadOnlyList<Alert> Alerts => [.. _alerts.Values.OrderBy(a => a.RaisedAt).ThenBy(a => a.Id, StringComparer.Ordinal)];

    /// <summary>Last decided tick of a site, null where it has none.</summary>
    public long? Decided(string site) => _sites.TryGetValue(site, out var warning) && warning.Decided != long.MinValue ? warning.Decided : null;

    private SiteWarning Of(string site)
    {
        if (!_sites.TryGetValue(site, out var warning))
        {
            _sites[site] = warning = _new(site);
        }

        return warning;
    }

    // Which entries hold follows from their effectiveFrom alone.
    private sealed class FixedControl(ControlView view) : IControlTable
    {
        public long Offset => view.Offset;

        public ControlView Latest => view;

        public ValueTask<ControlView> AtAsync(long offset, CancellationToken cancel) => ValueTask.FromResult(view);
    }
}
