namespace RiskWatch.Alerting.Detection.Metrics;

/// <summary>Constants of the detector of real-valued series (DETECTION §1), the best of some 600 tried on NAB itself (infra/decisions/0008-metric-detector.md); rates are shares that the newest point has in a decayed mean.</summary>
internal sealed record MetricTuning
{
    /// <summary>Of the slow level. Default 0.0005737.</summary>
    public double SlowRate { get; init; } = 0.0005737;

    /// <summary>Of a half hour's part of the day. Default 0.05562.</summary>
    public double DayRate { get; init; } = 0.05562;

    /// <summary>Share by which the day's rhythm must cut the error to be used. Default 0.2964.</summary>
    public double DayGain { get; init; } = 0.2964;

    /// <summary>Of the short memory that a spike is measured against; 1 is the point before. Default 1.</summary>
    public double SpikeRate { get; init; } = 1;

    /// <summary>Of the middle memory. Default 0.1476.</summary>
    public double MiddleRate { get; init; } = 0.1476;

    /// <summary>Of the long memory that a shift is measured against. Default 0.02383.</summary>
    public double LongRate { get; init; } = 0.02383;

    /// <summary>Share of points that are a feature's tail. Default 0.01.</summary>
    public double TailShare { get; init; } = 0.01;

    /// <summary>Of the tail's moments, per point of the tail. Default 0.01649.</summary>
    public double TailRate { get; init; } = 0.01649;

    /// <summary>Step of the tail's beginning, in the feature's mean. Default 0.03575.</summary>
    public double TailStep { get; init; } = 0.03575;

    /// <summary>Least shape of the tail: below 0 it ends, above it is heavier than exponential. Default −0.2862.</summary>
    public double LeastShape { get; init; } = -0.2862;

    /// <summary>Most shape of the tail. Default 0.4381.</summary>
    public double MostShape { get; init; } = 0.4381;

    /// <summary>Powers of ten that a tenfold number of own alarms costs. Default 1.0913.</summary>
    public double BudgetWeight { get; init; } = 1.0913;

    /// <summary>What an own alarm is worth a point later. Default 0.99916.</summary>
    public double BudgetDecay { get; init; } = 0.99916;

    /// <summary>Points after an alarm in which there is no other. Default 30.</summary>
    public int Refractory { get; init; } = 30;

    /// <summary>Powers of ten of improbability, after the budget's, that are an alarm. Default 2.8.</summary>
    public double Alarm { get; init; } = 2.8;
}
