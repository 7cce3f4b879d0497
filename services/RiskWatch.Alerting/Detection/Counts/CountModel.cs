namespace RiskWatch.Alerting.Detection.Counts;

/// <summary>What a channel expects of a bucket.</summary>
/// <param name="Mean">Expected count.</param>
/// <param name="Uncertainty">Variance of its logarithm.</param>
/// <param name="Dispersion">Variance over mean of counts around it, at least 1.</param>
internal readonly record struct CountExpectation(double Mean, double Uncertainty, double Dispersion)
{
    /// <summary>Variance of the count: over-dispersed, around an uncertain mean.</summary>
    public double Variance => (Dispersion * Mean) + (Uncertainty * Mean * Mean);
}

/// <summary>
/// The series model: a discounted Poisson-gamma dynamic generalised linear model (West, Harrison and Migon 1985, JASA 80:73; discounts of the diagonal
/// alone, DETECTION §4) of counts in buckets, robust against past outbreaks (weights of Noufaily et al. 2013), its over-dispersion estimated in flight.
/// O(<see cref="CountShape.Terms"/>²) per bucket, allocates nothing, and is a function of the channel's numbers, the moment and the count alone.
/// </summary>
internal static class CountModel
{
    private const float LeastVariance = 1e-6f;
    private const float MostVariance = 1;
    private const float LeastLog = -9;
    private const float MostLog = 23;
    private const float MostDispersion = 1000;
    private const float LongestStep = 3;
    private const float LargestCount = 1e9f;
    private const float LargestObservation = 14;

    // Within so many standard deviations the Anscombe residual cannot reach RobustFrom.
    private const float Unsuspicious = 1.6f;

    /// <summary>Makes a channel one that has seen nothing.</summary>
    public static void Begin(CountShape shape, Span<float> numbers)
    {
        numbers.Clear();
        var state = new CountState(shape, numbers);
        for (int i = 0, at = 0; i < shape.Terms; i++)
        {
            at += i;
            state.Covariances[at++] = i == 1 ? Squared(shape.Tuning.TrendDeviation) : MostVariance / 2;
        }
    }

    /// <summary>
    /// Takes in a bucket's count and gives what was expected of it, before it was seen. A count is taken as 0 where it is negative or not a number, and as
    /// 10⁹ above that. <paramref name="factors"/> are <see cref="CountShape.Describe"/>'s; <paramref name="offset"/> is added to the logarithm (a borrowed
    /// profile), default 0.
    /// </summary>
    public static CountExpectation Observe(CountShape shape, Span<float> numbers, ReadOnlySpan<float> factors, long bucket, float count, float offset = 0)
    {
        count = count > 0 ? Math.Min(count, LargestCount) : 0;
        var state = new CountState(shape, numbers);
        if (state.Seen == 0)
        {
            state.Coefficients[0] = MathF.Log(count + 0.3f) - offset;
        }

        Span<float> gains = stackalloc float[shape.Terms];
        Evolve(shape, state);
        var (log, uncertainty) = Predict(state, factors, gains, offset);
        var mean = MathF.Exp(log);
        var dispersion = DispersionOf(state);
        var weight = IsSpecial(shape, factors) ? 1 : Weight(shape, state, count, mean, (dispersion * mean) + (uncertainty * mean * mean));
        Learn(state, gains, count, mean, uncertainty, dispersion / weight);
        LearnDispersion(shape, state, bucket, count, mean, uncertainty, dispersion);
        Keep(shape, state, bucket, count, mean);
        state.Uncertainty = uncertainty;
        Blend(shape, state, mean, uncertainty * mean * mean);
        state.Dispersion = dispersion;
        state.Seen++;
        return new CountExpectation(mean, uncertainty, dispersion);
    }

    /// <summary>
    /// A bucket of which nothing is known (its source was silent): the past fades, nothing is learned, and no window counts it. Also what an endless gap
    /// comes to after a few hundred of them.
    /// </summary>
    public static void Skip(CountShape shape, Span<float> numbers, long bucket)
    {
        var state = new CountState(shape, numbers);
        Evolve(shape, state);
        Keep(shape, state, bucket, 0, 0);
    }

