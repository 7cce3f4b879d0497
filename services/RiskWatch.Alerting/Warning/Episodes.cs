using RiskWatch.Alerting.Hindsight;
using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Warning;

/// <summary>The alerts of a site: one per episode, parents and children together, with hysteresis, refractory time and budget.</summary>
internal sealed class Episodes(string site, Evidence evidence, AlertingOptions options)
{
    /// <summary>Versions below it belong to provisional alerts, so that a confirmed alert's version does not depend on whether one was shown before.</summary>
    public const long FirstConfirmedVersion = 1_000;

    // Orange and red of a part are said whatever was said of the whole.
    private const AlertLevel NeverHeldBack = AlertLevel.II;

    private readonly SortedDictionary<string, Episode> _all = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Episode> _active = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _changed = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _forgotten = new(StringComparer.Ordinal);

    /// <summary>Episodes raised since this object was made.</summary>
    public List<Episode> Raised { get; } = [];

    /// <summary>Told what becomes of each finding; null: nobody, and nothing is computed for it.</summary>
    public Action<Judgement>? Judged { get; set; }

    public IReadOnlyCollection<Episode> All => _all.Values;

    /// <summary>First tick at which an alert steps down unless its level is met again.</summary>
    public long NextDue => _active.Count == 0 ? long.MaxValue : _active.Values.Min(e => e.Due);

    /// <summary>A copy of what is going on, to decide ahead of a tick.</summary>
    public Episodes Copy()
    {
        var copy = new Episodes(site, evidence, options);
        foreach (var episode in _active.Values)
        {
            copy.Restore(episode);
        }

        return copy;
    }

    public void Restore(Episode episode)
    {
        _all[episode.Alert.Id] = episode;
        if (episode.Active)
        {
            _active[episode.Alert.Id] = episode;
        }
    }

    /// <summary>Changed episodes since the last call, and ids that are no longer kept.</summary>
    public (List<Episode> Changed, List<string> Forgotten) TakeChanges()
    {
        var inactive = _all.Count - _active.Count;
        if (inactive > options.MaximumEndedAlerts)
        {
            AlertingMetrics.Bound("endedAlerts");
            foreach (var old in _all.Values.Where(e => !e.Active).OrderBy(e => e.Tick).ThenBy(e => e.Alert.Id, StringComparer.Ordinal).Take(inactive - options.MaximumEndedAlerts).ToList())
            {
                _all.Remove(old.Alert.Id);
                _forgotten.Add(old.Alert.Id);
            }
        }

        List<Episode> changed = [.. _changed.Where(_all.ContainsKey).Select(id => _all[id])];
        List<string> forgotten = [.. _forgotten];
        _changed.Clear();
        _forgotten.Clear();
        return (changed, forgotten);
    }

    /// <summary>The active episode under which a series is shown, null where none is.</summary>
    public Episode? Covering(SeriesId series)
    {
        var name = series.ToString();
        return _active.Values.FirstOrDefault(e => e.Series == series) ?? _active.Values.FirstOrDefault(e => e.Alert.Covers.Contains(name));
    }

    public Episode? Find(string id) => _all.GetValueOrDefault(id);

    /// <summary>Notes which topics fire, before any finding of the tick is decided: they explain what "everything" only counts.</summary>
    public static void Note(Signal signal, RuleBook book, SiteState state) =>
        Fire(signal, AlertPolicy.Judge(book.For(signal.Series).Rule, signal, level => state.Budget.Threshold(level, book.FalseAlarmsPerDay)), state);

    /// <summary>Decides one finding.</summary>
    public void Take(Signal signal, long tick, RuleBook book, SiteState state, bool provisional)
    {
        var (rule, version) = book.For(signal.Series);
        double Hold(AlertLevel level) => state.Budget.Threshold(level, book.FalseAlarmsPerDay);
        var decision = AlertPolicy.Judge(rule, signal, Hold);
        if (_active.Values.FirstOrDefault(e => e.Series == signal.Series) is { } own)
        {
            Put(own, own.Update(signal, decision, rule, book, evidence, tick, Hold), tick);
            Tell(signal, tick, decision.Reason, decision, book, Hold, own.Alert.Id);
        }
        else if (decision.Level == AlertLevel.None)
        {
            if (decision.Reason != AlertReason.BelowThreshold)
            {
                AlertingMetrics.Suppress(decision.Reason.ToString());
            }

            Tell(signal, tick, decision.Reason, decision, book, Hold, null);
        }
        else if (Kin(signal, book) is { } kin)
        {
            Put(kin, kin.Cover(signal, decision, evidence, book.Site, tick), tick);
            Tell(signal, tick, decision.Reason, decision, book, Hold, kin.Alert.Id, covered: true);
        }
        else if (Refuse(signal, decision, tick, book, state) is { } reason)
        {
            AlertingMetrics.Suppress(reason.ToString());
            Tell(signal, tick, reason, decision, book, reason == AlertReason.BudgetSpent ? AsNew(book, state, tick) : Hold, null);
        }
        else
        {
            var asNew = AsNew(book, state, tick);
            Raise(signal, tick, rule!, version, book, state, provisional);
            Tell(signal, tick, AlertReason.Met, decision, book, asNew, Raised[^1].Alert.Id);
        }
    }

