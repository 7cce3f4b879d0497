using RiskWatch.Core.Log;

namespace RiskWatch.Classification.Stage;

/// <summary>The whole state of classification in one partition. Equal states behave equally; all of it is restored from the changelog.</summary>
internal sealed class PartitionState
{
    private const string VersionKey = "v";

    private long _writtenVersion;

    public PartitionState(int partition, HeldContributions held)
    {
        Partition = partition;
        Marks = new MarkTable(partition);
        Contributions = new ContributionTable(held);
    }

    public int Partition { get; }

    /// <summary>Last store version given (LOG §5.6).</summary>
    public long LastVersion { get; private set; }

    /// <summary>Latest receive time seen, minutes; only decides when memory is given back.</summary>
    public long LatestReceived { get; set; }

    public StringTable Strings { get; } = new();

    public MarkTable Marks { get; }

    public ContributionTable Contributions { get; }

    public DoubtTable Doubts { get; } = new();

    public DeletedIds Deleted { get; } = new();

    public CorrectionTable Corrections { get; } = new();

    public static PartitionState Restore(PartitionAssignment assignment, HeldContributions held)
    {
        var state = new PartitionState(assignment.Partition, held);
        if (assignment.State.TryGetValue(VersionKey, out var version))
        {
            state.LastVersion = state._writtenVersion = System.Runtime.InteropServices.MemoryMarshal.Read<long>(version.Span);
        }

        state.Strings.Restore(assignment.State);
        state.Marks.Restore(assignment.State);
        state.Contributions.Restore(assignment.State);
        state.Doubts.Restore(assignment.State);
        state.Deleted.Restore(assignment.State);
        state.Corrections.Restore(assignment.State);
        return state;
    }

    /// <summary>The next store version: above the last and not below the ingest time in µs.</summary>
    public long NextVersion(DateTimeOffset appendedAt) =>
        LastVersion = Math.Max(LastVersion + 1, (appendedAt.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);

    public void Flush(List<StateChange> changes)
    {
        var writer = new StateWriter(Partition, changes);
        if (LastVersion != _writtenVersion)
        {
            writer.Put(VersionKey, LastVersion);
            _writtenVersion = LastVersion;
        }

        Strings.Flush(writer);
        Marks.Flush(writer);
        Contributions.Flush(writer);
        Doubts.Flush(writer);
        Deleted.Flush(writer);
        Corrections.Flush(writer);
    }
}
