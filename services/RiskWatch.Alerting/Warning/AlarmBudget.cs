using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Warning;

/// <summary>
/// The site's false-alarm budget (DETECTION §4): operators set false alarms a day; how improbable a finding must be follows from the number of tests, and
/// each recent alert makes the next one harder.
/// </summary>
internal sealed record AlarmBudget
{
    private const double Penalty = 0.75;
    private static readonly double HourDiscount = Math.Pow(0.5, 1.0 / (7 * 24));

    /// <summary>Decayed tests of closed hours.</summary>
    public double Tests { get; init; }

    /// <summary>Decayed number of closed hours.</summary>
    public double Hours { get; init; }

    /// <summary>Last closed hour.</summary>
    public long Hour { get; init; } = long.MinValue;

    /// <summary>Alerts raised, decayed with a time constant of a day, as of <see cref="RaisedAt"/>.</summary>
    public double Raised { get; init; }

    /// <summary>Tick of the last alert.</summary>
    public long RaisedAt { get; init; }

    /// <summary>Tests a day; at least a few a hour, so that a site's first day has a sane threshold.</summary>
    public double TestsPerDay => Math.Max(240, Hours < 1 ? 0 : Tests / Hours * 24);

    /// <summary>The budget after an hour closed.</summary>
    public AlarmBudget Close(long hour, long tests)
    {
        var skipped = Hour == long.MinValue ? 1 : Math.Max(1, hour - Hour);
        var discount = Math.Pow(HourDiscount, skipped);
        var hours = skipped == 1 ? 1 : (1 - discount) / (1 - HourDiscount);
        return this with { Tests = (Tests * discount) + tests, Hours = (Hours * discount) + hours, Hour = hour };
    }

    /// <summary>Decayed count of alerts at a tick.</summary>
    public double Recent(long tick) => Raised <= 0 ? 0 : Raised * Math.Exp(-(tick - RaisedAt) / 1440.0);

    /// <summary>The budget after an alert.</summary>
    public AlarmBudget Spend(long tick) => this with { Raised = Recent(tick) + 1, RaisedAt = tick };

    /// <summary>P-value that a level asks for so that chance alone stays within its share of the budget.</summary>
    public double Threshold(AlertLevel level, double falseAlarmsPerDay)
    {
        var share = level switch { AlertLevel.IV => 1, AlertLevel.III => 0.2, AlertLevel.II => 0.04, _ => 0.008 };
        return falseAlarmsPerDay * share / (1.5 * TestsPerDay);
    }

    /// <summary>Threshold for a new alert: the more alerts of late, the harder.</summary>
    public double ThresholdForNew(AlertLevel level, double falseAlarmsPerDay, long tick) =>
        Threshold(level, falseAlarmsPerDay) / Math.Pow(1 + (Recent(tick) / Math.Max(falseAlarmsPerDay, 1e-3)), Penalty);

    /// <summary>Whether a new alert of the lowest level still fits: the count that alerts at exactly the budget's pace would leave.</summary>
    public bool Fits(double falseAlarmsPerDay, long tick) => Recent(tick) <= 1 / (Math.Exp(1 / Math.Max(falseAlarmsPerDay, 1e-3)) - 1);
}
