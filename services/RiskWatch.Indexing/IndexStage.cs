using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;

namespace RiskWatch.Indexing;

/// <summary>Entries of one topic into the store, in bulk. Stages of this kind keep no state: the store is idempotent by id and version, so a repeat changes nothing.</summary>
/// <typeparam name="TWrite">What the store is given.</typeparam>
internal abstract class IndexStage<TWrite>(StageDefinition definition) : IStage
{
    private readonly List<TWrite> _writes = [];
    private readonly List<LogMessage> _origins = [];

    public StageDefinition Definition => definition;

    public void Assign(PartitionAssignment assignment)
    {
    }

    public void Revoke(int partition)
    {
    }

    public async ValueTask<StageResult> HandleAsync(IReadOnlyList<LogMessage> batch, CancellationToken cancel)
    {
        var result = new StageResult();
        _writes.Clear();
        _origins.Clear();
        foreach (var message in batch)
        {
            if (Read(message, out var write))
            {
                _writes.Add(write);
                _origins.Add(message);
            }
        }

        if (_writes.Count > 0)
        {
            foreach (var rejection in await WriteAsync(_writes, cancel).ConfigureAwait(false))
            {
                result.Poison.Add(new PoisonEntry(_origins[rejection.Index], DeadLetterReason.RefusedByStore, rejection.Reason));
            }
        }

        return result;
    }

    /// <summary>Reads one entry; false for one that the store does not keep.</summary>
    /// <exception cref="PoisonException">It cannot be read, which stops the stage (LOG §1.5): only what the store refuses goes to the dead letters here.</exception>
    protected abstract bool Read(LogMessage message, out TWrite write);

    protected abstract Task<IReadOnlyList<StoreRejection>> WriteAsync(IReadOnlyList<TWrite> writes, CancellationToken cancel);
}
