namespace RiskWatch.Alerting.Detection;

/// <summary>
/// What a series usually does: a discounted Poisson-gamma level, an hour-of-day profile (working days and weekends apart; a holiday is a Sunday), weekday factors and the
/// over-dispersion of each window. O(1) per hour. Outbreaks weigh little (DETECTION §4.3) once a week is known; a shift that lasts two days is accepted.
/// </summary>
internal sealed class SeriesModel
{
    /// <summary>Hours of the windows that are tested.</summary>
    public static readonly int[] Windows = [1, 6, 24, 168];

    /// <summary>What an hour's weight in the level is worth an hour later: half of it after two weeks.</summary>
    public static readonly double LevelDiscount = Math.Pow(0.5, 1.0 / (14 * 24));

    private const double PriorCount = 0.5;
    private const double FirstHours = 24;
    private const double PriorDispersion = 1.2;
    private const double ProfileFrom = 20;
    private const int AcceptAfterHours = 48;
    private const double RobustFromHours = 7 * 24;
    private const double DispersionFromHours = 3 * 24;
    private static readonly double[] DispersionDiscounts = [.. Windows.Select(w => Math.Pow(0.5, w / (56.0 * 24)))];

    private double _count;
    private double _exposure;
    private Profile? _profile;
    private readonly double[] _squares = new double[4];
    private readonly double[] _means = new double[4];
    private readonly double[] _blockCounts = new double[4];
    private readonly double[] _blockMeans = new double[4];
    private int _outlying;

    /// <summary>Expected volume of an average hour.</summary>
    public double Level => (_count + PriorCount) / Math.Max(FirstHours, _exposure);

    /// <summary>A model that has seen nothing for so many hours.</summary>
    public static SeriesModel OfSilence(long hours) => new() { _exposure = hours <= 0 ? 0 : (1 - Math.Pow(LevelDiscount, hours)) / (1 - LevelDiscount) };

    /// <summary>A model of what was counted elsewhere, decayed by <see cref="LevelDiscount"/> an hour.</summary>
    public static SeriesModel Of(double count, double exposure) => new() { _count = count, _exposure = exposure };

    /// <summary>Factor of the local hour of day.</summary>
    public double HourFactor(int hourOfWeek, SeriesModel? parent)
    {
        var borrowed = parent?.HourFactor(hourOfWeek, null) ?? 1;
        return _profile?.HourFactor(hourOfWeek, borrowed) ?? borrowed;
    }

    /// <summary>Factor of the local weekday.</summary>
    public double WeekdayFactor(int hourOfWeek, SeriesModel? parent)
    {
        var borrowed = parent?.WeekdayFactor(hourOfWeek, null) ?? 1;
        return _profile?.WeekdayFactor(hourOfWeek / 24, borrowed) ?? borrowed;
    }

    /// <summary>Expected volume of an hour.</summary>
    public double Mean(int hourOfWeek, SeriesModel? parent) => Level * HourFactor(hourOfWeek, parent) * WeekdayFactor(hourOfWeek, parent);

    /// <summary>Expected volume of the week that ends with an hour; but for its holidays it does not matter which hour that is.</summary>
    public double WeekMean(SeriesModel? parent, long now, LocalHours local)
    {
        double workdays = 0, weekends = 0;
        for (var hour = 0; hour < 24; hour++)
        {
            workdays += HourFactor(hour, parent);
            weekends += HourFactor(120 + hour, parent);
        }

        double Day(int day) => WeekdayFactor(day * 24, parent) * (day < 5 ? workdays : weekends);
        var sum = 0.0;
        for (var day = 0; day < 7; day++)
        {
            sum += Day(day);
            var (clock, usual) = (local.ClockHourOfWeek(now - (day * 24)) / 24, local.HourOfWeek(now - (day * 24)) / 24);
            sum += clock == usual ? 0 : Day(usual) - Day(clock);
        }

        return Level * sum;
    }

    /// <summary>Variance over mean in a window (0–3 for 1, 6, 24, 168 hours) of that mean, the level's own uncertainty left out.</summary>
    public double Dispersion(int window, double mean)
    {
        var dispersion = PriorDispersion;
        for (var w = 0; w <= window; w++)
        {
            // A short window's dispersion is the prior of the longer one's, worth four of its blocks.
            var weight = 10 + (4 * mean * Windows[w] / Windows[window]);
            dispersion = Math.Max(1, (_squares[w] + (weight * dispersion)) / (_means[w] + weight));
        }

        return dispersion;
    }

