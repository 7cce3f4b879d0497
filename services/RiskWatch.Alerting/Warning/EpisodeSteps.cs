using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Warning;

/// <summary>What can happen to an episode: each gives the episode that follows.</summary>
internal static class EpisodeSteps
{
    /// <summary>The episode after a person's action.</summary>
    public static Episode Acted(this Episode episode, AlertAction action, long tick)
    {
        var alert = episode.Alert;
        if (action.Kind == AlertActionKind.Acknowledge)
        {
            return episode with
            {
                Alert = alert with { AcknowledgedBy = action.By, History = [.. alert.History, new AlertStep(Evidence.EndOf(tick), alert.Level, "acknowledged", action.By)] },
            };
        }

        var lives = alert.Status is AlertStatus.Open or AlertStatus.Ended or AlertStatus.Closed;
        return episode with
        {
            ClosedAt = alert.PeakLevel,
            Alert = alert with
            {
                Status = lives ? AlertStatus.Closed : alert.Status,
                Verdict = action.Verdict,
                Onset = action.Onset ?? alert.Onset,
                History = [.. alert.History, new AlertStep(Evidence.EndOf(tick), alert.Level, "closed", action.By)],
            },
        };
    }

    /// <summary>Notes that a level was met.</summary>
    public static Episode Meet(this Episode episode, AlertLevel level, long tick) => level == AlertLevel.None
        ? episode
        : episode with { LastMet = [.. episode.LastMet.Select((met, at) => at < (int)level ? tick : met)] };

    /// <summary>Goes to a level, with the reason in the history.</summary>
    public static Episode Step(this Episode episode, AlertLevel level, long tick, string reason)
    {
        var alert = episode.Alert;
        return episode with
        {
            Alert = Evidence.Rate(
                alert with
                {
                    Level = level,
                    PeakLevel = level > alert.PeakLevel ? level : alert.PeakLevel,
                    History = [.. alert.History, new AlertStep(Evidence.EndOf(tick), level, reason)],
                },
                episode.Last),
        };
    }

    /// <summary>Ends it.</summary>
    public static Episode End(this Episode episode, long tick, string reason) => episode with
    {
        Active = false,
        Alert = episode.Alert with
        {
            Status = episode.Alert.Status == AlertStatus.Closed ? AlertStatus.Closed : AlertStatus.Ended,
            Urgency = Urgency.Past,
            History = [.. episode.Alert.History, new AlertStep(Evidence.EndOf(tick), episode.Alert.Level, reason)],
        },
    };

    /// <summary>A closed alert that rises above what it was closed at is open again.</summary>
    public static Episode Reopen(this Episode episode, long tick) => episode.Alert.Status == AlertStatus.Closed && episode.Alert.Level > episode.ClosedAt
        ? Step(episode with { ClosedAt = AlertLevel.None, Alert = episode.Alert with { Status = AlertStatus.Open } }, episode.Alert.Level, tick, "reopened")
        : episode;

    /// <summary>Judged by a rule that has changed.</summary>
    public static Episode Rejudge(this Episode episode, Rule? rule, int version, long tick, RuleBook book, SiteState state)
    {
        var decision = AlertPolicy.Judge(rule, episode.Last, level => state.Budget.Threshold(level, book.FalseAlarmsPerDay));
        if (rule is null || decision.Level == AlertLevel.None)
        {
            return End(episode, tick, "ruleChanged");
        }

        var next = episode with
        {
            QuietHours = rule.QuietHours,
            RefractoryHours = rule.RefractoryHours,
            Alert = episode.Alert with { Versions = episode.Alert.Versions with { Rule = rule.Id, RuleVersion = version } },
        };
        return Step(Meet(next, decision.Level, tick), decision.Level, tick, "ruleChanged");
    }

    /// <summary>Takes kin under the alert instead of raising a second one.</summary>
    public static Episode Cover(this Episode kin, Signal signal, AlertDecision decision, Evidence evidence, Site? site, long tick)
    {
        var next = kin;
        if (evidence.Cover(kin.Alert, signal.Series, site) is var covering && !ReferenceEquals(covering, kin.Alert))
        {
            next = kin with { Alert = covering, Covered = [.. kin.Covered, signal.Series] };
        }

        // "Everything" goes on for many reasons; only a topic's own series keeps a topic's alert up or lifts it.
        if (signal.Series.Topic != "*" || kin.Series.Topic == "*")
        {
            next = Meet(next, decision.Level, tick);
            if (decision.Level > next.Alert.Level)
            {
                next = Reopen(Step(next, decision.Level, tick, "escalated"), tick);
            }
        }

        return next;
    }

    /// <summary>Takes a finding of its own series.</summary>
    public static Episode Update(this Episode episode, Signal signal, AlertDecision decision, Rule? rule, RuleBook book, Evidence evidence, long tick, Func<AlertLevel, double> hold)
    {
        var next = Meet(episode, decision.Level, tick);
        next = next with { Last = signal with { Chart = [] } };
        var escalated = decision.Level > episode.Alert.Level;
        if (escalated)
        {
            next = Step(next, decision.Level, tick, "escalated");
        }

        if (decision.Window is { } window && rule is not null
            && (escalated || window.PValue < episode.Alert.PValue * 0.1 || (window.PValue <= episode.Alert.PValue && window.Observed >= episode.Alert.Observed * 1.2)))
        {
            var (shown, standDown) = AlertPolicy.StandDown(rule, signal, window, hold);
            next = next with { Alert = evidence.Show(next.Alert, signal, shown, standDown, book.Site) };
        }
        else if ((tick + 1) % 60 == 0)
        {
            next = next with { Alert = Evidence.Chart(next.Alert, signal) };
        }

        return Reopen(next, tick);
    }

    /// <summary>What people did to its provisional form, null where they did nothing.</summary>
    public static Episode? Inherited(this Episode episode, Episode provisional)
    {
        var steps = provisional.Alert.History.Where(s => s.By is not null).ToList();
        if (steps.Count == 0)
        {
            return null;
        }

        var closed = provisional.ClosedAt != AlertLevel.None;
        var alert = episode.Alert;
        return episode with
        {
            ClosedAt = closed ? alert.PeakLevel : episode.ClosedAt,
            Alert = alert with
            {
                AcknowledgedBy = provisional.Alert.AcknowledgedBy ?? alert.AcknowledgedBy,
                Verdict = provisional.Alert.Verdict ?? alert.Verdict,
                Onset = provisional.Alert.Onset ?? alert.Onset,
                Status = closed ? AlertStatus.Closed : alert.Status,
                History = [.. alert.History, .. steps],
            },
        };
    }
}
