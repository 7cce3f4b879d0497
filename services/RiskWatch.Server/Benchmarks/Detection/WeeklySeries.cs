namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>
/// A simulated weekly series of Noufaily et al. 2013 (Statistics in Medicine 32:1206), as 42 scenarios of seven levels, with or without trend, with 0, 1 or 2
/// harmonics of the year; 624 weeks, four past outbreaks in weeks 313–575, one current outbreak in the last 49.
/// </summary>
internal sealed class WeeklySeries
{
    public const int Scenarios = 42;
    public const int Weeks = 624;

    /// <summary>First of the weeks that are judged, counted from 1.</summary>
    public const int FirstJudged = 576;

    private static readonly double[] Theta = [0.1, -2, 1.5, 0.5, 2.5, 3.75, 5];
    private static readonly double[] Trend = [0.0025, 0.005, 0.003, 0.002, 0.001, 0.001, 0.0001];
    private static readonly double[] Cosine = [0.6, 0.1, 0.2, 0.5, 1, 0.1, 0.05];
    private static readonly double[] Sine = [0.6, 0.3, -0.4, 0.5, 0.1, -0.1, 0.01];
    private static readonly double[] Dispersion = [1.5, 2, 1, 5, 3, 1.1, 1.2];
    private static readonly int[] PastSizes = [2, 3, 5, 10];

    private WeeklySeries(int[] counts, int[] outbreak)
    {
        Counts = counts;
        Outbreak = outbreak;
        Onset = Array.FindIndex(outbreak, c => c > 0) + 1;
        Last = Array.FindLastIndex(outbreak, c => c > 0) + 1;
    }

    /// <summary>Counts with the past outbreaks and without the current one; week t stands at t − 1.</summary>
    public int[] Counts { get; }

    /// <summary>What the current outbreak adds.</summary>
    public int[] Outbreak { get; }

    /// <summary>First week with a case of the current outbreak, counted from 1.</summary>
    public int Onset { get; }

    /// <summary>Last one.</summary>
    public int Last { get; }

    /// <summary>Draws one.</summary>
    public static WeeklySeries Draw(int scenario, CountSampler sampler)
    {
        var level = scenario / 6;
        var trend = scenario / 3 % 2 == 1 ? Trend[level] : 0;
        var harmonics = scenario % 3;
        double Mean(int week)
        {
            var sum = Theta[level] + (trend * week);
            for (var j = 1; j <= harmonics; j++)
            {
                var angle = 2 * Math.PI * j * week / 52;
                sum += (Cosine[level] * Math.Cos(angle)) + (Sine[level] * Math.Sin(angle));
            }

            return Math.Exp(sum);
        }

        var counts = new int[Weeks];
        for (var week = 1; week <= Weeks; week++)
        {
            counts[week - 1] = sampler.NegativeBinomial(Mean(week), Dispersion[level]);
        }

        for (var past = 0; past < 4; past++)
        {
            var start = sampler.Whole(313, FirstJudged - 1);
            Add(counts, start, sampler.OneOf(PastSizes) * Math.Sqrt(Dispersion[level] * Mean(start)), FirstJudged - 1, sampler);
        }

        var outbreak = new int[Weeks];
        while (outbreak.All(c => c == 0))
        {
            var start = sampler.Whole(FirstJudged, Weeks);
            Add(outbreak, start, sampler.Whole(1, 10) * Math.Sqrt(Dispersion[level] * Mean(start)), Weeks, sampler);
        }

        return new WeeklySeries(counts, outbreak);
    }

    private static void Add(int[] counts, int start, double size, int last, CountSampler sampler)
    {
        int cases;
        do
        {
            cases = sampler.Poisson(size);
        }
        while (cases < 2);

        for (var i = 0; i < cases; i++)
        {
            var week = start + (int)Math.Floor(Math.Exp(0.5 * sampler.Normal()));
            if (week <= last)
            {
                counts[week - 1]++;
            }
        }
    }
}
