namespace RiskWatch.Alerting.Detection.Metrics;

/// <summary>
/// Finds what is out of the ordinary in a real-valued series (a metric, not a count): spikes, shifts and drifts around a slow level and a day's rhythm, each judged
/// by its own tail, with a budget for its own alarms (DETECTION §1). O(1) time and memory per point; nothing but points already seen decides.
/// </summary>
/// <remarks>
/// A value that is not finite scores 0 and changes nothing. Time is used for its hour of day alone: a clock that jumps, back or ahead, costs nothing but a wrong
/// hour. What is absurdly large scores 1 and is learned as no more than <see cref="LargestSurprise"/> times the usual deviation.
/// </remarks>
internal sealed class MetricDetector(MetricTuning? tuning = null)
{
    /// <summary>Deviations beyond which a point is not believed in full.</summary>
    public const double LargestSurprise = 100;

    private const int HalfHours = 48;
    private const double Rarest = 12;
    private static readonly MetricTuning Standard = new();
    private readonly MetricTuning _tuning = tuning ?? Standard;
    private readonly double[] _day = new double[HalfHours];
    private MetricTail _spikes;
    private MetricTail _shifts;
    private MetricTail _drifts;
    private double _slow;
    private double _deviation;
    private double _plainError;
    private double _dayError;
    private double _short;
    private double _middle;
    private double _long;
    private double _alarms;
    private long _points;
    private long _quietUntil;

    /// <summary>Points that were taken in.</summary>
    public long Points => _points;

    /// <summary>Whether a score is an alarm with the constants as they come.</summary>
    public static bool IsAlarm(double score) => score >= Standard.Alarm / Rarest;

    /// <summary>Anomaly score of a point, 0 to 1; <see cref="MetricTuning.Alarm"/> / 12 and more is an alarm.</summary>
    public double Score(DateTime time, double value)
    {
        if (!double.IsFinite(value))
        {
            return 0;
        }

        var error = Error((int)(time.TimeOfDay.TotalMinutes / 30), value);
        var spike = _spikes.Score(Math.Abs(error - _short), _tuning);
        _short += _tuning.SpikeRate * (error - _short);
        _middle += _tuning.MiddleRate * (error - _middle);
        _long += _tuning.LongRate * (error - _long);
        var shift = _shifts.Score(Math.Abs(_middle - _long), _tuning);
        var drift = _drifts.Score(Math.Abs(_middle), _tuning);
        return Budgeted(Math.Max(spike, Math.Max(shift, drift)));
    }

    // What level and day do not explain.
    private double Error(int halfHour, double value)
    {
        _points++;
        if (_points == 1)
        {
            _slow = value;
        }

        var plain = value - _slow;
        var rest = plain - _day[halfHour];
        var believed = _points < 10 ? plain : Math.Clamp(plain, -LargestSurprise * _deviation, LargestSurprise * _deviation);
        var rate = Math.Max(1.0 / _points, _tuning.SlowRate);
        _plainError += rate * (Math.Min(Math.Abs(believed), 3 * Math.Max(_deviation, 1e-12)) - _plainError);
        _dayError += rate * (Math.Min(Math.Abs(rest), 3 * Math.Max(_deviation, 1e-12)) - _dayError);
        _deviation += Math.Max(1.0 / _points, 0.01) * (Math.Min(Math.Abs(believed), _points < 10 ? double.MaxValue : 10 * _deviation + 1e-9) - _deviation);
        _slow += rate * Math.Clamp(plain, -3 * _deviation, 3 * _deviation);
        _day[halfHour] += _tuning.DayRate * Math.Clamp(rest, -3 * _deviation, 3 * _deviation);
        return _dayError < (1 - _tuning.DayGain) * _plainError ? Math.Clamp(rest, -LargestSurprise * _deviation, LargestSurprise * _deviation) : believed;
    }

    private double Budgeted(double rarity)
    {
        _alarms *= _tuning.BudgetDecay;
        var left = rarity - (_tuning.BudgetWeight * Math.Log10(1 + _alarms));
        if (_points < _quietUntil)
        {
            return 0;
        }

        if (left >= _tuning.Alarm)
        {
            _alarms++;
            _quietUntil = _points + _tuning.Refractory;
        }

        return Math.Clamp(left / Rarest, 0, 1);
    }
}
