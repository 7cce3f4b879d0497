using RiskWatch.Alerting.Detection.Counts;

namespace RiskWatch.Alerting.Detection.Forecasts;

/// <summary>
/// Simple opinions about coming hours, on the scale of square roots: the series model, the usual hour of the week, the usual hour of the day, and both of these in
/// proportion to the last hours. All O(1) per hour.
/// </summary>
internal sealed class ForecastExperts(CountShape shape)
{
    /// <summary>How many there are.</summary>
    public const int Count = 5;

    private const int HoursOfWeek = 168;
    private const double WeekRate = 0.3;
    private const double DayRate = 0.15;
    private const double RatioRate = 0.15;

    // What the last hours say fades with the hours ahead.
    private const double RatioKept = 0.97;
    private readonly CountBank _model = new(shape, 1);
    private readonly float[] _factors = new float[shape.Terms];
    private readonly double[] _week = NewHours(HoursOfWeek);
    private readonly double[] _day = NewHours(24);
    private double _weekRatio;
    private double _dayRatio;

    /// <summary>Takes in an hour's count.</summary>
    public void Observe(CountMoment moment, double count)
    {
        var (week, day) = Usual(moment);
        if (!double.IsNaN(day))
        {
            _weekRatio += RatioRate * (Math.Log((count + 1) / (week + 1)) - _weekRatio);
            _dayRatio += RatioRate * (Math.Log((count + 1) / (day + 1)) - _dayRatio);
        }

        shape.Describe(moment, _factors);
        _model.Observe(0, _factors, moment.Bucket, (float)count);
        Move(ref _week[HourOfWeek(moment)], WeekRate, count);
        Move(ref _day[HourOfDay(moment)], DayRate, count);
    }

    /// <summary>Square roots of what each expects of the hour <paramref name="ahead"/> hours after the last.</summary>
    public void Expect(CountMoment moment, int ahead, Span<double> roots)
    {
        shape.Describe(moment, _factors);
        roots[0] = Math.Sqrt(CountModel.Expect(shape, _model.Numbers(0), _factors, ahead).Mean);
        var (week, day) = Usual(moment);
        day = double.IsNaN(day) ? roots[0] * roots[0] : day;
        week = double.IsNaN(week) ? day : week;
        var kept = Math.Pow(RatioKept, ahead);
        roots[1] = Math.Sqrt(week);
        roots[2] = Math.Sqrt(day);
        roots[3] = Math.Sqrt(week * Math.Exp(kept * _weekRatio));
        roots[4] = Math.Sqrt(day * Math.Exp(kept * _dayRatio));
    }

    private (double Week, double Day) Usual(CountMoment moment)
    {
        var day = _day[HourOfDay(moment)];
        var week = _week[HourOfWeek(moment)];
        return (double.IsNaN(week) ? day : week, day);
    }

    private static void Move(ref double usual, double rate, double count) => usual = double.IsNaN(usual) ? count : usual + (rate * (count - usual));

    private static int HourOfDay(CountMoment moment) => CountModel.Slot(moment.Bucket, 24);

    private static int HourOfWeek(CountMoment moment) => (24 * moment.DayOfWeek) + HourOfDay(moment);

    private static double[] NewHours(int hours)
    {
        var made = new double[hours];
        Array.Fill(made, double.NaN);
        return made;
    }
}
