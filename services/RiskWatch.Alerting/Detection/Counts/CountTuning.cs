namespace RiskWatch.Alerting.Detection.Counts;

/// <summary>Constants of a shape, chosen on simulated series of one seed (infra/decisions/0007-count-model.md), never on those that are reported.</summary>
/// <param name="LevelDiscount">What the level's information is worth a bucket later; half of it after ln 2 / (1 − discount) buckets.</param>
/// <param name="TrendDiscount">The same of the trend.</param>
/// <param name="SeasonDiscount">The same of waves, days and holidays.</param>
/// <param name="TrendDeviation">Standard deviation of the trend before anything is known, logarithm per bucket.</param>
/// <param name="RobustAfter">Buckets after which the improbable begins to weigh less; before, a series' own start could be taken for an outbreak.</param>
/// <param name="AcceptAfter">Buckets in a row, all too high or all too low, after which the level is let go: a new normal.</param>
/// <param name="DispersionHalfLife">Buckets (of at least <paramref name="DispersionMean"/> expected) after which the dispersion's memory is half.</param>
/// <param name="DispersionMean">Expected count that makes one observation of the dispersion; rare buckets are pooled until it is reached.</param>
/// <param name="Tests">How many independent tests the overlapping windows are worth together.</param>
internal sealed record CountTuning(
    double LevelDiscount,
    double TrendDiscount,
    double SeasonDiscount,
    double TrendDeviation,
    int RobustAfter,
    int AcceptAfter,
    double DispersionHalfLife,
    double DispersionMean,
    double Tests)
{
    /// <summary>For hours.</summary>
    public static CountTuning Hourly { get; } = new(0.9985, 0.9999, 0.9997, 0.0001, 168, 48, 500, 4, 3);

    /// <summary>For days.</summary>
    public static CountTuning Daily { get; } = new(0.995, 0.9999, 0.9995, 0.001, 28, 14, 200, 2, 3);

    /// <summary>For weeks.</summary>
    public static CountTuning Weekly { get; } = new(0.995, 0.9995, 0.999, 0.002, 12, 20, 200, 2, 1.7);

    /// <summary>Outside this many standard deviations (Anscombe residual) a count weighs less: Noufaily et al. 2013, Statistics in Medicine 32:1206.</summary>
    public const float RobustFrom = 2.58f;

    /// <summary>Dispersion before anything is known, and the observations that this belief is worth.</summary>
    public const float PriorDispersion = 1.2f;

    /// <summary>Observations of the dispersion that the belief in <see cref="PriorDispersion"/> is worth.</summary>
    public const float PriorDispersionWeight = 8;
}
