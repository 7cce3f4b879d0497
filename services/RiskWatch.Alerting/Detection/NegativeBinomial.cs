namespace RiskWatch.Alerting.Detection;

/// <summary>Tails and intervals of over-dispersed counts, given by mean and variance (Poisson where the variance is not larger).</summary>
internal static class NegativeBinomial
{
    private const double LargeMean = 10_000;
    private const double Accuracy = 1e-12;
    private const int MostSteps = 10_000;
    private const double Near = 0.02;
    private static readonly double[] ErfcCoefficients =
        [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223];

    /// <summary>P(X ≥ count) for a whole count above the mean; 1 where it is not above.</summary>
    public static double UpperTail(double count, double mean, double variance)
    {
        if (!(count > mean))
        {
            return 1;
        }

        if (mean > LargeMean)
        {
            return NormalTail(2 * (Math.Sqrt(count) - Math.Sqrt(mean)) / Math.Sqrt(Math.Max(1, variance / mean)));
        }

        var size = mean * mean / (variance - mean);
        return Math.Min(1, variance <= mean * 1.000001 ? LowerGamma(count, mean) : Beta(mean / (mean + size), count, size));
    }

    /// <summary>The same for a volume that discounts made fractional: between whole counts the logarithm is interpolated.</summary>
    public static double UpperTailOf(double volume, double mean, double variance)
    {
        // What a sketch estimates is a little above the whole number that it means.
        var whole = Math.Floor(volume + Near);
        var rest = volume - whole;
        var p = UpperTail(whole, mean, variance);
        return rest <= Near ? p : Math.Exp(((1 - rest) * Math.Log(p)) + (rest * Math.Log(UpperTail(whole + 1, mean, variance))));
    }

    /// <summary>5 % and 95 % points, by the gamma of the same mean and variance.</summary>
    public static (double Lower, double Upper) Interval(double mean, double variance)
    {
        if (mean <= 0)
        {
            return (0, 0);
        }

        var shape = mean * mean / Math.Max(variance, 1e-12);
        return (Quantile(mean, shape, -1.6449), Quantile(mean, shape, 1.6449));
    }

    /// <summary>Lower 95 % bound of a mean of which <paramref name="count"/> was seen.</summary>
    public static double LowerBound(double count, double dispersion) => count <= 0 ? 0 : Quantile(count, count / Math.Max(1, dispersion), -1.6449);

    // P(Poisson(x) ≥ a) is the lower incomplete gamma function (Abramowitz and Stegun 6.5.29); x is below a, so its series converges at once.
    private static double LowerGamma(double a, double x)
    {
        var term = 1 / a;
        var sum = term;
        for (var n = 1; term > sum * Accuracy; n++)
        {
            term *= x / (a + n);
            sum += term;
        }

        return sum * Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
    }

    // P(NB ≥ a) is the incomplete beta function; x is below its mean, where Lentz's continued fraction converges in some √a steps (Press et al. 2007, §6.4).
    private static double Beta(double x, double a, double b)
    {
        const double Tiny = 1e-300;
        double Safe(double value) => Math.Abs(value) < Tiny ? Tiny : value;

        var c = 1.0;
        var d = 1 / Safe(1 - ((a + b) * x / (a + 1)));
        var fraction = d;
        for (var m = 1; m < MostSteps; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / Safe(1 + (even * d));
            c = Safe(1 + (even / c));
            fraction *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Safe(1 + (odd * d));
            c = Safe(1 + (odd / c));
            fraction *= d * c;
            if (Math.Abs((d * c) - 1) < Accuracy)
            {
                break;
            }
        }

        return fraction * Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x))) / a;
    }

    private static double Quantile(double mean, double shape, double z)
    {
        // Wilson and Hilferty: the cube root of a gamma variable is nearly normal.
        var root = 1 - (1 / (9 * shape)) + (z / (3 * Math.Sqrt(shape)));
        return root <= 0 ? 0 : mean * root * root * root;
    }

    /// <summary>P(Z ≥ z) of a standard normal variable.</summary>
    public static double NormalTail(double z)
    {
        if (z > 37)
        {
            return double.Epsilon;
        }

        // Numerical Recipes' erfc, fractional error below 1.2e-7 everywhere.
        var x = z / Math.Sqrt(2);
        var t = 1 / (1 + (0.5 * x));
        var sum = 0.0;
        foreach (var coefficient in ErfcCoefficients)
        {
            sum = (sum * t) + coefficient;
        }

        return 0.5 * t * Math.Exp((-x * x) + sum);
    }

    /// <summary>Natural logarithm of the gamma function for positive arguments.</summary>
    internal static double LogGamma(double x)
    {
        var shift = 0.0;
        while (x < 10)
        {
            shift -= Math.Log(x);
            x++;
        }

        var inverse = 1 / (x * x);
        return shift + ((x - 0.5) * Math.Log(x)) - x + 0.9189385332046727
            + ((1 / 12.0 - (inverse * (1 / 360.0 - (inverse * (1 / 1260.0 - (inverse / 1680.0)))))) / x);
    }
}
