using System.Text.Json;
using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Detection;

/// <summary>Tallies whose tick has not come: one is taken at the later of its minute and its stamp (LOG §3.4).</summary>
internal sealed class WaitingTallies
{
    private readonly SortedDictionary<long, List<Tally>> _byTick = [];
    private readonly HashSet<long> _changed = [];

    public int Count { get; private set; }

    /// <summary>First tick that has tallies, null where none waits.</summary>
    public long? First => _byTick.Count == 0 ? null : FirstKey();

    public IEnumerable<Tally> All => _byTick.Values.SelectMany(t => t);

    public void Add(Tally tally, long decided)
    {
        // What comes after its tick changes what the next one sees.
        var tick = Math.Max(Math.Max(tally.Minute, tally.Stamp), decided == long.MinValue ? long.MinValue : decided + 1);
        if (!_byTick.TryGetValue(tick, out var list))
        {
            _byTick[tick] = list = [];
        }

        list.Add(tally);
        _changed.Add(tick);
        Count++;
    }

    public List<Tally> Take(long tick)
    {
        if (!_byTick.Remove(tick, out var list))
        {
            return [];
        }

        _changed.Add(tick);
        Count -= list.Count;
        return list;
    }

    /// <summary>Entries of the state that changed since it was last asked, by tick; null: gone.</summary>
    public IEnumerable<(long Tick, ReadOnlyMemory<byte>? Value)> Changes()
    {
        foreach (var tick in _changed)
        {
            yield return (tick, _byTick.TryGetValue(tick, out var list) ? Write(list) : default(ReadOnlyMemory<byte>?));
        }

        _changed.Clear();
    }

    public void Restore(long tick, ReadOnlyMemory<byte> value)
    {
        var list = JsonSerializer.Deserialize(value.Span, AlertingJson.Default.ListTally) ?? [];
        _byTick[tick] = list;
        Count += list.Count;
    }

    private static ReadOnlyMemory<byte> Write(List<Tally> list) => JsonSerializer.SerializeToUtf8Bytes(list, AlertingJson.Default.ListTally);

    private long FirstKey()
    {
        foreach (var key in _byTick.Keys)
        {
            return key;
        }

        return long.MaxValue;
    }
}
