namespace RiskWatch.Alerting.Detection.Counts;

/// <summary>
/// A channel's state as a view of single-precision numbers: coefficients, their covariances (lower triangle, row by row), scalars, recent buckets, closed
/// blocks. The numbers are the snapshot: copied and put back they are the same channel.
/// </summary>
internal readonly ref struct CountState(CountShape shape, Span<float> numbers)
{
    /// <summary>Numbers besides coefficients, covariances and recent buckets.</summary>
    public const int Scalars = 15;

    private readonly Span<float> _numbers = numbers;
    private readonly int _scalars = shape.Terms + shape.Covariances;

    /// <summary>What a bucket's logarithm is the sum of.</summary>
    public Span<float> Coefficients => _numbers[..shape.Terms];

    /// <summary>Their covariances.</summary>
    public Span<float> Covariances => _numbers.Slice(shape.Terms, shape.Covariances);

    /// <summary>Recent counts by bucket modulo <see cref="CountShape.Ring"/>.</summary>
    public Span<float> RecentCounts => _numbers.Slice(_scalars + Scalars, shape.Ring);

    /// <summary>What was expected of them, each before it was seen.</summary>
    public Span<float> RecentMeans => _numbers.Slice(_scalars + Scalars + shape.Ring, shape.Ring);

    /// <summary>Counts of closed blocks.</summary>
    public Span<float> BlockCounts => _numbers.Slice(_scalars + Scalars + (2 * shape.Ring), shape.Blocks);

    /// <summary>What was expected of them.</summary>
    public Span<float> BlockMeans => _numbers.Slice(_scalars + Scalars + (2 * shape.Ring) + shape.Blocks, shape.Blocks);

    /// <summary>Buckets seen.</summary>
    public ref float Seen => ref _numbers[_scalars];

    /// <summary>Decayed sum of squared residuals over their expectation, and its weight.</summary>
    public ref float Squares => ref _numbers[_scalars + 1];

    /// <summary>Weight of <see cref="Squares"/>.</summary>
    public ref float SquaresWeight => ref _numbers[_scalars + 2];

    /// <summary>The same of differences to the bucket a <see cref="CountShape.Ring"/> before.</summary>
    public ref float Differences => ref _numbers[_scalars + 3];

    /// <summary>Weight of <see cref="Differences"/>.</summary>
    public ref float DifferencesWeight => ref _numbers[_scalars + 4];

    /// <summary>Squared residuals since the last observation of the dispersion, and what a Poisson count's would be.</summary>
    public ref float OpenSquares => ref _numbers[_scalars + 5];

    /// <summary>What <see cref="OpenSquares"/> would be of Poisson counts.</summary>
    public ref float OpenMeans => ref _numbers[_scalars + 6];

    /// <summary>The same of differences.</summary>
    public ref float OpenDifferences => ref _numbers[_scalars + 7];

    /// <summary>What <see cref="OpenDifferences"/> would be of Poisson counts.</summary>
    public ref float OpenDifferenceMeans => ref _numbers[_scalars + 8];

    /// <summary>Buckets in a row that were improbable, negative where too low.</summary>
    public ref float Outlying => ref _numbers[_scalars + 9];

    /// <summary>Variance of the logarithm of the last bucket's expectation, before it was seen.</summary>
    public ref float Uncertainty => ref _numbers[_scalars + 10];

    /// <summary>Variance over mean of the last bucket, before it was seen.</summary>
    public ref float Dispersion => ref _numbers[_scalars + 11];

    /// <summary>The last bucket modulo <see cref="CountShape.Ring"/>, so that a restored channel knows its place.</summary>
    public ref float Place => ref _numbers[_scalars + 12];

    /// <summary>Decayed sum of what the expectations' uncertainty adds to the variance of counts.</summary>
    public ref float RecentAdded => ref _numbers[_scalars + 13];

    /// <summary>Decayed sum of expectations.</summary>
    public ref float RecentMean => ref _numbers[_scalars + 14];
}
