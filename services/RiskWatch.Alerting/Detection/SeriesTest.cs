namespace RiskWatch.Alerting.Detection;

/// <summary>One window of a series against its expectation.</summary>
/// <param name="Index">0–3 for 1, 6, 24, 168 hours.</param>
/// <param name="Volume">Effective volume.</param>
/// <param name="Authors">Distinct authors where they are few, distinct author-hours where they are many; null where unknown.</param>
/// <param name="Mean">Expected volume.</param>
/// <param name="Variance">Its variance; a mean below 1 is tested as 1.</param>
/// <param name="PValue">Probability of at least that many; 1 where the window is over.</param>
/// <param name="AuthorsPValue">The same of the authors; equal to <paramref name="PValue"/> where unknown.</param>
/// <param name="Youngest">Volume of its youngest part.</param>
/// <param name="YoungestMean">What is expected there; not above it the window is over. Negative for the shortest window, which has no such part.</param>
internal sealed record WindowTest(int Index, double Volume, double? Authors, double Mean, double Variance, double PValue, double AuthorsPValue, double Youngest, double YoungestMean)
{
    public int Hours => SeriesModel.Windows[Index];

    /// <summary>Variance over the mean that is tested.</summary>
    public double Dispersion => Variance / Math.Max(Mean, 1);

    /// <summary>P-value that holds for volume and authors both.</summary>
    public double JointPValue => Math.Max(PValue, AuthorsPValue);

    public static WindowTest Of(int index, double volume, double? authors, double mean, double variance, double youngest = 0, double youngestMean = -1)
    {
        var live = youngest > youngestMean;
        var p = live ? P(volume, mean, variance) : 1;
        var byAuthors = authors is { } a ? P(Math.Min(a, volume), mean, variance) : p;
        return new WindowTest(index, volume, authors, mean, variance, p, live ? byAuthors : 1, youngest, youngestMean);
    }

    /// <summary>P-value of a volume; a mean below 1 is tested as 1.</summary>
    public static double P(double volume, double mean, double variance) => NegativeBinomial.UpperTailOf(volume, Math.Max(mean, 1), variance);
}

/// <summary>What a look at a series showed.</summary>
/// <param name="Windows">1, 6, 24, 168 hours.</param>
/// <param name="Looks">How many of the looks count as tests.</param>
internal sealed record SeriesTest(IReadOnlyList<WindowTest> Windows, int Looks)
{
    /// <summary>
    /// The window that decides: least p-value of volume and authors together (intersection-union, DETECTION §4); where that is no finding, least p-value
    /// of the volume alone, which then is concentrated. Of equals the shortest.
    /// </summary>
    public WindowTest Deciding(double threshold)
    {
        var joint = Windows.MinBy(w => w.JointPValue)!;
        return joint.JointPValue < threshold ? joint : Windows.MinBy(w => w.PValue)!;
    }
}
