using RiskWatch.Contracts;

namespace RiskWatch.Core.Log;

/// <summary>What a stage is: its name (group and state topic derive from it) and its one input topic.</summary>
/// <param name="Name">For example <c>classification</c>; the group is <c>riskwatch.&lt;name&gt;</c>.</param>
/// <param name="Input">Input topic.</param>
/// <param name="HasState">Whether it keeps state.</param>
/// <param name="DeadLetters">Whether an entry that cannot be handled is dead-lettered (records, indexing); elsewhere it stops the stage (LOG §1.5).</param>
public sealed record StageDefinition(string Name, string Input, bool HasState, bool DeadLetters = false)
{
    /// <summary>Consumer group.</summary>
    public string Group => "riskwatch." + Name;

    /// <summary>Changelog, null for a stage without state.</summary>
    public string? StateTopic => HasState ? Topics.State(Name) : null;
}

/// <summary>
/// A stage: a batch of its input in, outputs and state changes out (DESIGN §3). The stage worker owns read, retry, dead letter, commit, metrics,
/// tracing and back-pressure. A stage keeps the working copy of its state in memory; after a failed commit the worker assigns all partitions anew with the
/// committed state, so a stage never has to undo anything. One instance serves one worker, so it need not be thread-safe.
/// </summary>
public interface IStage
{
    /// <summary>Name and input.</summary>
    StageDefinition Definition { get; }

    /// <summary>A partition is now ours, with its committed state; replaces whatever the stage held of it.</summary>
    void Assign(PartitionAssignment assignment);

    /// <summary>A partition is no longer ours.</summary>
    void Revoke(int partition);

    /// <summary>
    /// Handles one batch; entries of one partition are in order. Throw <see cref="PoisonException"/> for an entry that can never be handled; the worker
    /// dead-letters it and calls again without it, after a rewind.
    /// </summary>
    ValueTask<StageResult> HandleAsync(IReadOnlyList<LogMessage> batch, CancellationToken cancel);
}

/// <summary>What a stage made of a batch.</summary>
public sealed class StageResult
{
    /// <summary>Entries to append in the commit.</summary>
    public List<LogOutput> Outputs { get; } = [];

    /// <summary>State to keep in the commit.</summary>
    public List<StateChange> StateChanges { get; } = [];

    /// <summary>Entries that are appended at once, without the transaction: provisional signals only (LOG §3.5).</summary>
    public List<LogOutput> EarlyOutputs { get; } = [];

    /// <summary>Entries that can never be handled and that the stage has skipped; the worker dead-letters them in the commit.</summary>
    public List<PoisonEntry> Poison { get; } = [];

    /// <summary>False: do not commit yet; outputs and state wait for a later batch's commit (detection commits at ticks only). Default true.</summary>
    public bool Commit { get; set; } = true;
}

/// <summary>An entry that a stage skipped since it can never be handled.</summary>
public readonly record struct PoisonEntry(LogMessage Entry, DeadLetterReason Reason, string Detail);

/// <summary>An entry that can never be handled, thrown where the stage may already have touched its state; <see cref="StageResult.Poison"/> is cheaper.</summary>
public sealed class PoisonException : Exception
{
    public PoisonException(LogMessage entry, DeadLetterReason reason, string detail, Exception? inner = null)
        : base(detail, inner)
    {
        Entry = entry;
        Reason = reason;
    }

    /// <summary>The entry.</summary>
    public LogMessage Entry { get; }

    /// <summary>Why.</summary>
    public DeadLetterReason Reason { get; }
}
