using RiskWatch.Alerting.Detection.Counts;

namespace RiskWatch.Alerting.Detection.Forecasts;

/// <summary>
/// Simple opinions about coming hours, on the scale of square roots: the series model, the usual hour of the week, the usual hour of the day, and both of these in
/// proportion to the last hours, of a day or so and the very last. All O(1) per hour.
/// </summary>
internal sealed class ForecastExperts(CountShape shape)
{
    /// <summary>How many there are.</summary>
    public const int Count = 7;

    private const int HoursOfWeek = 168;
    private const double WeekRate = 0.3;
    private const double DayRate = 0.15;
    private const double RatioRate = 0.15;

    private const double FastRate = 0.6;

    // What the last hours say fades with the hours ahead, what the very last says the faster.
    private const double RatioKept = 0.97;
    private const double FastKept = 0.8;
    private readonly CountBank _model = new(shape, 1);
    private readonly float[] _factors = new float[shape.Terms];
    private readonly double[] _week = NewHours(HoursOfWeek);
    private readonly double[] _day = NewHours(24);
    private double _weekRatio;
    private double _dayRatio;
    private double _fastWeekRatio;
    private double _fastDayRatio;

    /// <summary>Takes in an hour's count.</summary>
    public void Observe(CountMoment moment, double count)
    {
        var (week, day) = Usual(moment);
        if (!double.IsNaN(day))
        {
            var (ofWeek, ofDay) = (Math.Log((count + 1) / (week + 1)), Math.Log((count + 1) / (day + 1)));
            _weekRatio += RatioRate * (ofWeek - _weekRatio);
            _dayRatio += RatioRate * (ofDay - _dayRatio);
            _fastWeekRatio += FastRate * (ofWeek - _fastWeekRatio);
            _fastDayRatio += FastRate * (ofDay - _fastDayRatio);
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
        var (kept, fast) = (Math.Pow(RatioKept, ahead), Math.Pow(FastKept, ahead));
        roots[1] = Math.Sqrt(week);
        roots[2] = Math.Sqrt(day);
        roots[3] = Math.Sqrt(week * Math.Exp(kept * _weekRatio));
        roots[4] = Math.Sqrt(day * Math.Exp(kept * _dayRatio));
        roots[5] = Math.Sqrt(week * Math.Exp(fast * _fastWeekRatio));
        roots[6] = Math.Sqrt(day * Math.Exp(fast * _fastDayRatio));
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