    /// <summary>Judges what is going on by the rules and silences that hold now (LOG §7.3).</summary>
    public void Follow(long tick, RuleBook book, SiteState state)
    {
        foreach (var episode in _active.Values.ToList())
        {
            var (rule, version) = book.For(episode.Series);
            var next = episode;
            if (rule is null || rule.Id != episode.Alert.Versions.Rule || version != episode.Alert.Versions.RuleVersion)
            {
                next = episode.Rejudge(rule, version, tick, book, state);
            }

            var silence = book.SilenceOf(episode.Series, Evidence.EndOf(tick));
            if (silence != next.Alert.SilencedBy)
            {
                var history = silence is null ? next.Alert.History : [.. next.Alert.History, new AlertStep(Evidence.EndOf(tick), next.Alert.Level, "silenced")];
                next = next with { Alert = next.Alert with { SilencedBy = silence, History = history } };
            }

            Put(episode, next, tick);
            if (!next.Active)
            {
                Rest(next, tick, state);
            }
        }
    }

    /// <summary>Steps down or ends what has been quiet for long enough.</summary>
    public void StepDown(long tick, SiteState state)
    {
        foreach (var episode in _active.Values.ToList())
        {
            var next = episode;
            while (next.Active && next.Due <= tick)
            {
                next = next.Alert.Level == AlertLevel.IV
                    ? next.End(tick, "ended")
                    : next.Step(next.Alert.Level - 1, tick, "steppedDown");
            }

            Put(episode, next, tick);
            if (!next.Active)
            {
                Rest(next, tick, state);
            }
        }
    }

    /// <summary>Takes a person's action on an alert; false where there is no such alert.</summary>
    public bool Act(AlertAction action, long tick)
    {
        if (!_all.TryGetValue(action.AlertId, out var episode))
        {
            return false;
        }

        Put(episode, episode.Acted(action, tick), tick);
        return true;
    }

    /// <summary>Gives an alert what people did to its provisional form.</summary>
    public void Inherit(string id, Episode provisional, long tick)
    {
        if (_all.TryGetValue(id, out var episode) && episode.Inherited(provisional) is { } next)
        {
            Put(episode, next, tick);
        }
    }

    private static Func<AlertLevel, double> AsNew(RuleBook book, SiteState state, long tick)
    {
        var budget = state.Budget;
        return level => budget.ThresholdForNew(level, book.FalseAlarmsPerDay, tick);
    }

    private void Tell(Signal signal, long tick, AlertReason reason, AlertDecision decision, RuleBook book, Func<AlertLevel, double> budget, string? alert, bool covered = false)
    {
        if (Judged is null)
        {
            return;
        }

        reason = reason == AlertReason.NoRule && book.IsBlocked(signal.Series) ? AlertReason.Blocked : reason;
        var (rule, version) = book.For(signal.Series);
        var asked = ((AlertLevel[])[AlertLevel.IV, AlertLevel.III, AlertLevel.II, AlertLevel.I]).ToDictionary(level => level, budget);
        Judged(new Judgement(signal, tick, reason, decision.Level, rule, version, alert, covered, book.SilenceOf(signal.Series, Evidence.EndOf(tick)), asked)
        {
            Distances = rule is null ? [] : AlertPolicy.Distances(rule, signal, asked),
        });
    }

    private static void Fire(Signal signal, AlertDecision decision, SiteState state)
    {
        var name = signal.Series.ToString();
        if (signal.Quiet || decision.Level == AlertLevel.None)
        {
            state.Firing.Remove(name);
        }
        else if (signal.Series.Topic != "*")
        {
            state.Firing[name] = new FiringSeries(signal.Series, decision.Level, [.. signal.Windows.Select(w => w.Observed)]);
        }
    }

