namespace RiskWatch.Alerting.Detection;

/// <summary>
/// How a series' volume is spread over the hours of a working day or a weekend day, and over weekdays, as ratios of decayed means. Ratios of means do not
/// depend on how the level came about, so a start, a step or an outbreak leaves no shape behind that never was.
/// </summary>
internal sealed class Profile
{
    // Prior knowledge weighs as much as so many expected records, and for an hour as one more day.
    private const double HourPrior = 8;
    private const double WeekdayPrior = 24;
    private static readonly double HourDiscount = Math.Pow(0.5, 1.0 / 40);
    private static readonly double WeekdayDiscount = Math.Pow(0.5, 1.0 / (8 * 24));
    private static readonly double ClassDiscount = Math.Pow(0.5, 1.0 / (56 * 24));
    private readonly double[] _hourCounts = new double[48];
    private readonly double[] _hourVisits = new double[48];
    private readonly double[] _weekdayCounts = new double[7];
    private readonly double[] _weekdayVisits = new double[7];

    // Working days and weekends: counts, then visits.
    private readonly double[] _classes = new double[4];

    public IReadOnlyList<double[]> Values => [_hourCounts, _hourVisits, _weekdayCounts, _weekdayVisits, _classes];

    /// <summary>Mean of that hour of a working or weekend day over the mean of all hours.</summary>
    public double HourFactor(int hourOfWeek, double prior)
    {
        var bin = (24 * Class(hourOfWeek / 24)) + (hourOfWeek % 24);
        var mean = (_classes[0] + _classes[1]) / (_classes[2] + _classes[3]);
        var weight = HourPrior + mean;
        return (_hourCounts[bin] + (weight * prior)) / ((_hourVisits[bin] * mean) + weight);
    }

    /// <summary>Records that stand behind an hour's factor: its relative variance is the dispersion over them.</summary>
    public double Backing(int hourOfWeek) => _hourCounts[(24 * Class(hourOfWeek / 24)) + (hourOfWeek % 24)] + HourPrior;

    /// <summary>Mean of that weekday over the mean of its class.</summary>
    public double WeekdayFactor(int day, double prior)
    {
        var of = Class(day);
        var mean = _classes[2 + of] > 0 ? _classes[of] / _classes[2 + of] : 0;
        return (_weekdayCounts[day] + (WeekdayPrior * prior)) / ((_weekdayVisits[day] * mean) + WeekdayPrior);
    }

    public void Learn(int hourOfWeek, double volume, double weight)
    {
        var day = hourOfWeek / 24;
        var of = Class(day);
        var bin = (24 * of) + (hourOfWeek % 24);
        _hourCounts[bin] = (HourDiscount * _hourCounts[bin]) + (weight * volume);
        _hourVisits[bin] = (HourDiscount * _hourVisits[bin]) + weight;
        _weekdayCounts[day] = (WeekdayDiscount * _weekdayCounts[day]) + (weight * volume);
        _weekdayVisits[day] = (WeekdayDiscount * _weekdayVisits[day]) + weight;
        for (var i = 0; i < 4; i++)
        {
            _classes[i] *= ClassDiscount;
        }

        _classes[of] += weight * volume;
        _classes[2 + of] += weight;
    }

    private static int Class(int day) => day < 5 ? 0 : 1;
}
