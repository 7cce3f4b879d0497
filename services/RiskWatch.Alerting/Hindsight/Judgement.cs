using RiskWatch.Alerting.Warning;
using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Hindsight;

/// <summary>What a level asks of a window, and how far the window is from it.</summary>
/// <param name="Level">Level.</param>
/// <param name="Window">The window that comes nearest to it.</param>
/// <param name="PValueAsked">At most this probability by chance: the rule's, or what the site's false-alarm budget leaves, whichever is less.</param>
/// <param name="RatioLower">Lower bound of observed over expected (at least 1) in that window.</param>
/// <param name="Threshold">The rule's threshold.</param>
internal sealed record LevelDistance(AlertLevel Level, WindowFinding Window, double PValueAsked, double RatioLower, LevelThreshold Threshold)
{
    /// <summary>Whether the window is improbable enough.</summary>
    public bool MeetsPValue => Window.PValue <= PValueAsked;

    /// <summary>Whether it holds enough records.</summary>
    public bool MeetsCount => Window.Observed >= Threshold.MinimumCount;

    /// <summary>Whether it is far enough above its expectation.</summary>
    public bool MeetsRatio => RatioLower >= Threshold.MinimumRatio;
}

/// <summary>What became of one finding at its tick.</summary>
/// <param name="Signal">The finding.</param>
/// <param name="Tick">Tick that judged it.</param>
/// <param name="Reason">Met, or why it is no alert.</param>
/// <param name="Level">Level that its own thresholds give, before what holds it back.</param>
/// <param name="Rule">The rule that judges the series, null where none does.</param>
/// <param name="RuleVersion">Its version.</param>
/// <param name="AlertId">Alert that it raised, keeps up or is covered by; null where there is none.</param>
/// <param name="Covered">Whether that alert is another series'.</param>
/// <param name="SilencedBy">Silence that keeps the series' alerts from notifying, else null.</param>
/// <param name="Asked">P-value that the budget asks for at each level, before the rule's own.</param>
internal sealed record Judgement(Signal Signal, long Tick, AlertReason Reason, AlertLevel Level, Rule? Rule, int RuleVersion, string? AlertId, bool Covered, string? SilencedBy, IReadOnlyDictionary<AlertLevel, double> Asked)
{
    /// <summary>For each level of the rule the window that comes nearest to it: as many of the three conditions met as can be, then the least probable.</summary>
    public IReadOnlyList<LevelDistance> Distances { get; init; } = [];
}
