namespace RiskWatch.Alerting.Detection.Metrics;

/// <summary>
/// How improbable a feature's values are: peaks over a moving threshold, their tail a generalised Pareto distribution fitted by decayed moments (Hosking and
/// Wallis 1987, Technometrics 29:339; streaming after Siffer et al. 2017, KDD: SPOT, here without stored peaks). O(1).
/// </summary>
internal struct MetricTail
{
    private const double Rarest = 12;
    private double _mean;
    private double _threshold;
    private double _excess;
    private double _square;
    private int _points;
    private int _peaks;

    /// <summary>Powers of ten by which a value is improbable, 0 to 12, judged by what came before it; then it is learned.</summary>
    public double Score(double value, MetricTuning tuning)
    {
        var score = 0.0;
        var over = value - _threshold;
        if (over > 0)
        {
            score = Rarity(over, tuning);
            Learn(over, tuning);
        }

        _points++;
        _mean += Math.Max(1.0 / _points, tuning.TailRate / 10) * (Math.Min(value, 20 * (_mean + 1e-12)) - _mean);
        var step = Math.Max(1.0 / _points, tuning.TailStep) * _mean;
        _threshold = Math.Max(0, _threshold + (step * ((over > 0 ? 1 : 0) - tuning.TailShare)));
        return score;
    }

    private readonly double Rarity(double over, MetricTuning tuning)
    {
        if (_peaks < 5)
        {
            return 0;
        }

        var variance = Math.Max(_square - (_excess * _excess), 1e-300);
        var shape = Math.Clamp(0.5 * (1 - (_excess * _excess / variance)), tuning.LeastShape, tuning.MostShape);
        var scale = Math.Max(_excess * (1 - shape), 1e-12);
        var rate = -Math.Log10(tuning.TailShare);
        if (Math.Abs(shape) < 1e-6)
        {
            return Math.Min(Rarest, rate + (over / scale / Math.Log(10)));
        }

        var grown = 1 + (shape * over / scale);
        return grown <= 0 ? Rarest : Math.Min(Rarest, rate + (Math.Log10(grown) / shape));
    }

    private void Learn(double over, MetricTuning tuning)
    {
        // One absurd peak may not make the next one ordinary.
        over = _peaks < 5 ? over : Math.Min(over, 20 * (_excess + 1e-12));
        _peaks++;
        var rate = Math.Max(1.0 / _peaks, tuning.TailRate);
        _excess += rate * (over - _excess);
        _square += rate * ((over * over) - _square);
    }
}
