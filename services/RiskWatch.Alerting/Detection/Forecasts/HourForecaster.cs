using RiskWatch.Alerting.Detection.Counts;

namespace RiskWatch.Alerting.Detection.Forecasts;

/// <summary>What is expected of a coming hour.</summary>
/// <param name="Median">Middle of what is expected.</param>
/// <param name="Lower">Below it the count falls once in twenty times.</param>
/// <param name="Upper">Above it the count comes once in twenty times.</param>
internal readonly record struct HourForecast(double Median, double Lower, double Upper);

/// <summary>
/// Volume of a series for the next hours (1 to <paramref name="horizons"/>): experts weighted by their past errors at each horizon (exponential weights, Cesa-Bianchi and Lugosi 2006), 90 %
/// intervals whose width follows their realised coverage (Gibbs and Candès 2021, here the width itself is tracked, DETECTION §5). O(horizons) per hour; some
/// 40 kB a series at 24 hours, so made only for series whose forecast is shown.
/// </summary>
internal sealed class HourForecaster(CountShape shape, int horizons = HourForecaster.Day)
{
    /// <summary>Hours ahead unless said otherwise.</summary>
    public const int Day = 24;

    private const double LossKept = 0.995;
    private const double Sharpness = 8;
    private const double Side = 0.05;
    private const double Step = 0.1;
    private const int Experts = ForecastExperts.Count;
    private readonly ForecastExperts _experts = new(shape);
    private readonly double[] _losses = new double[horizons * Experts];
    private readonly double[] _below = Widths(horizons);
    private readonly double[] _above = Widths(horizons);
    private readonly double[] _scales = Widths(horizons);

    // What was said of each hour by how long before.
    private readonly double[] _said = new double[horizons * horizons * Experts];
    private readonly HourForecast[] _issued = new HourForecast[horizons * horizons];
    private long _hours;

    /// <summary>Takes in an hour's count and settles what had been said of it.</summary>
    public void Observe(CountMoment moment, double count)
    {
        var root = Math.Sqrt(Math.Max(0, count));
        for (var ahead = 1; ahead <= horizons && ahead <= _hours; ahead++)
        {
            Settle(ahead, Place(moment.Bucket - ahead, ahead), root);
        }

        _experts.Observe(moment, count);
        _hours++;
    }

    /// <summary>Forecasts from the last hour on; <paramref name="moments"/> are the coming hours in order, at most so many as it was made for.</summary>
    public void Forecast(ReadOnlySpan<CountMoment> moments, Span<HourForecast> into)
    {
        for (var i = 0; i < moments.Length; i++)
        {
            var place = Place(moments[i].Bucket - i - 1, i + 1);
            var said = _said.AsSpan(place * Experts, Experts);
            _experts.Expect(moments[i], i + 1, said);
            var root = Combine(i, said);
            var (lower, upper) = (Math.Max(0, root - _below[i]), root + _above[i]);
            into[i] = _issued[place] = new HourForecast(root * root, lower * lower, upper * upper);
        }
    }

    private void Settle(int ahead, int place, double root)
    {
        var horizon = ahead - 1;
        for (var expert = 0; expert < Experts; expert++)
        {
            var off = root - _said[(place * Experts) + expert];
            ref var loss = ref _losses[(horizon * Experts) + expert];
            loss = (LossKept * loss) + ((1 - LossKept) * off * off);
        }

        var issued = _issued[place];
        var step = Step * _scales[horizon];
        _scales[horizon] += 0.02 * (Math.Abs(root - Math.Sqrt(issued.Median)) - _scales[horizon]);
        _above[horizon] = Math.Max(0, _above[horizon] + (step * ((root * root > issued.Upper ? 1 : 0) - Side)));
        _below[horizon] = Math.Max(0, _below[horizon] + (step * ((root * root < issued.Lower ? 1 : 0) - Side)));
    }

    private double Combine(int horizon, ReadOnlySpan<double> roots)
    {
        var losses = _losses.AsSpan(horizon * Experts, Experts);
        var least = double.MaxValue;
        foreach (var loss in losses)
        {
            least = Math.Min(least, loss);
        }

        double sum = 0, weights = 0;
        for (var expert = 0; expert < Experts; expert++)
        {
            var weight = least > 0 ? Math.Exp(-Sharpness * ((losses[expert] / least) - 1)) : 1;
            sum += weight * roots[expert];
            weights += weight;
        }

        return sum / weights;
    }

    private int Place(long origin, int ahead) => (CountModel.Slot(origin, horizons) * horizons) + ahead - 1;

    private static double[] Widths(int horizons)
    {
        var made = new double[horizons];
        Array.Fill(made, 1);
        return made;
    }
}
