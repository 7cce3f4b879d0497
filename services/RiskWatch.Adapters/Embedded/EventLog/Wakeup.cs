namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>Wakes one waiting reader, and remembers since when there has been something for it.</summary>
internal sealed class Wakeup(TimeProvider time)
{
    private TaskCompletionSource _next = New();
    private long _pendingSince;

    /// <summary>Completes at the next <see cref="Set"/>; take it before looking for what to wait for.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Something is there.</summary>
    public void Set()
    {
        Interlocked.CompareExchange(ref _pendingSince, time.GetTimestamp(), 0);
        Interlocked.Exchange(ref _next, New()).TrySetResult();
    }

    /// <summary>How long something has been there.</summary>
    public TimeSpan Pending => Interlocked.Read(ref _pendingSince) is var since and not 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>To be called before the ends are looked at, so that nothing that comes meanwhile is taken for seen.</summary>
    public void Seen() => Interlocked.Exchange(ref _pendingSince, 0);

    /// <summary>Returns when woken, or after the time.</summary>
    public async Task WaitAsync(Task next, TimeSpan atMost, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(next, Task.Delay(atMost, time, stop.Token)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
