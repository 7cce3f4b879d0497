namespace RiskWatch.Classification.Encoders;

/// <summary>
/// How much the encoder may run: so many cores' share of time, saved up for at most a second. What it took last is paid back before it runs again.
/// Thread-safe.
/// </summary>
/// <param name="cores">Share of one core, 0 and more; infinity: no limit, so that the choice depends on the record alone.</param>
/// <param name="clock">Clock that measures both the share and what is spent.</param>
internal sealed class EncoderBudget(double cores, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private double _credit;
    private long _last = clock.GetTimestamp();

    /// <summary>No limit.</summary>
    public static EncoderBudget Unlimited { get; } = new(double.PositiveInfinity, TimeProvider.System);

    /// <summary>A moment to measure from.</summary>
    public long Now => double.IsPositiveInfinity(cores) ? 0 : clock.GetTimestamp();

    /// <summary>Whether the encoder may run now.</summary>
    public bool Allows()
    {
        if (double.IsPositiveInfinity(cores))
        {
            return true;
        }

        lock (_lock)
        {
            var now = clock.GetTimestamp();
            _credit = Math.Min(cores, _credit + (clock.GetElapsedTime(_last, now).TotalSeconds * cores));
            _last = now;
            return _credit > 0;
        }
    }

    /// <summary>Pays for a run that began at <paramref name="started"/>.</summary>
    public void Spend(long started)
    {
        if (double.IsPositiveInfinity(cores))
        {
            return;
        }

        var took = clock.GetElapsedTime(started).TotalSeconds;
        lock (_lock)
        {
            _credit -= took;
        }
    }
}
