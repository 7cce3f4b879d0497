namespace RiskWatch.Core.Log;

/// <summary>
/// The event log (DESIGN §3, LOG.md): partitioned topics, consumer groups, and one atomic step for a stage's outputs, state and input positions.
/// Failures: <see cref="TransientLogException"/> (try again later), <see cref="FencedException"/> (the partitions went to another member),
/// <see cref="LogConfigurationException"/> (an operator must change something). Anything else is a bug.
/// </summary>
public interface IEventLog : IAsyncDisposable
{
    /// <summary>Creates the topics that are missing and checks those that exist.</summary>
    /// <exception cref="LogConfigurationException">A topic exists with other settings; the message says what to change.</exception>
    Task EnsureTopicsAsync(IReadOnlyCollection<TopicDefinition> topics, CancellationToken cancel);

    /// <summary>Number of partitions of an ensured topic.</summary>
    int PartitionsOf(string topic);

    /// <summary>Joins a consumer group on one topic. Partitions are shared among the group's members.</summary>
    ILogMember Join(MembershipOptions options);

    /// <summary>Appends without a stage's transaction: HTTP push, web and provisional signals only (LOG §1.4). All or nothing for the embedded log; durable when it returns. Positions in the order of <paramref name="outputs"/> (for "all partitions" that of partition 0).</summary>
    Task<IReadOnlyList<LogPosition>> AppendAsync(IReadOnlyList<LogOutput> outputs, CancellationToken cancel);

    /// <summary>Follows a whole topic without a group, from the beginning or from the end: broadcast tables and the live feed.</summary>
    ILogTail Tail(string topic, bool fromBeginning);

    /// <summary>The next offset (end) of each partition, committed entries only.</summary>
    Task<IReadOnlyList<long>> EndOffsetsAsync(string topic, CancellationToken cancel);

    /// <summary>The group's committed next offset of each partition, 0 where none; a commit may take a moment to show. For lag and status.</summary>
    Task<IReadOnlyList<long>> CommittedOffsetsAsync(string group, string topic, CancellationToken cancel);
}

/// <summary>How a stage joins.</summary>
/// <param name="Group">Consumer group; independent groups each read everything.</param>
/// <param name="Topic">The one input topic.</param>
/// <param name="StateTopic">Changelog of the stage's state, partitioned as the input and compacted; null for a stage without state.</param>
/// <param name="MemberId">Stable id of this member, unique in the group, for example <c>host-1/0</c>; transactional ids derive from it.</param>
public sealed record MembershipOptions(string Group, string Topic, string? StateTopic, string MemberId);

/// <summary>One member of a group. Not thread-safe: one worker reads and commits in turn.</summary>
public interface ILogMember : IAsyncDisposable
{
    /// <summary>
    /// The next entries of the owned partitions, each partition in order: returns as soon as <paramref name="maxMessages"/> are there, or when the first
    /// have waited <paramref name="linger"/>, or empty after <paramref name="maxWait"/>. A batch that follows a change of ownership says so in
    /// <see cref="LogBatch.Assigned"/> and <see cref="LogBatch.Revoked"/>; when partitions are revoked, what was read and not committed is dropped for
    /// the remaining ones too, and they come again as assigned. An adapter may do the same when partitions are gained.
    /// </summary>
    Task<LogBatch> ReadAsync(int maxMessages, TimeSpan maxWait, TimeSpan linger, CancellationToken cancel);

    /// <summary>Drops everything read since the last commit; the next read starts from the committed positions and assigns all partitions anew with their committed state (LOG §1.3).</summary>
    Task RewindAsync(CancellationToken cancel);
}

/// <summary>What one read returned.</summary>
public abstract class LogBatch
{
    /// <summary>Entries; those of one partition are in order.</summary>
    public abstract IReadOnlyList<LogMessage> Messages { get; }

    /// <summary>Partitions gained (or regained after a rewind) before these entries, with their state.</summary>
    public abstract IReadOnlyList<PartitionAssignment> Assigned { get; }

    /// <summary>Partitions lost before these entries.</summary>
    public abstract IReadOnlyList<int> Revoked { get; }

    /// <summary>
    /// One atomic step: appends the outputs, applies the state changes and moves the group's positions past everything this member has read up to and
    /// including this batch. Durable when it returns. An empty batch may be committed too (ingestion's shares).
    /// </summary>
    /// <exception cref="FencedException">Another member owns a partition by now; nothing was kept.</exception>
    /// <exception cref="TransientLogException">Nothing was kept, or it is not known; rewind and do the work again.</exception>
    public abstract Task CommitAsync(IReadOnlyList<LogOutput> outputs, IReadOnlyList<StateChange> stateChanges, CancellationToken cancel);
}

/// <summary>A reader of a whole topic without a group; committed entries only.</summary>
public interface ILogTail : IAsyncDisposable
{
    /// <summary>The next entries of all partitions, each partition in order; empty after <paramref name="maxWait"/>.</summary>
    Task<IReadOnlyList<LogMessage>> ReadAsync(TimeSpan maxWait, CancellationToken cancel);

    /// <summary>True once everything that was in the topic when the tail was opened has been read.</summary>
    bool CaughtUp { get; }
}
