using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>Something to do in a transaction of the one writer.</summary>
internal abstract class WriteRequest
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it is durable.</summary>
    public Task Done => _done.Task;

    /// <summary>Entries it carries, so that one transaction does not grow without bound.</summary>
    public virtual int Weight => 1;

    /// <summary>Set where it was refused and wrote nothing, while the rest of the transaction goes on.</summary>
    public FencedException? Refusal { get; set; }

    /// <summary>
    /// Does it. May be called again after a rollback, so it leaves nothing behind that a second call would not overwrite.
    /// A <see cref="FencedException"/> must be thrown before anything is written.
    /// </summary>
    public abstract void Apply(WriteTransaction transaction);

    public void Complete()
    {
        if (Refusal is { } refusal)
        {
            _done.TrySetException(refusal);
        }
        else
        {
            _done.TrySetResult();
        }
    }

    public void Fail(Exception error) => _done.TrySetException(error);
}
