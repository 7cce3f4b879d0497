using System.Globalization;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Places;

namespace RiskWatch.Alerting.Warning;

/// <summary>
/// All warnings of one site: decides its ticks in order once every tallies partition has reported them (LOG §3.6). Knows no clock but event time; what
/// it decides is a function of the order of its entries.
/// </summary>
internal sealed class SiteWarning(string site, int talliesPartitions, ITaxonomy taxonomy, IGazetteer gazetteer, AlertingOptions options)
{
    private readonly Episodes _episodes = new(site, new Evidence(taxonomy, gazetteer), options);
    private readonly SortedDictionary<long, List<Signal>> _pending = [];
    private readonly Provisionals _provisionals = new(site);
    private SiteState _state = new();
    private (ControlView View, RuleBook Book)? _book;
    private bool _pendingChanged;

    // Kept in the state one by one: a partition that lags behind can leave thousands waiting.
    private readonly Dictionary<Signal, string> _kept = new(ReferenceEqualityComparer.Instance);

    public string Site { get; } = site;

    /// <summary>Last decided tick; <see cref="long.MinValue"/> before the first.</summary>
    public long Decided => _state.Decided;

    public SiteState State => _state;

    public Episodes Episodes => _episodes;

    public Provisionals Provisionals => _provisionals;

    /// <summary>Signals that wait for their tick: those that came since the last call and still wait, and the keys of kept ones that wait no more.</summary>
    public (List<(string Key, Signal Signal)> Came, List<string> Gone) TakePendingChanges()
    {
        List<(string, Signal)> came = [];
        List<string> gone = [];
        if (!_pendingChanged)
        {
            return (came, gone);
        }

        _pendingChanged = false;
        var waiting = _pending.Values.SelectMany(s => s).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var (signal, key) in _kept.Where(k => !waiting.Contains(k.Key)).ToList())
        {
            _kept.Remove(signal);
            gone.Add(key);
        }

        foreach (var signal in _pending.Values.SelectMany(s => s))
        {
            if (!_kept.ContainsKey(signal))
            {
                var key = (_state.SignalNumber++).ToString(CultureInfo.InvariantCulture);
                _kept[signal] = key;
                came.Add((key, signal));
            }
        }

