using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Detection;

/// <summary>The clocks of all records partitions for one site: which ticks they close, and with which control offset (LOG §3.4, §6.1).</summary>
internal sealed class SiteClocks(int partitions)
{
    private readonly Queue<(long Minute, long Offset)>[] _ahead = NewQueues(partitions);
    private readonly long[] _last = Filled(partitions, long.MinValue);
    private readonly long[] _offset = Filled(partitions, long.MinValue);
    private readonly long[] _first = Filled(partitions, long.MinValue);

    /// <summary>Least clock; null until every records partition has one. Ticks before it can be decided.</summary>
    public long? Least { get; private set; }

    /// <summary>Least first clock: since when the site is watched. Meaningful once <see cref="Least"/> is.</summary>
    public long Start => _first.Min();

    public void Add(Clock clock)
    {
        var p = clock.RecordsPartition;
        if (p < 0 || p >= _last.Length)
        {
            throw new InvalidOperationException($"A clock of records partition {p} came, but RiskWatch:Topology:RecordsPartitions says {_last.Length}.");
        }

        if (_first[p] == long.MinValue)
        {
            _first[p] = clock.Since ?? clock.Minute;
        }

        if (clock.Minute > _last[p])
        {
            _last[p] = clock.Minute;
            _ahead[p].Enqueue((clock.Minute, clock.ControlOffset));
            var least = _last.Min();
            Least = least == long.MinValue ? null : least;
        }
    }

    /// <summary>The tick up to which (at most <paramref name="until"/>) the same marks closed, and their control offset. Ticks are asked for in order.</summary>
    public (long Tick, long ControlOffset) Stretch(long from, long until)
    {
        var end = until;
        var offset = long.MinValue;
        for (var p = 0; p < _ahead.Length; p++)
        {
            // The entry that closed a tick stays in the queue until a later tick needs a later one.
            while (_ahead[p].TryPeek(out var step) && step.Minute <= from)
            {
                _ahead[p].Dequeue();
            }

            if (_ahead[p].TryPeek(out var closing))
            {
                _offset[p] = closing.Offset;
                foreach (var (minute, next) in _ahead[p])
                {
                    if (next == closing.Offset)
                    {
                        closing = (minute, next);
                    }
                    else
                    {
                        break;
                    }
                }

                end = Math.Min(end, Math.Max(from, closing.Minute - 1));
            }

            offset = Math.Max(offset, _offset[p]);
        }

        return (end, offset);
    }

    public void Write(BinaryWriter to)
    {
        to.Write7BitEncodedInt(_last.Length);
        for (var p = 0; p < _last.Length; p++)
        {
            to.Write(_first[p]);
            to.Write(_last[p]);
            to.Write(_offset[p]);
            to.Write7BitEncodedInt(_ahead[p].Count);
            foreach (var (minute, offset) in _ahead[p])
            {
                to.Write(minute);
                to.Write(offset);
            }
        }
    }

    public static SiteClocks Read(BinaryReader from)
    {
        var clocks = new SiteClocks(from.Read7BitEncodedInt());
        for (var p = 0; p < clocks._last.Length; p++)
        {
            clocks._first[p] = from.ReadInt64();
            clocks._last[p] = from.ReadInt64();
            clocks._offset[p] = from.ReadInt64();
            for (var left = from.Read7BitEncodedInt(); left > 0; left--)
            {
                clocks._ahead[p].Enqueue((from.ReadInt64(), from.ReadInt64()));
            }
        }

        var least = clocks._last.Min();
        clocks.Least = least == long.MinValue ? null : least;
        return clocks;
    }

    private static Queue<(long, long)>[] NewQueues(int count) => [.. Enumerable.Range(0, count).Select(_ => new Queue<(long, long)>())];

    private static long[] Filled(int count, long value)
    {
        var filled = new long[count];
        Array.Fill(filled, value);
        return filled;
    }
}
