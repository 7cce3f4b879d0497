namespace RiskWatch.Core.Log;

/// <summary>Exponential back-off with equal jitter (Brooker 2015): a random wait between half of and a whole bound that doubles with each failure.</summary>
public sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    private int _failures;

    /// <summary>Failures since the last success.</summary>
    public int Failures => _failures;

    /// <summary>How long to wait after one more failure.</summary>
    public TimeSpan Next()
    {
        var bound = Math.Min(longest.Ticks, first.Ticks * Math.Pow(2, Math.Min(_failures++, 30)));
        return TimeSpan.FromTicks((long)(bound * (0.5 + (0.5 * random.NextDouble()))));
    }

    /// <summary>It worked.</summary>
    public void Reset() => _failures = 0;
}