    /// <summary>What is expected of a bucket <paramref name="ahead"/> buckets after the last, 1 the next; changes nothing.</summary>
    public static CountExpectation Expect(CountShape shape, Span<float> numbers, ReadOnlySpan<float> factors, int ahead = 1, float offset = 0)
    {
        var state = new CountState(shape, numbers);
        Span<float> gains = stackalloc float[shape.Terms];
        var (log, uncertainty) = Predict(state, factors, gains, offset);
        log = Math.Clamp(log + (ahead * state.Coefficients[1]), LeastLog, MostLog);
        var grown = uncertainty / MathF.Pow((float)shape.Tuning.LevelDiscount, ahead);
        return new CountExpectation(MathF.Exp(log), Math.Min(grown, 4), DispersionOf(state));
    }

    /// <summary>Variance over mean as estimated now: the smaller of two estimates, since either alone can lock in (DETECTION §4.5).</summary>
    public static float DispersionOf(CountState state)
    {
        const float Weight = CountTuning.PriorDispersionWeight;
        var bySquares = ((Weight * CountTuning.PriorDispersion) + state.Squares) / (Weight + state.SquaresWeight);
        var byDifferences = ((Weight * CountTuning.PriorDispersion) + state.Differences) / (Weight + state.DifferencesWeight);
        return Math.Clamp(Math.Min(bySquares, byDifferences), 1, MostDispersion);
    }

    private static void Evolve(CountShape shape, CountState state)
    {
        var coefficients = state.Coefficients;
        var covariances = state.Covariances;
        coefficients[0] += coefficients[1];
        covariances[0] += (2 * covariances[1]) + covariances[2];
        covariances[1] += covariances[2];
        for (int i = 2, at = 3; i < coefficients.Length; at += ++i)
        {
            covariances[at] += covariances[at + 1];
        }

        var inflation = shape.Inflation;
        var trend = Squared(shape.Tuning.TrendDeviation);
        for (int i = 0, at = 0; i < coefficients.Length; i++, at += i + 1)
        {
            covariances[at] = Math.Min(covariances[at] * inflation[i], i == 1 ? trend : MostVariance);
        }
    }

    private static (float Log, float Uncertainty) Predict(CountState state, ReadOnlySpan<float> factors, Span<float> gains, float offset)
    {
        var coefficients = state.Coefficients;
        var covariances = state.Covariances;
        var log = offset;
        gains.Clear();
        var at = 0;
        for (var i = 0; i < coefficients.Length; i++)
        {
            var factor = factors[i];
            log += factor * coefficients[i];
            var row = covariances.Slice(at, i + 1);
            at += i + 1;
            var sum = row[i] * factor;
            for (var j = 0; j < i; j++)
            {
                sum += row[j] * factors[j];
                gains[j] += row[j] * factor;
            }

            gains[i] += sum;
        }

        var uncertainty = 0f;
        for (var i = 0; i < gains.Length; i++)
        {
            uncertainty += factors[i] * gains[i];
        }

        return (Math.Clamp(log, LeastLog, MostLog), Math.Clamp(uncertainty, LeastVariance, 4));
    }

    // The gamma of the mean takes the count in, then mean and variance of its logarithm go back to the coefficients.
    private static void Learn(CountState state, ReadOnlySpan<float> gains, float count, float mean, float uncertainty, float dispersion)
    {
        var shape = 1 / uncertainty;
        var shapeAfter = shape + (count / dispersion);
        var rateAfter = (shape / mean) + (1 / dispersion);
        var step = MathF.Log(shapeAfter / (rateAfter * mean)) - (1 / (2 * shapeAfter)) + (1 / (2 * shape));
        var move = Math.Clamp(step, -LongestStep, LongestStep) / uncertainty;
        var shrink = (1 - (1 / (shapeAfter * uncertainty))) / uncertainty;
        var coefficients = state.Coefficients;
        var covariances = state.Covariances;
        var at = 0;
        for (var i = 0; i < coefficients.Length; i++)
        {
            coefficients[i] += move * gains[i];
            var scaled = shrink * gains[i];
            var row = covariances.Slice(at, i + 1);
            at += i + 1;
            for (var j = 0; j <= i; j++)
            {
                row[j] -= scaled * gains[j];
            }

            // What is subtracted in single precision may not leave a negative variance behind.
            row[i] = Math.Max(row[i], LeastVariance * LeastVariance);
        }
    }

