using System.Collections.Immutable;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>A consumer group on a topic as its members in this process see it. The generation grows with every change of members or ownership.</summary>
internal sealed class LogGroup(string name, LogTopic topic)
{
    private ImmutableArray<Wakeup> _waiting = [];
    private long _generation;

    public string Name => name;

    public LogTopic Topic => topic;

    public long Generation => Interlocked.Read(ref _generation);

    public void Advance(long generation)
    {
        long seen;
        while ((seen = Generation) < generation)
        {
            if (Interlocked.CompareExchange(ref _generation, generation, seen) == seen)
            {
                foreach (var wakeup in _waiting)
                {
                    wakeup.Set();
                }

                return;
            }
        }
    }

    public void Subscribe(Wakeup wakeup) => ImmutableInterlocked.Update(ref _waiting, static (all, one) => all.Add(one), wakeup);

    public void Unsubscribe(Wakeup wakeup) => ImmutableInterlocked.Update(ref _waiting, static (all, one) => all.Remove(one), wakeup);
}
