using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>What one read returned, and what its commit has to know.</summary>
internal sealed class SqliteBatch(SqliteMember member, long round, long sequence, IReadOnlyList<LogMessage> messages, IReadOnlyList<PartitionAssignment> assigned, IReadOnlyList<int> revoked, long[] positions) : LogBatch
{
    public override IReadOnlyList<LogMessage> Messages => messages;

    public override IReadOnlyList<PartitionAssignment> Assigned => assigned;

    public override IReadOnlyList<int> Revoked => revoked;

    /// <summary>Grows whenever what was read is dropped.</summary>
    public long Round => round;

    /// <summary>Order of the batches of one member.</summary>
    public long Sequence => sequence;

    /// <summary>Where each owned partition stood after this read, in the order of ownership.</summary>
    public long[] Positions => positions;

    public override Task CommitAsync(IReadOnlyList<LogOutput> outputs, IReadOnlyList<StateChange> stateChanges, CancellationToken cancel) =>
        member.CommitAsync(this, outputs, stateChanges, cancel);
}