    /// <summary>Records that stand behind an hour's place in the profile; none where the profile is borrowed.</summary>
    public double Backing(int hourOfWeek) => _profile?.Backing(hourOfWeek) ?? 0;

    /// <summary>Variance of the volume in a window: over-dispersed counts around an uncertain level and, in short windows, an uncertain profile.</summary>
    public double Variance(int window, double mean, double backing)
    {
        var dispersion = Dispersion(window, mean);
        var uncertain = (1 / (_count + PriorCount)) + (backing > 0 && window < 3 ? 1 / backing : 0);
        return (dispersion * Math.Max(mean, 1)) + (dispersion * mean * mean * uncertain);
    }

    /// <summary>Takes in one hour's final volume.</summary>
    public void Learn(long hour, int hourOfWeek, double volume, SeriesModel? parent)
    {
        var hourFactor = HourFactor(hourOfWeek, parent);
        var weekdayFactor = WeekdayFactor(hourOfWeek, parent);
        var mean = Math.Max(Level * hourFactor * weekdayFactor, 1e-9);
        var variance = Dispersion(0, mean) * mean * (1 + (mean / (_count + PriorCount)));
        var weight = Weight(volume, mean, variance);
        for (var w = 0; w < 4 && _exposure >= DispersionFromHours; w++)
        {
            LearnDispersion(w, hour, volume, mean);
        }

        // Before a week is known the profile is not: the level is then the plain mean.
        var exposure = _exposure < RobustFromHours ? 1 : hourFactor * weekdayFactor;
        _count = (LevelDiscount * _count) + (weight * volume);
        _exposure = (LevelDiscount * _exposure) + (weight * exposure);
        if (_profile is null && _count >= ProfileFrom)
        {
            _profile = new Profile();
        }

        _profile?.Learn(hourOfWeek, volume, weight);
    }

    /// <summary>Stands for so many hours that nobody looked at; only the level's certainty fades.</summary>
    public void Skip(long hours)
    {
        var discount = Math.Pow(LevelDiscount, hours);
        _count *= discount;
        _exposure *= discount;
    }

    public void Write(BinaryWriter to)
    {
        to.Write(_count);
        to.Write(_exposure);
        to.Write(_outlying);
        foreach (var values in (double[][])[_squares, _means, _blockCounts, _blockMeans])
        {
            WriteAll(to, values);
        }

        to.Write(_profile is not null);
        foreach (var values in _profile?.Values ?? [])
        {
            WriteAll(to, values);
        }
    }

    public static SeriesModel Read(BinaryReader from)
    {
        var model = new SeriesModel { _count = from.ReadDouble(), _exposure = from.ReadDouble(), _outlying = from.ReadInt32() };
        foreach (var values in (double[][])[model._squares, model._means, model._blockCounts, model._blockMeans])
        {
            ReadAll(from, values);
        }

        if (from.ReadBoolean())
        {
            model._profile = new Profile();
            foreach (var values in model._profile.Values)
            {
                ReadAll(from, values);
            }
        }

        return model;
    }

    private static void WriteAll(BinaryWriter to, double[] values)
    {
        foreach (var value in values)
        {
            to.Write(value);
        }
    }

    private static void ReadAll(BinaryReader from, double[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = from.ReadDouble();
        }
    }

    private double Weight(double volume, double mean, double variance)
    {
        var residual = 1.5 * (Math.Pow(volume, 2 / 3.0) - Math.Pow(mean, 2 / 3.0)) / (Math.Pow(mean, 1 / 6.0) * Math.Sqrt(variance / mean));
        if (Math.Abs(residual) <= 2.58 || _exposure < RobustFromHours)
        {
            _outlying = 0;
            return 1;
        }

        // What stays out of the ordinary for two days in one direction is the new normal.
        _outlying = residual > 0 ? Math.Max(1, _outlying + 1) : Math.Min(-1, _outlying - 1);
        return Math.Abs(_outlying) > AcceptAfterHours ? 1 : 2.58 * 2.58 / (residual * residual);
    }

    private void LearnDispersion(int window, long hour, double volume, double mean)
    {
        _blockCounts[window] += volume;
        _blockMeans[window] += mean;
        if ((hour + 1) % Windows[window] != 0)
        {
            return;
        }

        var expected = _blockMeans[window];
        var off = _blockCounts[window] - expected;
        var most = (2.58 * 2.58 * Dispersion(window, expected) * expected) + 1;
        _squares[window] = (DispersionDiscounts[window] * _squares[window]) + Math.Min(off * off, most);
        _means[window] = (DispersionDiscounts[window] * _means[window]) + expected;
        _blockCounts[window] = 0;
        _blockMeans[window] = 0;
    }
}
