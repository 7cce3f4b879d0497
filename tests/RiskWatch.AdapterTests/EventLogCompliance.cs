using System.Text;
using RiskWatch.Core.Log;

namespace RiskWatch.AdapterTests;

/// <summary>
/// What every event log must do (DESIGN §3, LOG.md). Inherited once per adapter. Instances stand for processes: they share the log and nothing else.
/// No test counts on offsets without gaps, on topic names that others do not use, or on anything being quick, bar where it says so.
/// </summary>
public abstract partial class EventLogCompliance : IAsyncLifetime
{
    private readonly List<IEventLog> _open = [];
    private readonly string _run = Guid.NewGuid().ToString("N")[..10];

    /// <summary>How long a test waits for what must come at last.</summary>
    protected virtual TimeSpan Patience => TimeSpan.FromSeconds(30);

    /// <summary>By when a caught-up reader must have an entry: 50 ms of linger and what a busy machine adds.</summary>
    protected virtual TimeSpan Prompt => TimeSpan.FromSeconds(2);

    /// <summary>How large an entry must be for 2,000 of one partition not to come in one piece.</summary>
    protected virtual int BusyEntryBytes => 10;

    /// <summary>Largest value that the log is configured to take.</summary>
    protected abstract int MaxEntryBytes { get; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public abstract ValueTask InitializeAsync();

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var log in _open)
        {
            await log.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Another instance on the same log, as another process would have it. Members that are silent (neither read nor commit) lose their partitions within <see cref="Patience"/>.</summary>
    protected abstract Task<IEventLog> CreateAsync();

    /// <summary>Ends an instance as <c>kill -9</c> would, as nearly as can be: its members do not leave their groups.</summary>
    protected abstract Task KillAsync(IEventLog log);

    /// <summary>Lets the log compact and drop what is due as if that much later; nothing to do where it cannot be hurried.</summary>
    protected abstract Task MaintainAsync(IEventLog log, TimeSpan later);

    protected async Task<IEventLog> OpenAsync()
    {
        var log = await CreateAsync();
        _open.Add(log);
        return log;
    }

    /// <summary>Kills an instance; the test goes on without it.</summary>
    protected async Task CrashAsync(IEventLog log)
    {
        _open.Remove(log);
        await KillAsync(log);
    }

    protected string Name(string name) => $"test.{_run}.{name}";

    protected async Task<string> TopicAsync(IEventLog log, string name, int partitions = 1, TopicCleanup cleanup = TopicCleanup.Delete, TimeSpan? retention = null)
    {
        var topic = Name(name);
        await log.EnsureTopicsAsync([new TopicDefinition(topic, partitions, cleanup, retention)], Cancel);
        return topic;
    }

    protected MembershipOptions Membership(string topic, string? state = null, string member = "a", string group = "group") => new(Name(group), topic, state, Name(member));

    protected static LogOutput Entry(string topic, string? key, string? value) => new(topic, key, "test", value is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(value));

    protected static string Incompressible(int seed, int length)
    {
        var random = new Random(seed);
        return string.Create(length, random, (span, r) =>
        {
            foreach (ref var c in span)
            {
                c = (char)('!' + r.Next(90));
            }
        });
    }

    protected static ReadOnlyMemory<byte> Bytes(string value) => Encoding.UTF8.GetBytes(value);

    protected static string Text(LogMessage message) => Encoding.UTF8.GetString(message.Value!.Value.Span);

    protected static List<string> Texts(IEnumerable<LogMessage> messages) => [.. messages.Select(Text)];

    protected static Task<LogBatch> ReadAsync(ILogMember member, int max = 1000) => member.ReadAsync(max, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(20), Cancel);

    /// <summary>Appends values one after another under one key each, so that all are there when it returns.</summary>
    protected static Task AppendAsync(IEventLog log, string topic, params (string? Key, string? Value)[] entries) =>
        log.AppendAsync([.. entries.Select(entry => Entry(topic, entry.Key, entry.Value))], Cancel);

    /// <summary>Reads until so many entries have come since the last assignment, or fails when patience ends.</summary>
    protected async Task<Taken> TakeAsync(ILogMember member, int count)
    {
        var taken = new Taken();
        var deadline = Deadline();
        while (taken.Messages.Count < count)
        {
            Assert.False(deadline(), $"{taken.Messages.Count} of {count} entries came in {Patience.TotalSeconds} s.");
            taken.Add(await ReadAsync(member, count - taken.Messages.Count));
        }

        return taken;
    }

    /// <summary>Reads until the member owns so many partitions.</summary>
    protected async Task<Taken> OwnAsync(ILogMember member, int partitions)
    {
        var taken = new Taken();
        var deadline = Deadline();
        while (taken.Owned.Count < partitions)
        {
            Assert.False(deadline(), $"Member owns {taken.Owned.Count} of {partitions} partitions after {Patience.TotalSeconds} s.");
            taken.Add(await ReadAsync(member));
        }

        return taken;
    }

    /// <summary>What a group has committed, asked again until it is as expected or patience ends: a commit may take a moment to show.</summary>
    protected async Task<IReadOnlyList<long>> CommittedAsync(IEventLog log, string group, string topic, Func<IReadOnlyList<long>, bool> expected)
    {
        var deadline = Deadline();
        while (true)
        {
            var offsets = await log.CommittedOffsetsAsync(group, topic, Cancel);
            if (expected(offsets) || deadline())
            {
                return offsets;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
        }
    }

    /// <summary>Everything in a topic, as a new tail sees it.</summary>
    protected async Task<List<LogMessage>> AllAsync(IEventLog log, string topic)
    {
        await using var tail = log.Tail(topic, fromBeginning: true);
        var all = new List<LogMessage>();
        var deadline = Deadline();
        do
        {
            Assert.False(deadline(), $"The tail has not caught up in {Patience.TotalSeconds} s.");
            all.AddRange(await tail.ReadAsync(TimeSpan.FromMilliseconds(50), Cancel));
        }
        while (!tail.CaughtUp);

        return all;
    }

    /// <summary>Reads a tail until so many entries have come.</summary>
    protected async Task<List<LogMessage>> FollowAsync(ILogTail tail, int count)
    {
        var all = new List<LogMessage>();
        var deadline = Deadline();
        while (all.Count < count)
        {
            Assert.False(deadline(), $"{all.Count} of {count} entries came in {Patience.TotalSeconds} s.");
            all.AddRange(await tail.ReadAsync(TimeSpan.FromMilliseconds(200), Cancel));
        }

        return all;
    }

    /// <summary>True once patience has ended.</summary>
    protected Func<bool> Deadline()
    {
        var started = TimeProvider.System.GetTimestamp();
        return () => TimeProvider.System.GetElapsedTime(started) > Patience;
    }

    /// <summary>What several reads gave, as a stage sees it: what came before an assignment is void.</summary>
    protected sealed class Taken
    {
        public List<LogMessage> Messages { get; } = [];

        public Dictionary<int, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> Owned { get; } = [];

        public LogBatch Last { get; private set; } = null!;

        public void Add(LogBatch batch)
        {
            Last = batch;
            foreach (var revoked in batch.Revoked)
            {
                Owned.Remove(revoked);
                Messages.RemoveAll(message => message.Partition == revoked);
            }

            foreach (var assigned in batch.Assigned)
            {
                Owned[assigned.Partition] = assigned.State;
                Messages.RemoveAll(message => message.Partition == assigned.Partition);
            }

            Messages.AddRange(batch.Messages);
        }
    }
}
