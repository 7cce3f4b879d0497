using RiskWatch.Contracts;
using RiskWatch.Core.Log;

namespace RiskWatch.Tests.Support;

/// <summary>A log in memory for those who only write: keeps what is appended and committed, state by partition, and can fail commits.</summary>
internal sealed class CollectingEventLog(int partitions = 4) : IEventLog, ILogCapacity
{
    private readonly Queue<Exception> _failures = new();

    public List<LogOutput> Outputs { get; } = [];

    public Dictionary<(int Partition, string Key), ReadOnlyMemory<byte>> State { get; } = [];

    public int Commits { get; private set; }

    /// <summary>What classification has passed of records; null: everything.</summary>
    public long? Passed { get; set; }

    /// <summary>Whether it says that it is full.</summary>
    public bool Full { get; set; }

    public LogCapacity Capacity => new(Full ? 1 : 0, 1);

    /// <summary>Called after each commit.</summary>
    public Action? OnCommit { get; set; }

    public IEnumerable<Record> Records => Of(EntryTypes.Record, ContractsJson.Default.Record);

    public IEnumerable<Mark> Marks => Of(EntryTypes.Mark, ContractsJson.Default.Mark);

    public IEnumerable<DeadLetter> DeadLetters => Of(EntryTypes.DeadLetter, ContractsJson.Default.DeadLetter);

    /// <summary>Everything in order as text, without the encrypted bytes, which differ each time.</summary>
    public IEnumerable<string> Content => Outputs.Select(o => o.Type == EntryTypes.DeadLetter
        ? System.Text.Json.JsonSerializer.Serialize(System.Text.Json.JsonSerializer.Deserialize(o.Value!.Value.Span, ContractsJson.Default.DeadLetter)! with { Bytes = [] }, ContractsJson.Default.DeadLetter)
        : $"{o.Topic} {o.Key} {o.Route} {System.Text.Encoding.UTF8.GetString(o.Value!.Value.Span)}");

    public void NextWriteFails(Exception e) => _failures.Enqueue(e);

    public Task EnsureTopicsAsync(IReadOnlyCollection<TopicDefinition> topics, CancellationToken cancel) => Task.CompletedTask;

    public int PartitionsOf(string topic) => partitions;

    public ILogMember Join(MembershipOptions options) => new Member(this);

    public Task<IReadOnlyList<LogPosition>> AppendAsync(IReadOnlyList<LogOutput> outputs, CancellationToken cancel)
    {
        if (_failures.TryDequeue(out var failure))
        {
            return Task.FromException<IReadOnlyList<LogPosition>>(failure);
        }

        Outputs.AddRange(outputs);
        return Task.FromResult<IReadOnlyList<LogPosition>>([]);
    }

    public ILogTail Tail(string topic, bool fromBeginning) => throw new NotSupportedException();

    public Task<IReadOnlyList<long>> EndOffsetsAsync(string topic, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<long>>([Outputs.Count(o => o.Topic == topic)]);

    public async Task<IReadOnlyList<long>> CommittedOffsetsAsync(string group, string topic, CancellationToken cancel) =>
        [Passed ?? (await EndOffsetsAsync(topic, cancel))[0]];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IEnumerable<T> Of<T>(string type, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> info) =>
        Outputs.Where(o => o.Type == type).Select(o => System.Text.Json.JsonSerializer.Deserialize(o.Value!.Value.Span, info)!);

    private sealed class Member(CollectingEventLog log) : ILogMember
    {
        private bool _assign = true;

        public Task<LogBatch> ReadAsync(int maxMessages, TimeSpan maxWait, TimeSpan linger, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            var assigned = !_assign ? [] : Enumerable.Range(0, log.PartitionsOf(Topics.Leases))
                .Select(p => new PartitionAssignment(p, log.State.Where(s => s.Key.Partition == p).ToDictionary(s => s.Key.Key, s => s.Value))).ToArray();
            _assign = false;
            return Task.FromResult<LogBatch>(new Batch(log, assigned));
        }

        public Task RewindAsync(CancellationToken cancel)
        {
            _assign = true;
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Batch(CollectingEventLog log, IReadOnlyList<PartitionAssignment> assigned) : LogBatch
    {
        public override IReadOnlyList<LogMessage> Messages => [];

        public override IReadOnlyList<PartitionAssignment> Assigned => assigned;

        public override IReadOnlyList<int> Revoked => [];

        public override Task CommitAsync(IReadOnlyList<LogOutput> outputs, IReadOnlyList<StateChange> stateChanges, CancellationToken cancel)
        {
            if (log._failures.TryDequeue(out var failure))
            {
                return Task.FromException(failure);
            }

            log.Outputs.AddRange(outputs);
            foreach (var change in stateChanges)
            {
                if (change.Value is { } value)
                {
                    log.State[(change.Partition, change.Key)] = value;
                }
                else
                {
                    log.State.Remove((change.Partition, change.Key));
                }
            }

            log.Commits++;
            log.OnCommit?.Invoke();
            return Task.CompletedTask;
        }
    }
}
