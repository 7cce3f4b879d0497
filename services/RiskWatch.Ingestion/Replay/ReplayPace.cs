namespace RiskWatch.Ingestion.Replay;

/// <summary>Slows a replay down to a number of rows a second or to a multiple of event time, for demonstrations and crash runs; else it does nothing.</summary>
internal sealed class ReplayPace(ReplayRequest request, TimeProvider time)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly long _started = time.GetTimestamp();
    private DateTimeOffset? _firstTime;
    private (long Row, long At)? _first;

    /// <summary>Rows of the next batch: a tenth of a second's, more where it is behind its pace.</summary>
    /// <param name="done">Rows done.</param>
    /// <param name="most">Rows of the largest batch.</param>
    public int Rows(long done, int most)
    {
        if (request.RecordsPerSecond is not { } rate)
        {
            return request.Speed is not null && _firstTime is null ? 1 : most;
        }

        _first ??= (done, time.GetTimestamp());
        return (int)Math.Clamp(Math.Max(rate / 10, Due(rate) - done), 1, most);
    }

    /// <summary>Event time up to which rows may be written now.</summary>
    public DateTimeOffset Until(DateTimeOffset? last)
    {
        if (request.Speed is not { } speed || last is null)
        {
            return DateTimeOffset.MaxValue;
        }

        _firstTime ??= last;
        return _firstTime.Value + (time.GetElapsedTime(_started) * speed);
    }

    /// <summary>Waits until what was just made may be written.</summary>
    public async Task WaitAsync(int outputs, ReplayCursor cursor, CancellationToken cancel)
    {
        if (request.RecordsPerSecond is { } rate)
        {
            var early = TimeSpan.FromSeconds((cursor.Rows - Due(rate)) / rate);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, cancel).ConfigureAwait(false);
            }
        }
        else if (request.Speed is not null && outputs == 0 && !cursor.Done)
        {
            await Task.Delay(Step, time, cancel).ConfigureAwait(false);
        }
    }

    // Rows that the pace asks for by now, on top of those that an earlier run had done.
    private double Due(double rate) => _first is { } first ? first.Row + (time.GetElapsedTime(first.At).TotalSeconds * rate) : 0;
}
