using RiskWatch.Contracts;
using RiskWatch.Core.Control;

namespace RiskWatch.Server.Backtesting;

/// <summary>Control tables to decide by: as it is, with other rules, or stricter and laxer.</summary>
internal static class RuleSets
{
    /// <summary>The table with these rules in place of its own, from the beginning of time.</summary>
    public static ControlView With(ControlView view, IReadOnlyList<Rule> rules) => ControlView.Of(Others(view, ControlKind.Rule).Concat(rules.Select(rule => new ControlEntry
    {
        Kind = ControlKind.Rule,
        EntityId = rule.Id,
        Version = view.LastVersion(ControlKind.Rule, rule.Id) + 1,
        Author = "candidate",
        EffectiveFrom = DateTimeOffset.MinValue,
        Rule = rule,
    })));

    /// <summary>The table with every probability that rules ask for, and the sites' false-alarm budgets, multiplied.</summary>
    public static ControlView Scaled(ControlView view, double by) => ControlView.Of(Enum.GetValues<ControlKind>().SelectMany(view.Versions).Select(entry => entry switch
    {
        { Rule: { } rule } => entry with { Rule = rule with { Levels = [.. rule.Levels.Select(level => level with { PValue = Math.Min(0.5, level.PValue * by) })] } },
        { Site: { } site } => entry with { Site = site with { FalseAlarmsPerDay = site.FalseAlarmsPerDay * by } },
        _ => entry,
    }));

    private static IEnumerable<ControlEntry> Others(ControlView view, ControlKind but) => Enum.GetValues<ControlKind>().Where(kind => kind != but).SelectMany(view.Versions);
}
