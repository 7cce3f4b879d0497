using System.Text.Json;
using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Detection;

/// <summary>
/// Tallies whose tick has not come: one is taken at the later of its minute and its stamp (LOG §3.4). State holds a tick's tallies in blocks, so that a busy
/// minute neither outgrows an entry of the log nor is written whole again with each commit.
/// </summary>
internal sealed class WaitingTallies
{
    /// <summary>Tallies of a block; some hundred bytes each.</summary>
    public const int BlockSize = 200;

    private readonly SortedDictionary<long, List<Tally>> _byTick = [];
    private readonly HashSet<long> _changed = [];

    // Of each tick: tallies that the state holds, and in how many blocks.
    private readonly Dictionary<long, (int Tallies, int Blocks)> _kept = [];

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

    /// <summary>Entries of the state that changed since it was last asked, by tick and block; null: gone.</summary>
    public IEnumerable<(long Tick, int Block, ReadOnlyMemory<byte>? Value)> Changes()
    {
        foreach (var tick in _changed)
        {
            var (tallies, blocks) = _kept.GetValueOrDefault(tick);
            if (!_byTick.TryGetValue(tick, out var list))
            {
                _kept.Remove(tick);
                for (var block = 0; block < blocks; block++)
                {
                    yield return (tick, block, default(ReadOnlyMemory<byte>?));
                }

                continue;
            }

            var needed = (list.Count + BlockSize - 1) / BlockSize;
            _kept[tick] = (list.Count, Math.Max(needed, blocks));
            for (var block = tallies / BlockSize; block < needed; block++)
            {
                yield return (tick, block, Write(list.GetRange(block * BlockSize, Math.Min(BlockSize, list.Count - (block * BlockSize)))));
            }
        }

        _changed.Clear();
    }

    /// <summary>Puts a block of the state in place; those of one tick in order.</summary>
    public void Restore(long tick, int block, ReadOnlyMemory<byte> value)
    {
        var more = JsonSerializer.Deserialize(value.Span, AlertingJson.Default.ListTally) ?? [];
        if (!_byTick.TryGetValue(tick, out var list))
        {
            _byTick[tick] = list = [];
        }

        list.AddRange(more);
        Count += more.Count;

        // A block of an older build holds a whole tick: with its next change it is written in blocks of the usual size.
        _kept[tick] = (list.Count == (block * BlockSize) + more.Count && more.Count <= BlockSize ? list.Count : 0, block + 1);
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