        return (came, gone);
    }

    public void Restore(SiteState state) => _state = state;

    public void Restore(string key, Signal pending)
    {
        Add(pending);
        _kept[pending] = key;
        _pendingChanged = false;
    }

    public void Add(Signal signal)
    {
        if (signal.Provisional)
        {
            _provisionals.Add(signal, _state.Decided);
            return;
        }

        // A signal always lies before its partition's report; one that does not (a partition count that grew) is judged by the next tick.
        var tick = Math.Max(signal.Tick, _state.Decided == long.MinValue ? long.MinValue : _state.Decided + 1);
        if (!_pending.TryGetValue(tick, out var list))
        {
            _pending[tick] = list = [];
        }

        list.Add(signal);
        _pendingChanged = true;
    }

    /// <summary>Takes a partition's report and decides what it completes.</summary>
    public async ValueTask AddAsync(TickReport report, IControlTable control, CancellationToken cancel)
    {
        if (report.TalliesPartition < 0 || report.TalliesPartition >= talliesPartitions)
        {
            throw new InvalidOperationException($"A report of tallies partition {report.TalliesPartition} came, but RiskWatch:Topology:TalliesPartitions says {talliesPartitions}.");
        }

        if (report.Tests > 0)
        {
            _state.TestsByHour[report.Tick / 60] = _state.TestsByHour.GetValueOrDefault(report.Tick / 60) + report.Tests;
        }

        if (report.Tick <= _state.Reported.GetValueOrDefault(report.TalliesPartition, long.MinValue))
        {
            return;
        }

        _state.Reported[report.TalliesPartition] = report.Tick;
        if (!_state.Reports.TryGetValue(report.TalliesPartition, out var steps))
        {
            _state.Reports[report.TalliesPartition] = steps = [];
        }

        if (steps.Count > 0 && steps[^1].ControlOffset == report.ControlOffset)
        {
            steps.RemoveAt(steps.Count - 1);
        }

        steps.Add(new ReportStep(report.Tick, report.ControlOffset));
        if (_state.Reported.Count == talliesPartitions)
        {
            await DecideAsync(_state.Reported.Values.Min(), control, cancel);
        }
    }

    /// <summary>Takes a person's action; a repeat changes nothing (LOG §7.3).</summary>
    public void Act(AlertAction action)
    {
        if (_state.ActionIds.Contains(action.Id))
        {
            return;
        }

        _state.ActionIds.Add(action.Id);
        if (_state.ActionIds.Count > options.MaximumActionIds)
        {
            _state.ActionIds.RemoveAt(0);
        }

        var tick = _state.Decided == long.MinValue ? 0 : _state.Decided;
        if (!_episodes.Act(action, tick))
        {
            _provisionals.Act(action, tick, _episodes);
        }
    }

    /// <summary>What the open minute would decide if it ended now, made on a copy (LOG §7.2).</summary>
    public async ValueTask PreviewAsync(IControlTable control, CancellationToken cancel)
    {
        if (_state.Decided == long.MinValue || !_provisionals.HasNews)
        {
            return;
        }

        var view = await control.AtAsync(_state.ControlOffset, cancel);
        foreach (var (tick, signals) in _provisionals.TakeNews())
        {
            var copy = _episodes.Copy();
            Judge(tick, signals, NewBook(view, tick), copy, _state.Copy(), provisional: true);
            _provisionals.Show(tick, copy.Raised, _episodes);
        }
    }

    private async ValueTask DecideAsync(long until, IControlTable control, CancellationToken cancel)
    {
        if (_state.Decided == long.MinValue)
        {
            _state.Decided = Math.Min(until, _pending.Count > 0 ? _pending.Keys.First() : until) - 1;
        }

        while (_state.Decided < until)
        {
            var from = _state.Decided + 1;
            var end = until;
            var offset = long.MinValue;
            foreach (var steps in _state.Reports.Values)
            {
                while (steps[0].Tick < from)
                {
                    steps.RemoveAt(0);
                }

                end = Math.Min(end, steps[0].Tick);
                offset = Math.Max(offset, steps[0].ControlOffset);
            }

            Decide(from, end, await control.AtAsync(offset, cancel), changed: offset != _state.ControlOffset);
            _state.ControlOffset = offset;
            _state.Decided = end;
        }

        _provisionals.Resolve(_state.Decided, _episodes);
    }

    private void Decide(long from, long end, ControlView view, bool changed)
    {
        // Ticks at which rules, silences or sites change; the first of a stretch with another control offset is one.
        var boundaries = new SortedSet<long>();
        if (changed)
        {
            boundaries.Add(from);
        }

        foreach (var kind in (ControlKind[])[ControlKind.Rule, ControlKind.Site, ControlKind.Silence, ControlKind.BlockedTerm])
        {
            foreach (var time in view.Changes(kind, Evidence.EndOf(from - 1), Evidence.EndOf(end)))
            {
                boundaries.Add(TickFrom(time));
            }
        }

        foreach (var silence in view.All(ControlKind.Silence, Evidence.EndOf(end)).Select(e => e.Silence).OfType<Silence>())
        {
            boundaries.Add(TickFrom(silence.From));
            boundaries.Add(TickFrom(silence.Until));
        }

        boundaries.RemoveWhere(tick => tick < from || tick > end);
        for (var at = from; at <= end;)
        {
            var next = Math.Min(_pending.Count > 0 ? Math.Max(at, _pending.Keys.First()) : long.MaxValue, boundaries.Count > 0 ? boundaries.Min : long.MaxValue);
            next = Math.Min(next, Math.Max(at, _episodes.NextDue));
            if (next > end)
            {
                break;
            }

            if (boundaries.Remove(next))
            {
                _book = null;
            }

            var book = Book(view, next);
            CloseHours(next / 60);
            _episodes.Follow(next, book, _state);
            if (_pending.Remove(next, out var signals))
            {
                _pendingChanged = true;
                Judge(next, signals, book, _episodes, _state, provisional: false);
            }

            _episodes.StepDown(next, _state);
            at = next + 1;
        }

        CloseHours((end + 1) / 60);
    }

    private void CloseHours(long hour)
    {
        while (_state.TestsByHour.Count > 0 && _state.TestsByHour.First() is var (closed, tests) && closed < hour)
        {
            _state.TestsByHour.Remove(closed);
            _state.Budget = _state.Budget.Close(closed, tests);
        }
    }

    private static void Judge(long tick, List<Signal> signals, RuleBook book, Episodes episodes, SiteState state, bool provisional)
    {
        // The order is that of the findings, never of arrival (LOG §3.6). Where a parent is as improbable as its child, the child is what happened.
        foreach (var signal in signals)
        {
            Episodes.Note(signal, book, state);
        }

        foreach (var signal in signals.OrderBy(s => s.Window.PValue).ThenByDescending(s => book.Kinship.Depth(s.Series)).ThenBy(s => s.Series.ToString(), StringComparer.Ordinal))
        {
            episodes.Take(signal, tick, book, state, provisional);
        }
    }

    // The first tick whose end has reached the moment.
    private static long TickFrom(DateTimeOffset time) => ((time.ToUnixTimeSeconds() + 59) / 60) - 1;

    private RuleBook Book(ControlView view, long tick)
    {
        if (_book is { } held && ReferenceEquals(held.View, view))
        {
            return held.Book;
        }

        var book = NewBook(view, tick);
        _book = (view, book);
        return book;
    }

    private RuleBook NewBook(ControlView view, long tick) => new(view, Site, Evidence.EndOf(tick), of => new Kinship(taxonomy, gazetteer, of));
}
