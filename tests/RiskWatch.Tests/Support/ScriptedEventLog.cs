using System.Threading.Channels;
using RiskWatch.Core.Log;

namespace RiskWatch.Tests.Support;

/// <summary>A log whose one member returns what the test scripts: batches, or exceptions from read and commit. Records commits and rewinds.</summary>
internal sealed class ScriptedEventLog : IEventLog, ILogMember
{
    private readonly Channel<Func<LogBatch>> _reads = Channel.CreateUnbounded<Func<LogBatch>>();
    private readonly Queue<Exception> _commitFailures = new();

    public List<(IReadOnlyList<LogOutput> Outputs, IReadOnlyList<StateChange> State)> Commits { get; } = [];

    public List<LogOutput> Appended { get; } = [];

    /// <summary>Longest value that a topic takes.</summary>
    public (string Topic, int Bytes)? LargestOf { get; set; }

    public int Rewinds { get; private set; }

    /// <summary>Completed when the script has been read to its end and the worker asks for more.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Batch(params LogMessage[] messages) => _reads.Writer.TryWrite(() => new ScriptedBatch(this, messages, [], []));

    public void Assign(params PartitionAssignment[] assigned) => _reads.Writer.TryWrite(() => new ScriptedBatch(this, [], assigned, []));

    public void Revoke(params int[] revoked) => _reads.Writer.TryWrite(() => new ScriptedBatch(this, [], [], revoked));

    public void ReadFails(Exception e) => _reads.Writer.TryWrite(() => throw e);

    public void NextCommitFails(Exception e) => _commitFailures.Enqueue(e);

    public async Task<LogBatch> ReadAsync(int maxMessages, TimeSpan maxWait, TimeSpan linger, CancellationToken cancel)
    {
        if (!_reads.Reader.TryRead(out var next))
        {
            Done.TrySetResult();
            next = await _reads.Reader.ReadAsync(cancel);
        }

        return next();
    }

    public Task RewindAsync(CancellationToken cancel)
    {
        Rewinds++;
        return Task.CompletedTask;
    }

    public ILogMember Join(MembershipOptions options) => this;

    public Task<IReadOnlyList<LogPosition>> AppendAsync(IReadOnlyList<LogOutput> outputs, CancellationToken cancel)
    {
        Appended.AddRange(outputs);
        return Task.FromResult<IReadOnlyList<LogPosition>>([]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task EnsureTopicsAsync(IReadOnlyCollection<TopicDefinition> topics, CancellationToken cancel) => Task.CompletedTask;

    public int PartitionsOf(string topic) => 1;

    public ILogTail Tail(string topic, bool fromBeginning) => throw new NotSupportedException();

    public Task<IReadOnlyList<long>> EndOffsetsAsync(string topic, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<long>> CommittedOffsetsAsync(string group, string topic, CancellationToken cancel) => throw new NotSupportedException();

    private sealed class ScriptedBatch(ScriptedEventLog log, IReadOnlyList<LogMessage> messages, IReadOnlyList<PartitionAssignment> assigned, IReadOnlyList<int> revoked) : LogBatch
    {
        public override IReadOnlyList<LogMessage> Messages => messages;

        public override IReadOnlyList<PartitionAssignment> Assigned => assigned;

        public override IReadOnlyList<int> Revoked => revoked;

        public override Task CommitAsync(IReadOnlyList<LogOutput> outputs, IReadOnlyList<StateChange> stateChanges, CancellationToken cancel)
        {
            if (log._commitFailures.TryDequeue(out var failure))
            {
                return Task.FromException(failure);
            }

            if (log.LargestOf is { } largest && outputs.FirstOrDefault(o => o.Topic == largest.Topic && o.Value?.Length > largest.Bytes) is { Key: var key, Value: { } value })
            {
                return Task.FromException(new OversizedEntryException(largest.Topic, key, value.Length, largest.Bytes));
            }

            log.Commits.Add(([.. outputs], [.. stateChanges]));
            return Task.CompletedTask;
        }
    }
}
