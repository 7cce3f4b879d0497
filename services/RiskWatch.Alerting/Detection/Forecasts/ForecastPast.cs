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

    // How far beyond its interval a value lies, in widths of the interval's upper half, where none ever did.
    private const double UsualExcess = 0.3;
    private const double NormalSide = 1.6449;
    private const int MostSteps = 60;

    private readonly double[] _values;
    private readonly double[] _beyond;
    private readonly double[] _excess;
    private readonly double[] _origins;
    private double _error;
    private double _naive;
    private double _volume;
    private double _covered;
    private double _judged;

    private ForecastPast(double[] values, int hours)
    {
        _values = values;
        Coming = new HourForecast[hours];
        (_beyond, _excess, _origins) = (new double[hours], new double[hours], new double[hours]);
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
        }

        return past;
    }

    /// <summary>Value of a coming hour a week before.</summary>
    public double Naive(int ahead) => _values[_values.Length + ahead - Week];

    /// <summary>
    /// How probable it is at most that one of the coming hours reaches a level by itself. Beyond an interval's end values thin out exponentially, as those of the past did (peaks over a
    /// threshold, Pickands 1975, with shape 0); hours are taken for independent, which counts a surge of several as so many chances.
    /// </summary>
    public double ChanceOf(LevelThreshold level)
    {
        var none = 1.0;
        for (var i = 0; i < Coming.Length; i++)
        {
            var (middle, side) = (Math.Sqrt(Coming[i].Median), Math.Sqrt(Coming[i].Upper) - Math.Sqrt(Coming[i].Median));
            var widths = side > 0 ? (Math.Sqrt(Needed(level, Coming[i])) - middle) / side : double.PositiveInfinity;
            none *= 1 - (widths >= 1
                ? Beyond(i) * Math.Exp(-(widths - 1) / Excess(i))
                : Math.Max(Beyond(i), NegativeBinomial.NormalTail(NormalSide * widths)));
        }

        return 1 - none;
    }

    private void Judge(int ahead, int at)
    {
        var (value, said) = (_values[at], Coming[ahead]);
        _error += Math.Abs(value - said.Median);
        _naive += Math.Abs(value - _values[at - Week]);
        _volume += value;
        _covered += value >= said.Lower && value <= said.Upper ? 1 : 0;
        _judged++;
        _origins[ahead]++;
        var side = Math.Sqrt(said.Upper) - Math.Sqrt(said.Median);
        if (value > said.Upper && side > 0)
        {
            _beyond[ahead]++;
            _excess[ahead] += (Math.Sqrt(value) - Math.Sqrt(said.Upper)) / side;
        }
    }

    private double Beyond(int ahead) => (_beyond[ahead] + 0.5) / (_origins[ahead] + 10);

    private double Excess(int ahead) => (_excess[ahead] + UsualExcess) / (_beyond[ahead] + 1);

    // The least volume of one hour that meets the level's three conditions where that hour is expected as it is forecast.
    private double Needed(LevelThreshold level, HourForecast hour)
    {
        var mean = Math.Max(1, hour.Median);
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
