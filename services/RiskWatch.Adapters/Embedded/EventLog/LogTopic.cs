using System.Collections.Immutable;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>A topic as readers see it: its ends as committed, and who waits for more.</summary>
internal sealed class LogTopic(int id, string name, int partitions, bool compact, TimeSpan? retention, bool droppable)
{
    private readonly long[] _ends = new long[partitions];
    private ImmutableArray<Wakeup> _waiting = [];

    public int Id => id;

    public string Name => name;

    public int Partitions => partitions;

    public bool Compact => compact;

    public TimeSpan? Retention { get; set; } = retention;

    /// <summary>Whether entries may go before their time when the log is over its size.</summary>
    public bool Droppable { get; set; } = droppable;

    /// <summary>Up to where this process has compacted each partition, with no tombstone left before it.</summary>
    public long[] CompactedTo { get; } = new long[partitions];

    public long End(int partition) => Volatile.Read(ref _ends[partition]);

    /// <summary>True where the end moved; it never moves back, whoever tells an older one.</summary>
    public bool Advance(int partition, long end)
    {
        long seen;
        while ((seen = End(partition)) < end)
        {
            if (Interlocked.CompareExchange(ref _ends[partition], end, seen) == seen)
            {
                return true;
            }
        }

        return false;
    }

    public void Wake()
    {
        foreach (var wakeup in _waiting)
        {
            wakeup.Set();
        }
    }

    public void Subscribe(Wakeup wakeup) => ImmutableInterlocked.Update(ref _waiting, static (all, one) => all.Add(one), wakeup);

    public void Unsubscribe(Wakeup wakeup) => ImmutableInterlocked.Update(ref _waiting, static (all, one) => all.Remove(one), wakeup);
}
