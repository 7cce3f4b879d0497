using System.ComponentModel.DataAnnotations;

namespace RiskWatch.Alerting;

/// <summary>Bounds and thresholds of detection and warning. What people tune (rules, budgets) is in control entries, not here.</summary>
public sealed class AlertingOptions
{
    public const string Section = "RiskWatch:Alerting";

    /// <summary>Whether what is urgent shows before its tick is decided. Off in replays, where it could depend on how fast the machine is. Default true.</summary>
    public bool Provisional { get; set; } = true;

    /// <summary>Places of one topic that get a series of their own; beyond it their records count in the ancestors only. Default 5,000.</summary>
    [Range(1, 1_000_000)]
    public int MaximumPlacesPerTopic { get; set; } = 5_000;

    /// <summary>Cells of the term sketch that are followed per site. Default 65,536.</summary>
    [Range(0, 10_000_000)]
    public int MaximumTermCells { get; set; } = 65_536;

    /// <summary>Emergent terms that are series at one time, per site. Default 50.</summary>
    [Range(0, 10_000)]
    public int MaximumTerms { get; set; } = 50;

    /// <summary>Tallies that may wait for their tick before the stage commits with them in its state. Default 50,000.</summary>
    [Range(100, 10_000_000)]
    public int MaximumWaiting { get; set; } = 50_000;

    /// <summary>Findings less improbable than this are not sent to the warning stage. Default 0.002.</summary>
    [Range(1e-9, 0.5)]
    public double SignalPValue { get; set; } = 0.002;

    /// <summary>Days of baseline before a site's findings are sent at all; rules ask for more of their own. Default 2.</summary>
    [Range(0, 365)]
    public double SignalMinimumDays { get; set; } = 2;

    /// <summary>A series that fired is quiet when no window is below this. Default 0.02.</summary>
    [Range(1e-9, 0.9)]
    public double QuietPValue { get; set; } = 0.02;

    /// <summary>Findings with less effective volume in their window are not sent. Default 3.</summary>
    [Range(1, 1_000_000)]
    public double SignalMinimumCount { get; set; } = 3;

    /// <summary>Hours for which tallies may still change an hour; the model learns an hour when it is that old. Default 24.</summary>
    [Range(1, 72)]
    public int LearningLagHours { get; set; } = 24;

    /// <summary>Days without a record after which a series is forgotten. Default 90.</summary>
    [Range(8, 10_000)]
    public int ForgetAfterDays { get; set; } = 90;

    /// <summary>Ended alerts that the warning stage keeps per site for people's actions. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int MaximumEndedAlerts { get; set; } = 1_000;

    /// <summary>Actions whose ids are remembered per site to drop repeats. Default 10,000.</summary>
    [Range(1, 10_000_000)]
    public int MaximumActionIds { get; set; } = 10_000;
}
