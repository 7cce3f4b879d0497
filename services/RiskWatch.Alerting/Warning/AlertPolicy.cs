using RiskWatch.Alerting.Detection;
using RiskWatch.Alerting.Hindsight;
using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Warning;

/// <summary>Why a finding is or is not an alert.</summary>
internal enum AlertReason
{
    /// <summary>A level's thresholds are met.</summary>
    Met,

    /// <summary>No level's thresholds are met.</summary>
    BelowThreshold,

    /// <summary>No rule is for this series.</summary>
    NoRule,

    /// <summary>A term that operators blocked.</summary>
    Blocked,

    /// <summary>The series is not known long enough.</summary>
    ShortBaseline,

    /// <summary>Volume of few accounts.</summary>
    Concentrated,

    /// <summary>An episode of the series ended a short while ago.</summary>
    Refractory,

    /// <summary>A topic says what "everything" only counts.</summary>
    ExplainedByTopic,

    /// <summary>A term that only repeats the name of a topic, a category or a place.</summary>
    RepeatsAName,

    /// <summary>The site's false-alarm budget is spent.</summary>
    BudgetSpent,
}

/// <summary>What a finding amounts to under a rule.</summary>
/// <param name="Reason">Met or why not.</param>
/// <param name="Level">Level, None unless met.</param>
/// <param name="Window">The window that meets it, null unless met.</param>
internal sealed record AlertDecision(AlertReason Reason, AlertLevel Level, WindowFinding? Window);

/// <summary>Judges findings; pure.</summary>
internal static class AlertPolicy
{
    private const int MinimumCommon = 3;

    // Until four weeks are known, what a weekday or an hour usually brings is partly a guess, and tails are heavier than they look.
    private const double KnownDays = 28;

    /// <summary>Level of a signal under a rule, with the p-value that the budget asks for at each level.</summary>
    public static AlertDecision Judge(Rule? rule, Signal signal, Func<AlertLevel, double> budget)
    {
        if (rule is null)
        {
            return new AlertDecision(AlertReason.NoRule, AlertLevel.None, null);
        }

        if (signal.Quiet || Best(rule, signal, budget, 0) is not { } best)
        {
            return new AlertDecision(AlertReason.BelowThreshold, AlertLevel.None, null);
        }

        if (signal.BaselineDays < rule.MinimumBaselineDays)
        {
            return new AlertDecision(AlertReason.ShortBaseline, AlertLevel.None, null);
        }

        if (signal.Concentrated || signal.Authors < rule.MinimumAuthors)
        {
            return new AlertDecision(AlertReason.Concentrated, AlertLevel.None, null);
        }

        return new AlertDecision(AlertReason.Met, best.Level, best.Window);
    }

    /// <summary>
    /// The window to show and its largest volume, in steps of one record, at which there would be no alert: the newest records are those that had not come,
    /// and every window lacks them. Where the deciding window could be empty and an older surge would still be one, that surge's window is shown.
    /// </summary>
    public static (WindowFinding Window, double Count) StandDown(Rule rule, Signal signal, WindowFinding deciding, Func<AlertLevel, double> budget)
    {
        var shown = deciding;
        while (Best(rule, signal, budget, (int)Math.Ceiling(shown.Observed)) is { } beyond && beyond.Window.Hours > shown.Hours)
        {
            shown = beyond.Window;
        }

        // Fewer records make every window more probable, so the first step that is no finding is bisected.
        int no = (int)Math.Ceiling(shown.Observed), yes = 0;
        while (no - yes > 1)
        {
            var less = yes + ((no - yes) / 2);
            (no, yes) = Best(rule, signal, budget, less) is null ? (less, yes) : (no, less);
        }

        return (shown, Math.Max(0, Math.Round(shown.Observed - no, 2)));
    }

    /// <summary>Whether two findings show the same records: examples are the least by hash, so series of the same records have the same ones.</summary>
    public static bool SameRecords(Signal a, Signal b)
    {
        var common = a.Exemplars.Intersect(b.Exemplars, StringComparer.Ordinal).Count();
        return common >= MinimumCommon && common * 2 >= Math.Min(a.Exemplars.Count, b.Exemplars.Count);
    }

    /// <summary>For each level of the rule, the window that comes nearest to it, by the p-values that are asked for.</summary>
    public static IReadOnlyList<LevelDistance> Distances(Rule rule, Signal signal, IReadOnlyDictionary<AlertLevel, double> asked)
    {
        var known = Math.Min(1, signal.BaselineDays / KnownDays);
        return
        [
            .. rule.Levels.OrderBy(t => t.Level).Select(threshold => signal.Windows
                .Select(window => new LevelDistance(
                    threshold.Level, window, Math.Min(threshold.PValue, asked[threshold.Level] * known * known),
                    NegativeBinomial.LowerBound(window.Observed, window.Dispersion) / Math.Max(1, window.Expected), threshold))
                .OrderByDescending(d => (d.MeetsPValue ? 1 : 0) + (d.MeetsCount ? 1 : 0) + (d.MeetsRatio ? 1 : 0))
                .ThenBy(d => d.Window.PValue)
                .First()),
        ];
    }

    private static (AlertLevel Level, WindowFinding Window)? Best(Rule rule, Signal signal, Func<AlertLevel, double> budget, int less)
    {
        var known = Math.Min(1, signal.BaselineDays / KnownDays);
        (AlertLevel Level, WindowFinding Window, double P)? best = null;
        foreach (var threshold in rule.Levels)
        {
            foreach (var window in signal.Windows)
            {
                if (window.PValue >= 1 || (less > 0 && Math.Max(0, window.Youngest - less) <= window.YoungestExpected))
                {
                    continue;
                }

                var volume = Math.Max(0, window.Observed - less);
                var mean = Math.Max(1, window.Expected);
                var p = less == 0 ? window.PValue : NegativeBinomial.UpperTailOf(volume, mean, window.Dispersion * mean);
                if (volume >= threshold.MinimumCount
                    && p <= Math.Min(threshold.PValue, budget(threshold.Level) * known * known)
                    && NegativeBinomial.LowerBound(volume, window.Dispersion) >= threshold.MinimumRatio * mean
                    && (best is null || threshold.Level > best.Value.Level || (threshold.Level == best.Value.Level && p < best.Value.P)))
                {
                    best = (threshold.Level, window, p);
                }
            }
        }

        return best is { } found ? (found.Level, found.Window) : null;
    }
}
