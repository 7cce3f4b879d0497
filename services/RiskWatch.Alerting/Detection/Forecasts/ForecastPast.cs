using RiskWatch.Alerting.Detection.Counts;
using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Detection.Forecasts;

/// <summary>The past of a series run through a forecaster: the coming hours, and how forecasts made the same way did.</summary>
internal sealed class ForecastPast
{
    /// <summary>Hours of a week.</summary>
    public const int Week = 168;

    /// <summary>What is learned before so many hours is not judged.</summary>
    public const int Learning = 2 * Week;

    private const double Tail = 0.2;
    private const int LeastReached = 3;
    private const double NormalSide = 1.6449;
    private const int MostSteps = 60;
    private const double StepsOfRoot = 10;

    private readonly double[] _values;

    // One hour of each past day from which all the coming ones are known, with what was said of the day after it.
    private readonly List<(int At, HourForecast[] Said)> _days = [];
    private double _error;
    private double _naive;
    private double _volume;
    private double _covered;
    private double _judged;

    private ForecastPast(double[] values, int hours)
    {
        _values = values;
        Coming = new HourForecast[hours];
    }

    /// <summary>The coming hours.</summary>
    public HourForecast[] Coming { get; }

    /// <summary>Sum of absolute errors over sum of values; null where there was nothing to judge.</summary>
    public double? Error => _volume > 0 ? _error / _volume : null;

    /// <summary>The same for the same hour a week before.</summary>
    public double? NaiveError => _volume > 0 ? _naive / _volume : null;

    /// <summary>Share of judged hours within their 90 % interval.</summary>
    public double? Coverage => _judged > 0 ? _covered / _judged : null;

    /// <summary>Whether it did better than the same hour a week before.</summary>
    public bool IsBetter => _volume > 0 && _error < _naive;

    /// <summary>Runs it. <paramref name="judged"/> says which hours are judged; <paramref name="moments"/> go on for the coming hours.</summary>
    public static ForecastPast Run(double[] values, Func<int, bool> judged, CountMoment[] moments, int hours)
    {
        var past = new ForecastPast(values, hours);
        var forecaster = new HourForecaster(CountShape.Hourly(), hours);
        for (var at = 0; at < values.Length; at++)
        {
            forecaster.Observe(moments[at], values[at]);
            forecaster.Forecast(moments.AsSpan(at + 1, hours), past.Coming);
            for (var i = 0; at >= Learning && i < hours && at + 1 + i < values.Length; i++)
            {
                if (judged(at + 1 + i))
                {
                    past.Judge(i, at + 1 + i);
                }
            }

            if (at >= Learning && (at - Learning) % HourForecaster.Day == 0 && at + hours < values.Length)
            {
                past._days.Add((at, [.. past.Coming.Take(HourForecaster.Day)]));
            }
        }

        return past;
    }

    /// <summary>Value of a coming hour a week before.</summary>
    public double Naive(int ahead) => _values[_values.Length + ahead - Week];

    /// <summary>
    /// How probable it is that one of the coming hours reaches a level by itself: from the share of past days with such an hour, had each been expected as it was forecast. Where fewer than three
    /// days had one, what is beyond the largest fifth of the days thins out exponentially as these do (peaks over a threshold, Pickands 1975, with shape 0). Days are taken for independent.
    /// </summary>
    public double ChanceOf(LevelThreshold level)
    {
        var needed = new Dictionary<int, double>();
        double Margin(int at, HourForecast said)
        {
            var step = (int)Math.Round(StepsOfRoot * Math.Sqrt(said.Median));
            if (!needed.TryGetValue(step, out var count))
            {
                needed[step] = count = Needed(level, Math.Pow(step / StepsOfRoot, 2));
            }

            return Widths(said, _values[at]) - Widths(said, count);
        }

        var margins = _days.Select(d => d.Said.Select((said, i) => Margin(d.At + 1 + i, said)).Max()).OrderDescending().ToList();
        var reached = margins.Count(m => m >= 0);
        var largest = (int)(Tail * margins.Count);
        if (largest == 0)
        {
            return 0;
        }

        var from = margins[largest];
        var excess = margins.Take(largest).Average(m => m - from);
        var ofDay = reached >= LeastReached || excess <= 0 ? (double)reached / margins.Count : Tail * Math.Exp(Math.Min(0, from / excess));
        return 1 - Math.Pow(1 - ofDay, Math.Max(1, (double)Coming.Length / HourForecaster.Day));
    }

    private static double Widths(HourForecast said, double value)
    {
        var side = Math.Sqrt(said.Upper) - Math.Sqrt(said.Median);
        return side > 0 ? (Math.Sqrt(value) - Math.Sqrt(said.Median)) / side : value > said.Upper ? float.MaxValue : 0;
    }

    private void Judge(int ahead, int at)
    {
        var (value, said) = (_values[at], Coming[ahead]);
        _error += Math.Abs(value - said.Median);
        _naive += Math.Abs(value - _values[at - Week]);
        _volume += value;
        _covered += value >= said.Lower && value <= said.Upper ? 1 : 0;
        _judged++;
    }

    // The least volume of one hour that meets the level's three conditions where so much is expected of that hour.
    private double Needed(LevelThreshold level, double expected)
    {
        var mean = Math.Max(1, expected);
        var root = (Math.Sqrt(Coming[0].Upper) - Math.Sqrt(Coming[0].Median)) / NormalSide;
        var dispersion = Math.Max(1, 4 * root * root);
        bool Meets(double count) => count >= level.MinimumCount && NegativeBinomial.LowerBound(count, dispersion) >= level.MinimumRatio * mean
            && NegativeBinomial.UpperTailOf(count, mean, dispersion * mean) <= level.PValue;
        var (no, yes) = (0.0, mean + level.MinimumCount);
        for (var step = 0; step < MostSteps && !Meets(yes); step++)
        {
            (no, yes) = (yes, 2 * yes);
        }

        while (yes - no > Math.Max(1, 0.01 * yes))
        {
            var half = (no + yes) / 2;
            (no, yes) = Meets(half) ? (no, half) : (half, yes);
        }

        return Math.Ceiling(yes);
    }
}
