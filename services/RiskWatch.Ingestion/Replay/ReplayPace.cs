namespace RiskWatch.Ingestion.Replay;

/// <summary>Slows a replay down to a number of rows a second or to a multiple of event time, for demonstrations and crash runs; else it does nothing.</summary>
internal sealed class ReplayPace(ReplayRequest request, TimeProvider time)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly long _started = time.GetTimestamp();
    private DateTimeOffset? _firstTime;
    private long? _firstRow;

    /// <summary>Rows of the next batch: at most a tenth of a second's.</summary>
    public int Rows(int most) =>
        request.RecordsPerSecond is { } rate ? (int)Math.Clamp(rate / 10, 1, most)
        : request.Speed is not null && _firstTime is null ? 1
        : most;

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
            _firstRow ??= cursor.Rows;
            var due = TimeSpan.FromSeconds((cursor.Rows - _firstRow.Value) / rate) - time.GetElapsedTime(_started);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, time, cancel).ConfigureAwait(false);
            }
        }
        else if (request.Speed is not null && outputs == 0 && !cursor.Done)
        {
            await Task.Delay(Step, time, cancel).ConfigureAwait(false);
        }
    }
}
