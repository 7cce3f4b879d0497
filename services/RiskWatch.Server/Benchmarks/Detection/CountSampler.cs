namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>Random counts for simulated series: the same seed gives the same series.</summary>
internal sealed class CountSampler(int seed)
{
    private const double LargeMean = 30;
    private readonly Random _random = new(seed);

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => _random.NextDouble();

    /// <summary>A whole number from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public int Whole(int from, int to) => _random.Next(from, to + 1);

    /// <summary>One of the values.</summary>
    public T OneOf<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];

    /// <summary>Standard normal: Marsaglia's polar method.</summary>
    public double Normal()
    {
        while (true)
        {
            var u = (2 * _random.NextDouble()) - 1;
            var v = (2 * _random.NextDouble()) - 1;
            var square = (u * u) + (v * v);
            if (square is > 0 and < 1)
            {
                return u * Math.Sqrt(-2 * Math.Log(square) / square);
            }
        }
    }

    /// <summary>Poisson: multiplication of uniforms for small means, Hörmann's PTRS (1993, Insurance: Mathematics and Economics 12:39) for others.</summary>
    public int Poisson(double mean)
    {
        if (!(mean > 0))
        {
            return 0;
        }

        if (mean < LargeMean)
        {
            var limit = Math.Exp(-mean);
            var count = 0;
            for (var product = _random.NextDouble(); product > limit; product *= _random.NextDouble())
            {
                count++;
            }

            return count;
        }

        return LargePoisson(mean);
    }

    /// <summary>Negative binomial with variance <paramref name="dispersion"/> × mean; Poisson where that is 1 or less.</summary>
    public int NegativeBinomial(double mean, double dispersion)
    {
        if (dispersion <= 1 || !(mean > 0))
        {
            return Poisson(mean);
        }

        return Poisson(Gamma(mean / (dispersion - 1)) * (dispersion - 1));
    }

    // Marsaglia and Tsang 2000, ACM TOMS 26:363; below shape 1 by their boost.
    private double Gamma(double shape)
    {
        if (shape < 1)
        {
            return Gamma(shape + 1) * Math.Pow(1 - _random.NextDouble(), 1 / shape);
        }

        var d = shape - (1 / 3.0);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = 1 + (c * x);
            v = v * v * v;
            if (v > 0 && Math.Log(1 - _random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }

    private int LargePoisson(double mean)
    {
        var b = 0.931 + (2.53 * Math.Sqrt(mean));
        var a = -0.059 + (0.02483 * b);
        var inverse = 1.1239 + (1.1328 / (b - 3.4));
        var accept = 0.9277 - (3.6224 / (b - 2));
        while (true)
        {
            var u = _random.NextDouble() - 0.5;
            var v = 1 - _random.NextDouble();
            var half = 0.5 - Math.Abs(u);
            var count = Math.Floor((((2 * a / half) + b) * u) + mean + 0.43);
            if (half >= 0.07 && v <= accept)
            {
                return (int)count;
            }

            if (count >= 0 && (half >= 0.013 || v <= half)
                && Math.Log(v * inverse / ((a / (half * half)) + b)) <= (count * Math.Log(mean)) - mean - LogFactorial(count))
            {
                return (int)count;
            }
        }
    }

    // Stirling's series; only counts near a mean of 30 or more come here.
    private static double LogFactorial(double count)
    {
        var x = count + 1;
        return ((x - 0.5) * Math.Log(x)) - x + 0.9189385332046727 + (1 / (12 * x)) - (1 / (360 * x * x * x));
    }
}