    private AlertReason? Refuse(Signal signal, AlertDecision decision, long tick, RuleBook book, SiteState state)
    {
        if (state.Resting.Values.Any(r => r.Until > tick && decision.Level <= r.Peak
            && (r.Series == signal.Series || (decision.Level < NeverHeldBack && book.Kinship.IsPartOf(signal.Series, r.Series)))))
        {
            return AlertReason.Refractory;
        }

        // That all goes up where something graver is going on needs no saying.
        if (signal.Series.Topic == "*" && _active.Values.Any(e => e.Series.Topic is not ("*" or SeriesTopics.LikelyFalse) && e.Alert.Level > decision.Level && book.Kinship.IsWithin(signal.Series.Place, e.Series.Place)))
        {
            return AlertReason.ExplainedByTopic;
        }

        if (signal.Series.Term is { } term && book.Kinship.RepeatsAName(term))
        {
            return AlertReason.RepeatsAName;
        }

        // A topic explains what "everything", or a term beside it, counts where it is the greater part of it.
        if ((signal.Series.Topic is null or "*") && state.Firing.Values.Any(f => f.Series.Term is null && f.IsMostOf(signal) && book.Kinship.IsWithin(f.Series.Place, signal.Series.Place)))
        {
            return AlertReason.ExplainedByTopic;
        }

        var rule = book.For(signal.Series).Rule;
        var asNew = AlertPolicy.Judge(rule, signal, AsNew(book, state, tick));
        return asNew.Level == AlertLevel.None || (decision.Level == AlertLevel.IV && !state.Budget.Fits(book.FalseAlarmsPerDay, tick)) ? AlertReason.BudgetSpent : null;
    }

    // The one raised first, so that an alert keeps what it covers. Topics that are no kin can still be two names for the same records; what lies below
    // such a name is then covered with it, unless that name reaches beyond the alert's own place.
    private Episode? Kin(Signal signal, RuleBook book)
    {
        var name = signal.Series.ToString();
        return _active.Values
            .Where(e => e.Alert.Covers.Contains(name) || book.Kinship.Related(signal.Series, e.Series)
                || e.Covered.Any(c => c.Topic is not null and not "*" && book.Kinship.IsWithin(c.Place, e.Series.Place) && book.Kinship.Related(signal.Series, c))
                || (Kinship.OfOneKind(signal.Series, e.Series) && AlertPolicy.SameRecords(signal, e.Last) && (book.Kinship.IsWithin(signal.Series.Place, e.Series.Place) || book.Kinship.IsWithin(e.Series.Place, signal.Series.Place))))
            .OrderBy(e => e.Tick).ThenBy(e => e.Alert.Id, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    private void Raise(Signal signal, long tick, Rule rule, int version, RuleBook book, SiteState state, bool provisional)
    {
        var asNew = AsNew(book, state, tick);
        var decision = AlertPolicy.Judge(rule, signal, asNew);
        var (window, standDown) = AlertPolicy.StandDown(rule, signal, decision.Window!, asNew);
        var alert = evidence.Raise(signal, rule, version, decision.Level, window, standDown, book.Site, tick, provisional);
        if (book.SilenceOf(signal.Series, Evidence.EndOf(tick)) is { } silence)
        {
            alert = alert with { SilencedBy = silence, History = [.. alert.History, new AlertStep(Evidence.EndOf(tick), alert.Level, "silenced")] };
        }

        state.Budget = state.Budget.Spend(tick);
        var episode = new Episode
        {
            Alert = alert,
            Series = signal.Series,
            Last = signal with { Chart = [] },
            Tick = tick,
            QuietHours = rule.QuietHours,
            RefractoryHours = rule.RefractoryHours,
        }.Meet(decision.Level, tick);
        Put(null, episode, tick);
        Raised.Add(episode);
    }

    private static void Rest(Episode episode, long tick, SiteState state)
    {
        var until = tick + (episode.RefractoryHours * 60);
        foreach (var old in state.Resting.Where(r => r.Value.Until <= tick).Select(r => r.Key).ToList())
        {
            state.Resting.Remove(old);
        }

        // "Everything" goes on for many reasons: that a topic's alert covered it says nothing about the next one.
        foreach (var series in episode.Covered.Where(c => c.Topic != "*" || episode.Series.Topic == "*").Prepend(episode.Series))
        {
            state.Resting[series.ToString()] = new RestingSeries(series, until, episode.Alert.PeakLevel);
        }
    }

    private void Put(Episode? was, Episode next, long tick)
    {
        if (was is not null && ReferenceEquals(was.Alert, next.Alert))
        {
            // Only what decisions need has changed: kept, not published.
            if (!ReferenceEquals(was, next))
            {
                Restore(next);
                _changed.Add(next.Alert.Id);
            }

            return;
        }

        next = next with
        {
            Changes = next.Changes + 1,
            Alert = next.Alert with { Version = FirstConfirmedVersion + next.Changes, UpdatedAt = Evidence.EndOf(tick) },
        };
        _all[next.Alert.Id] = next;
        if (next.Active)
        {
            _active[next.Alert.Id] = next;
        }
        else
        {
            _active.Remove(next.Alert.Id);
        }

        _changed.Add(next.Alert.Id);
    }
}
