namespace RiskWatch.Alerting.Detection.Counts;

/// <summary>How a shape tells days apart.</summary>
internal enum DayTerms
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Weekends from other days.</summary>
    Weekend,

    /// <summary>Each weekday has a factor of its own.</summary>
    Weekday,
}

/// <summary>A cycle, in buckets, and how many of its harmonics are fitted.</summary>
internal readonly record struct Cycle(int Buckets, int Harmonics);

/// <summary>
/// What the channels of one kind have in common: which factors explain a bucket's count, how fast each may change, which windows are tested, and where in
/// a channel's state everything lies. DETECTION §4; discounts after West and Harrison 1997, §6.3.
/// </summary>
internal sealed class CountShape
{
    private readonly float[] _waves;
    private readonly int[] _waveStarts;
    private readonly float[] _inflation;

    private CountShape(string name, Cycle[] cycles, DayTerms days, bool holidays, int[] windows, int ring, CountTuning tuning)
    {
        Name = name;
        Cycles = cycles;
        Days = days;
        Holidays = holidays;
        Windows = windows;
        Ring = ring;
        Tuning = tuning;
        FirstDay = 2 + (2 * cycles.Sum(c => c.Harmonics));
        FirstHoliday = FirstDay + (days switch { DayTerms.None => 0, DayTerms.Weekend => 1, _ => 6 });
        Terms = FirstHoliday + (holidays ? 2 : 0);
        Blocks = windows[^1] > ring ? (windows[^1] / ring) - 1 : 0;
        (_waves, _waveStarts) = Waves(cycles);
        _inflation = new float[Terms];
        Array.Fill(_inflation, (float)(1 / tuning.SeasonDiscount));
        _inflation[0] = (float)(1 / tuning.LevelDiscount);
        _inflation[1] = (float)(1 / tuning.TrendDiscount);
    }

    /// <summary>Name, for tables and messages.</summary>
    public string Name { get; }

    /// <summary>Seasons as sums of waves.</summary>
    public IReadOnlyList<Cycle> Cycles { get; }

    /// <summary>How days are told apart.</summary>
    public DayTerms Days { get; }

    /// <summary>Whether holidays and the day after one have factors of their own.</summary>
    public bool Holidays { get; }

    /// <summary>Windows that are tested, in buckets, ascending.</summary>
    public IReadOnlyList<int> Windows { get; }

    /// <summary>Buckets kept one by one; also the lag at which counts are compared with each other.</summary>
    public int Ring { get; }

    /// <summary>Closed runs of <see cref="Ring"/> buckets kept as sums, for a window beyond the ring.</summary>
    public int Blocks { get; }

    /// <summary>Coefficients: level, trend, waves, days, holiday, day after one.</summary>
    public int Terms { get; }

    /// <summary>Where the factors of days begin.</summary>
    public int FirstDay { get; }

    /// <summary>Where the factors of holidays begin.</summary>
    public int FirstHoliday { get; }

    /// <summary>Its constants.</summary>
    public CountTuning Tuning { get; }

    /// <summary>Covariances that are kept: one triangle.</summary>
    public int Covariances => Terms * (Terms + 1) / 2;

    /// <summary>Single-precision numbers of a channel's whole state.</summary>
    public int StateLength => Terms + Covariances + CountState.Scalars + (2 * (Ring + Blocks));

    /// <summary>Factor by which a coefficient's variance grows from bucket to bucket.</summary>
    public ReadOnlySpan<float> Inflation => _inflation;

    /// <summary>Hours: three harmonics of the day, weekends, holidays; windows 1, 6, 24 hours and 7 days.</summary>
    public static CountShape Hourly(CountTuning? tuning = null) =>
        new("hourly", [new Cycle(24, 3)], DayTerms.Weekend, true, [1, 6, 24, 168], 24, tuning ?? CountTuning.Hourly);

    /// <summary>Days: three harmonics of the year (364 days), weekdays, holidays unless said otherwise; windows 1, 3 and 7 days.</summary>
    public static CountShape Daily(bool holidays = true, CountTuning? tuning = null) =>
        new("daily", [new Cycle(364, 3)], DayTerms.Weekday, holidays, [1, 3, 7], 7, tuning ?? CountTuning.Daily);

    /// <summary>Weeks: two harmonics of the year (52 weeks); windows 1, 2 and 3 weeks.</summary>
    public static CountShape Weekly(CountTuning? tuning = null) =>
        new("weekly", [new Cycle(52, 2)], DayTerms.None, false, [1, 2, 3], 3, tuning ?? CountTuning.Weekly);

    /// <summary>Writes what each coefficient is multiplied with at a moment; <paramref name="factors"/> has <see cref="Terms"/> places.</summary>
    public void Describe(CountMoment moment, Span<float> factors)
    {
        factors.Clear();
        factors[0] = 1;
        var at = 2;
        for (var c = 0; c < Cycles.Count; c++)
        {
            var (buckets, harmonics) = Cycles[c];
            var row = _waveStarts[c] + (int)(((moment.Bucket % buckets) + buckets) % buckets * 2 * harmonics);
            _waves.AsSpan(row, 2 * harmonics).CopyTo(factors[at..]);
            at += 2 * harmonics;
        }

        // A weekend day that is worked counts as a Friday or, without weekdays, as no weekend; a holiday has its own factor on top of its weekday's.
        var day = moment.Day == DayKind.ExchangedWorkday ? 4 : moment.DayOfWeek;
        if (Days == DayTerms.Weekend)
        {
            factors[FirstDay] = day >= 5 ? 1 : 0;
        }
        else if (Days == DayTerms.Weekday && day > 0)
        {
            factors[FirstDay + day - 1] = 1;
        }

        if (Holidays)
        {
            factors[FirstHoliday] = moment.Day == DayKind.Holiday ? 1 : 0;
            factors[FirstHoliday + 1] = moment.AfterHoliday ? 1 : 0;
        }
    }

    private static (float[] Waves, int[] Starts) Waves(Cycle[] cycles)
    {
        var waves = new float[cycles.Sum(c => c.Buckets * 2 * c.Harmonics)];
        var starts = new int[cycles.Length];
        var at = 0;
        for (var c = 0; c < cycles.Length; c++)
        {
            starts[c] = at;
            for (var bucket = 0; bucket < cycles[c].Buckets; bucket++)
            {
                for (var harmonic = 1; harmonic <= cycles[c].Harmonics; harmonic++)
                {
                    var angle = 2 * Math.PI * harmonic * bucket / cycles[c].Buckets;
                    waves[at++] = (float)Math.Cos(angle);
                    waves[at++] = (float)Math.Sin(angle);
                }
            }
        }

        return (waves, starts);
    }
}
