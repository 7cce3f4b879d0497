namespace RiskWatch.Alerting.Detection.Counts;

/// <summary>A window of a channel that ends with its last bucket.</summary>
/// <param name="Count">What was counted.</param>
/// <param name="Mean">What was expected, each bucket before it was seen.</param>
/// <param name="Variance">Its variance.</param>
internal readonly record struct CountWindow(double Count, double Mean, double Variance)
{
    /// <summary>P(at least that many) of a negative binomial with this mean and variance; 1 where the count is not above the mean.</summary>
    public double PValue => NegativeBinomial.UpperTail(Math.Ceiling(Count - 0.02), Mean, Variance);

    /// <summary>Not above what is expected by 1.58 standard deviations: its p-value, some 0.06 or more, need not be computed.</summary>
    public bool IsOrdinary => Count <= Mean || (Count - Mean) * (Count - Mean) < 2.5 * Variance;
}

/// <summary>Sums a channel's recent buckets over the windows of its shape.</summary>
internal static class CountWindows
{
    /// <summary>
    /// Window <paramref name="index"/> of the shape as it ends with the last bucket. A window beyond the ring is its closed blocks and the open one:
    /// 7 days of hours are six whole days of UTC and the hours of the seventh so far.
    /// </summary>
    public static CountWindow Of(CountShape shape, Span<float> numbers, int index)
    {
        var state = new CountState(shape, numbers);
        var length = shape.Windows[index];
        float count = 0, mean = 0;
        var place = (int)state.Place;
        var buckets = length > shape.Ring ? place + 1 : length;
        var counts = state.RecentCounts;
        var means = state.RecentMeans;
        for (int back = 0, at = place; back < buckets; back++)
        {
            count += counts[at];
            mean += means[at];
            at = at == 0 ? shape.Ring - 1 : at - 1;
        }

        for (var block = 0; length > shape.Ring && block < shape.Blocks; block++)
        {
            count += state.BlockCounts[block];
            mean += state.BlockMeans[block];
        }

        var added = length == 1 ? state.Uncertainty * mean : state.RecentAdded / state.RecentMean;
        return new CountWindow(count, mean, (state.Dispersion + added) * mean);
    }

    /// <summary>
    /// P-value of all windows together: the least, corrected for looking through several (Šidák, with <see cref="CountTuning.Tests"/> as their number);
    /// 1 where none is over.
    /// </summary>
    public static double PValue(CountShape shape, Span<float> numbers)
    {
        var least = 1.0;
        for (var w = 0; w < shape.Windows.Count; w++)
        {
            var window = Of(shape, numbers, w);
            least = window.IsOrdinary ? least : Math.Min(least, window.PValue);
        }

        // Where p is tiny the power would lose all its digits.
        return least < 1e-9 ? least * shape.Tuning.Tests : 1 - Math.Pow(1 - least, shape.Tuning.Tests);
    }
}
