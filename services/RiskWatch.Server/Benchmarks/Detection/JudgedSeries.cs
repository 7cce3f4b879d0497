namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>A simulated series after detection.</summary>
/// <param name="Quiet">P-values of judged buckets without an outbreak.</param>
/// <param name="Outbreak">P-values from the outbreak's first case to its last.</param>
internal sealed record JudgedSeries(double[] Quiet, double[] Outbreak)
{
    /// <summary>Buckets from the outbreak's first case to the first alarm; null where there is none.</summary>
    public int? Delay(double threshold) => Array.FindIndex(Outbreak, p => p < threshold) is var at && at < 0 ? null : at;

    /// <summary>Share of quiet buckets with an alarm.</summary>
    public double FalsePositiveRate(double threshold) => Quiet.Length == 0 ? 0 : Quiet.Count(p => p < threshold) / (double)Quiet.Length;
}

/// <summary>A rate with its 95 % interval.</summary>
internal readonly record struct Rate(double Value, double Lower, double Upper)
{
    /// <summary>Of successes among trials: Wilson 1927.</summary>
    public static Rate Of(int successes, int trials)
    {
        const double Z = 1.96;
        var p = successes / (double)trials;
        var middle = (p + (Z * Z / (2 * trials))) / (1 + (Z * Z / trials));
        var half = Z / (1 + (Z * Z / trials)) * Math.Sqrt((p * (1 - p) / trials) + (Z * Z / (4.0 * trials * trials)));
        return new Rate(p, Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>Mean of a figure over series that are drawn independently, by its standard error.</summary>
    public static Rate OfMeans(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        var error = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, values.Count - 1) / values.Count);
        return new Rate(mean, mean - (1.96 * error), mean + (1.96 * error));
    }
}
