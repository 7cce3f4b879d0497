using System.Text;

namespace RiskWatch.Alerting.Detection;

/// <summary>The hours of a series that its windows reach, oldest first, with what of them must be kept anew.</summary>
internal sealed class SeriesHours
{
    // Hours that lie in one entry of the state.
    private const int BlockHours = 8;

    // Added to a block's number of hours: which voices an hour heard is kept from here on.
    private const int WithVoices = 16;

    private readonly List<HourCell> _hours = [];
    private readonly SortedSet<long> _dirtyBlocks = [];

    public int Count => _hours.Count;

    public HourCell this[int at] => _hours[at];

    /// <summary>Entry of the state in which an hour lies.</summary>
    public static long Block(long hour) => hour / BlockHours;

    /// <summary>Whether an hour is the last of its entry.</summary>
    public static bool EndsBlock(long hour) => hour % BlockHours == BlockHours - 1;

    /// <summary>The hour's cell, made where it is missing.</summary>
    public HourCell Cell(long hour)
    {
        var at = IndexOf(hour);
        if (at >= 0)
        {
            return _hours[at];
        }

        var cell = new HourCell(hour);
        _hours.Insert(~at, cell);
        return cell;
    }

    public HourCell? Find(long hour)
    {
        var at = IndexOf(hour);
        return at >= 0 ? _hours[at] : null;
    }

    /// <summary>Position of the first hour that is not before <paramref name="hour"/>.</summary>
    public int From(long hour)
    {
        var at = IndexOf(hour);
        return at < 0 ? ~at : at;
    }

    public IEnumerable<HourCell> Within(long from, long to)
    {
        for (var at = From(from); at < _hours.Count && _hours[at].Hour <= to; at++)
        {
            yield return _hours[at];
        }
    }

    /// <summary>Says that the hour's cell must be kept anew.</summary>
    public void Soil(long hour) => _dirtyBlocks.Add(Block(hour));

    public void Remove(HourCell cell) => _hours.Remove(cell);

    /// <summary>Forgets the hours up to and with <paramref name="last"/>.</summary>
    public void Forget(long last)
    {
        var until = From(last + 1);
        for (var at = 0; at < until; at++)
        {
            Soil(_hours[at].Hour);
        }

        _hours.RemoveRange(0, until);
    }

    /// <summary>Blocks that changed since the last call; null for one without hours.</summary>
    public IEnumerable<(long Block, ReadOnlyMemory<byte>? Value)> Changes(BinaryWriter buffer)
    {
        foreach (var block in _dirtyBlocks)
        {
            var from = From(block * BlockHours);
            var to = From((block + 1) * BlockHours);
            yield return (block, from == to ? default(ReadOnlyMemory<byte>?) : Written(buffer, writer =>
            {
                writer.Write7BitEncodedInt(WithVoices + to - from);
                for (var at = from; at < to; at++)
                {
                    _hours[at].Write(writer);
                }
            }));
        }

        _dirtyBlocks.Clear();
    }

    /// <summary>Reads a block of hours; blocks come in order. Hours up to <paramref name="learned"/> are final.</summary>
    public void Restore(ReadOnlyMemory<byte> bytes, long learned)
    {
        using var from = new BinaryReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
        var hours = from.Read7BitEncodedInt();
        for (var left = hours % WithVoices; left > 0; left--)
        {
            var cell = HourCell.Read(from, hours >= WithVoices);
            if (cell.Hour <= learned)
            {
                cell.Freeze();
            }

            _hours.Add(cell);
        }
    }

    /// <summary>What <paramref name="write"/> writes, by way of a buffer that is used again.</summary>
    public static ReadOnlyMemory<byte> Written(BinaryWriter buffer, Action<BinaryWriter> write)
    {
        var stream = (MemoryStream)buffer.BaseStream;
        stream.SetLength(0);
        write(buffer);
        buffer.Flush();
        return stream.ToArray();
    }

    private int IndexOf(long hour)
    {
        // Nearly always the last one.
        for (var at = _hours.Count - 1; at >= 0; at--)
        {
            if (_hours[at].Hour == hour)
            {
                return at;
            }

            if (_hours[at].Hour < hour)
            {
                return ~(at + 1);
            }
        }

        return ~0;
    }
}
