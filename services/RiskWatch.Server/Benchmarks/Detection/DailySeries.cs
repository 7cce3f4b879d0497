namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>
/// A simulated daily series of Noufaily et al. 2019 (Bioinformatics 35:3110): 16 signals, seven years of 364 days, one outbreak in the last 343. Written from the
/// published equations; holidays are ours (eleven days a year, in the baseline too), seeds are drawn, and an outbreak's size follows the signal's own mean.
/// </summary>
internal sealed class DailySeries
{
    public const int Signals = 16;
    public const int Year = 364;
    public const int Days = 7 * Year;

    /// <summary>First of the days that are judged, counted from 0.</summary>
    public const int FirstJudged = Days - 343;

    // Day of the year, counted from 0.
    private static readonly int[] HolidaysOfYear = [0, 15, 48, 92, 121, 149, 186, 245, 281, 325, 358];

    private static readonly Signal[] All =
    [
        new(7, 1, 2, 6, 0, 0.2, 0.2, 0.5, 0.4, 2, 29, 1),
        new(7, 1, 2, 0.5, 0, 1.5, 1.4, 0.5, 0.4, 1, -167, 1),
        new(7, 0, 2, 5.5, 0, 0, 0, 0.3, 0.25, 1, 1, 1),
        new(7, 0, 2, 2, 0, 0, 0, 0.3, 0.25, 1, 1, 1),
        new(5, 1, 1, 6, 0, 0.3, 2, 0.3, 0.5, 1.5, -50, 10, 80),
        new(5, 1, 1, 1, 0, 0.1, 2, 0.05, 0.05, 1, -50, 1, 50),
        new(5, 0, 1, 6, 1e-4, 0, 0, 0.6, 0.9, 1.5, 0, 10),
        new(5, 1, 1, 3, 0, 1.5, 0.1, 0.2, 0.3, 1, -150, 1),
        new(5, 1, 1, 3, 0, 0.2, 0.1, 0.05, 0.15, 1, -200, 1),
        new(5, 1, 1, 5, 0, 0.2, 0.1, 0.05, 0.1, 1, 0, 1),
        new(5, 2, 1, 0.5, 0, 0.4, 0, 0.05, 0.15, 1, 0, 1),
        new(5, 1, 1, 9, 0, 0.5, 0.2, 0.2, 0.5, 1, 0, 100),
        new(7, 1, 2, 2, 5e-4, 0.8, 0.8, 0.8, 0.4, 4, 57, 1),
        new(7, 4, 1, 0.05, 0, 0.01, 0.01, 1.8, 0.1, 1, -85, 1),
        new(7, 1, 2, 3, 0, 0.8, 0.6, 0.8, 0.4, 4, 29, 1, 150),
        new(7, 0, 2, 6, 0, 0, 0, 0.8, 0.4, 4, 1, 1),
    ];

    private DailySeries(double[] counts, double[] outbreak)
    {
        Counts = counts;
        Outbreak = outbreak;
        Onset = Array.FindIndex(outbreak, c => c > 0);
        Last = Array.FindLastIndex(outbreak, c => c > 0);
    }

    /// <summary>Counts without the outbreak.</summary>
    public double[] Counts { get; }

    /// <summary>What the outbreak adds.</summary>
    public double[] Outbreak { get; }

    /// <summary>First day on which it adds to the count.</summary>
    public int Onset { get; }

    /// <summary>Last one.</summary>
    public int Last { get; }

    /// <summary>Whether a day is one of the generator's holidays.</summary>
    public static bool IsHoliday(int day) => HolidaysOfYear.Contains(day % Year);

    /// <summary>
    /// Draws one; <paramref name="size"/> is the outbreak's in standard deviations times days of the week (w). The deviation is that of the drawn count
    /// or, where <paramref name="divided"/>, of the count that is reported (three signals are divided by 10 or 100): then far smaller outbreaks.
    /// </summary>
    public static DailySeries Draw(int signal, double size, CountSampler sampler, bool divided = false)
    {
        var of = All[signal];
        var counts = new double[Days];
        for (var day = 0; day < Days; day++)
        {
            var mean = of.Mean(day) * of.HolidayFactor(day);
            counts[day] = Math.Round(sampler.NegativeBinomial(mean, of.Dispersion) / (double)of.Divisor);
        }

        for (var year = 0; of.Yearly > 0 && year < 7; year++)
        {
            var start = (year * Year) + (signal == 14 ? sampler.Whole(210, 230) : sampler.Whole(1, 20));
            Spread(counts, start, 3.0 * of.DaysOfWeek * of.Yearly, 0.02, of, sampler);
        }

        var outbreak = new double[Days];
        do
        {
            var start = sampler.Whole(FirstJudged, Days - 21);
            Spread(outbreak, start, of.Weekend(start) ? 0 : sampler.Poisson(size * of.DaysOfWeek * of.Deviation(start) / (divided ? of.Divisor : 1)), 0.25, of, sampler);
        }
        while (outbreak.All(c => c == 0));

        return new DailySeries(counts, outbreak);
    }

    // Case times are log-normal in steps of so many days; of the days near a case, those on which more people are counted take more (published weekday weights).
    private static void Spread(double[] counts, int start, double cases, double step, Signal of, CountSampler sampler)
    {
        var shares = new double[Days];
        for (var i = 0; i < (int)cases; i++)
        {
            var day = start + (int)Math.Floor(Math.Exp(0.5 * sampler.Normal()) / step);
            if (day < Days)
            {
                shares[day] += of.WeekdayWeight(day);
            }
        }

        var total = shares.Sum();
        for (var day = start; day < Days && total > 0; day++)
        {
            counts[day] += shares[day] > 0 ? sampler.Poisson(shares[day] * cases / total) : 0;
        }
    }

    private sealed record Signal(int DaysOfWeek, int YearWaves, int WeekWaves, double Level, double Trend, double G1, double G2, double G3, double G4, double Dispersion, int Shift, int Divisor, int Yearly = 0)
    {
        public bool Weekend(int day) => DaysOfWeek == 5 && day % 7 >= 5;

        public double Mean(int day)
        {
            if (Weekend(day))
            {
                return 0;
            }

            // Signals of five days a week count working days only.
            var t = (DaysOfWeek == 7 ? day : (day / 7 * 5) + (day % 7)) + Shift;
            var sum = Level + (Trend * t);
            for (var j = 1; j <= YearWaves; j++)
            {
                var angle = 2 * Math.PI * j * t / (52.0 * DaysOfWeek);
                sum += (G1 * Math.Cos(angle)) + (G2 * Math.Sin(angle));
            }

            for (var l = 1; l <= WeekWaves; l++)
            {
                var angle = 2 * Math.PI * l * t / DaysOfWeek;
                sum += (G3 * Math.Cos(angle)) + (G4 * Math.Sin(angle));
            }

            return Math.Exp(sum);
        }

        public double HolidayFactor(int day)
        {
            if (DaysOfWeek == 7)
            {
                return IsHoliday(day) ? 2 : 1;
            }

            return IsHoliday(day) ? 0 : day > 0 && IsHoliday(day - 1) ? 1.5 : 1;
        }

        public double Deviation(int day) => Math.Sqrt(Dispersion * Mean(day));

        public double WeekdayWeight(int day) => DaysOfWeek == 7
            ? day % 7 >= 5 ? 2 : 1
            : (day % 7) switch { 0 => 1.5, 1 or 4 => 1.1, >= 5 => 0, _ => 1 };
    }
}