    // Holidays are too few to call one an outlier: its factor would never be learned.
    private static bool IsSpecial(CountShape shape, ReadOnlySpan<float> factors) =>
        shape.Holidays && factors[shape.FirstHoliday] + factors[shape.FirstHoliday + 1] > 0;

    // What uncertainty adds to the variance of recent buckets, and their means: a window's variance is the sum, as surprises of a filter are uncorrelated.
    private static void Blend(CountShape shape, CountState state, float mean, float added)
    {
        var keep = 1 - (1f / shape.Ring);
        state.RecentAdded = (keep * state.RecentAdded) + added;
        state.RecentMean = (keep * state.RecentMean) + mean;
    }

    private static float Weight(CountShape shape, CountState state, float count, float mean, float variance)
    {
        if (state.Seen < shape.Tuning.RobustAfter || Squared(count - mean) < Unsuspicious * Unsuspicious * variance)
        {
            state.Outlying = 0;
            return 1;
        }

        var residual = 1.5f * (MathF.Cbrt(count * count) - MathF.Cbrt(mean * mean)) / (MathF.Sqrt(MathF.Cbrt(mean)) * MathF.Sqrt(variance / mean));
        if (Math.Abs(residual) <= CountTuning.RobustFrom)
        {
            state.Outlying = 0;
            return 1;
        }

        state.Outlying = residual > 0 ? Math.Max(1, state.Outlying + 1) : Math.Min(-1, state.Outlying - 1);
        if (Math.Abs(state.Outlying) >= shape.Tuning.AcceptAfter)
        {
            // A new normal: the level is let go and found again from what comes now.
            state.Covariances[0] = MostVariance / 2;
            state.Outlying = 0;
            return 1;
        }

        return Squared(CountTuning.RobustFrom / residual);
    }

    private static void LearnDispersion(CountShape shape, CountState state, long bucket, float count, float mean, float uncertainty, float dispersion)
    {
        var keep = (float)Math.Pow(0.5, 1 / shape.Tuning.DispersionHalfLife);
        var least = (float)shape.Tuning.DispersionMean;
        state.OpenSquares += Squared(count - mean);
        state.OpenMeans += mean + (uncertainty * mean * mean);
        if (state.OpenMeans >= least)
        {
            Take(ref state.Squares, ref state.SquaresWeight, ref state.OpenSquares, ref state.OpenMeans, dispersion, keep);
        }

        // No expectation stands where a bucket was not seen.
        var slot = Slot(bucket, shape.Ring);
        if (state.RecentMeans[slot] == 0)
        {
            return;
        }

        state.OpenDifferences += Squared(count - state.RecentCounts[slot]);
        state.OpenDifferenceMeans += mean + state.RecentMeans[slot];
        if (state.OpenDifferenceMeans >= 2 * least)
        {
            Take(ref state.Differences, ref state.DifferencesWeight, ref state.OpenDifferences, ref state.OpenDifferenceMeans, dispersion, keep);
        }
    }

    private static void Take(ref float sum, ref float weight, ref float squares, ref float means, float dispersion, float keep)
    {
        // An outbreak may not widen what is usual; a lower bound than this lets the estimate fall short of what it estimates.
        sum = (keep * sum) + Math.Min(squares / means, LargestObservation * dispersion);
        weight = (keep * weight) + 1;
        squares = 0;
        means = 0;
    }

    private static void Keep(CountShape shape, CountState state, long bucket, float count, float mean)
    {
        var slot = Slot(bucket, shape.Ring);
        if (slot == 0 && shape.Blocks > 0)
        {
            var block = Slot(bucket / shape.Ring, shape.Blocks);
            state.BlockCounts[block] = Sum(state.RecentCounts);
            state.BlockMeans[block] = Sum(state.RecentMeans);
        }

        state.RecentCounts[slot] = count;
        state.RecentMeans[slot] = mean;
        state.Place = slot;
    }

    internal static int Slot(long bucket, int of) => (int)(((bucket % of) + of) % of);

    private static float Sum(ReadOnlySpan<float> values)
    {
        var sum = 0f;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static float Squared(float value) => value * value;

    private static float Squared(double value) => (float)(value * value);
}
