using System.Threading.Channels;
using RiskWatch.Core.Log;

namespace RiskWatch.Tests.Web;

/// <summary>A log of one partition a topic in memory: what is appended can be looked at and comes out of tails.</summary>
internal sealed class FakeLog(TimeProvider time) : IEventLog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<LogMessage>> _topics = [];
    private readonly List<(string Topic, ChannelWriter<LogMessage> Writer)> _tails = [];

    public bool Down { get; set; }

    public IReadOnlyList<LogMessage> Appended(string topic)
    {
        lock (_lock)
        {
            return _topics.TryGetValue(topic, out var entries) ? [.. entries] : [];
        }
    }

    public Task<IReadOnlyList<LogPosition>> AppendAsync(IReadOnlyList<LogOutput> outputs, CancellationToken cancel)
    {
        if (Down)
        {
            return Task.FromException<IReadOnlyList<LogPosition>>(new TransientLogException("The log is down."));
        }

        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<LogPosition>>([.. outputs.Select(Append)]);
        }
    }

    public ILogTail Tail(string topic, bool fromBeginning)
    {
        var channel = Channel.CreateUnbounded<LogMessage>();
        lock (_lock)
        {
            var held = fromBeginning ? Appended(topic) : [];
            foreach (var entry in held)
            {
                channel.Writer.TryWrite(entry);
            }

            _tails.Add((topic, channel.Writer));
            return new FakeTail(channel.Reader, held.Count, time);
        }
    }

    public Task EnsureTopicsAsync(IReadOnlyCollection<TopicDefinition> topics, CancellationToken cancel) => Task.CompletedTask;

    public int PartitionsOf(string topic) => 1;

    public ILogMember Join(MembershipOptions options) => throw new NotSupportedException();

    public Task<IReadOnlyList<long>> EndOffsetsAsync(string topic, CancellationToken cancel) => Task.FromResult<IReadOnlyList<long>>([Appended(topic).Count]);

    public Task<IReadOnlyList<long>> CommittedOffsetsAsync(string group, string topic, CancellationToken cancel) => Task.FromResult<IReadOnlyList<long>>([0]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private LogPosition Append(LogOutput output)
    {
        if (!_topics.TryGetValue(output.Topic, out var entries))
        {
            _topics[output.Topic] = entries = [];
        }

        var entry = new LogMessage(output.Topic, 0, entries.Count, output.Key, output.Type, Schema.Current, output.Value, time.GetUtcNow());
        entries.Add(entry);
        _tails.ForEach(tail => _ = tail.Topic == output.Topic && tail.Writer.TryWrite(entry));
        return new LogPosition(output.Topic, 0, entry.Offset);
    }

    private sealed class FakeTail(ChannelReader<LogMessage> entries, int held, TimeProvider time) : ILogTail
    {
        private int _read;

        public bool CaughtUp => _read >= held;

        public async Task<IReadOnlyList<LogMessage>> ReadAsync(TimeSpan maxWait, CancellationToken cancel)
        {
            using var patience = new CancellationTokenSource(maxWait, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
            List<LogMessage> batch = [];
            try
            {
                batch.Add(await entries.ReadAsync(both.Token));
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                return [];
            }

            while (entries.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            _read += batch.Count;
            return batch;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
