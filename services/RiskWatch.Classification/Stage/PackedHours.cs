using System.Globalization;
using System.Runtime.InteropServices;

namespace RiskWatch.Classification.Stage;

/// <summary>
/// The changelog of many small rows (LOG §5.1): one entry per batch, site and hour, rows packed as they lie in memory; of one row's versions the last counts;
/// an hour is dropped as a whole. When an hour has gathered many small entries they are rewritten as one.
/// </summary>
internal sealed class PackedHours<T>(char prefix)
    where T : unmanaged
{
    // Small entries are gathered up to this many; larger ones stand as they are.
    private const int MostSmallEntries = 64;
    private const int SmallRows = 512;

    // Keeps an entry below half a megabyte, well under a broker's limit.
    private const int MostRows = 8_000;

    private readonly Dictionary<(int Site, long Hour), Hour> _hours = [];
    private readonly List<Hour> _changed = [];
    private readonly List<Hour> _dropped = [];

    /// <summary>Puts a row, or a new version of it.</summary>
    public void Put(int site, long hour, ulong key, in T row)
    {
        if (!_hours.TryGetValue((site, hour), out var log))
        {
            _hours[(site, hour)] = log = new Hour(site, hour);
        }

        if (log.Pending.Count == 0)
        {
            _changed.Add(log);
        }

        log.Pending[key] = row;
    }

    /// <summary>Drops an hour.</summary>
    public void Drop(int site, long hour)
    {
        if (_hours.Remove((site, hour), out var log))
        {
            log.Pending.Clear();
            _dropped.Add(log);
        }
    }

    /// <summary>Writes what changed since the last call.</summary>
    public void Flush(StateWriter writer)
    {
        foreach (var log in _dropped)
        {
            foreach (var sequence in log.Live)
            {
                writer.Remove(Key(log, sequence));
            }
        }

        foreach (var log in _changed)
        {
            if (log.Pending.Count > 0)
            {
                Write(log, writer);
                log.Pending.Clear();
            }
        }

        _dropped.Clear();
        _changed.Clear();
    }

    /// <summary>Takes the entries of this prefix from a committed state and gives their rows in the order written.</summary>
    public void Restore(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> state, Action<int, long, T> row)
    {
        var entries = new List<(int Site, long Hour, int Sequence, ReadOnlyMemory<byte> Rows)>();
        foreach (var (key, value) in state)
        {
            if (key[0] == prefix)
            {
                var parts = key[1..].Split(':');
                entries.Add((Number(parts[0]), long.Parse(parts[1], CultureInfo.InvariantCulture), Number(parts[2]), value));
            }
        }

        entries.Sort((a, b) => (a.Site, a.Hour, a.Sequence).CompareTo((b.Site, b.Hour, b.Sequence)));
        foreach (var (site, hour, sequence, rows) in entries)
        {
            if (!_hours.TryGetValue((site, hour), out var log))
            {
                _hours[(site, hour)] = log = new Hour(site, hour);
            }

            log.Live.Add(sequence);
            log.Next = sequence + 1;
            foreach (var one in MemoryMarshal.Cast<byte, T>(rows.Span))
            {
                row(site, hour, one);
            }
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private void Write(Hour log, StateWriter writer)
    {
        if (log.Pending.Count > SmallRows)
        {
            foreach (var key in log.Pending.Keys)
            {
                // Else gathering the small ones later would bring an older version of the row to the end.
                log.Small.Remove(key);
            }

            Append(log, log.Pending, writer);
            return;
        }

        foreach (var (key, row) in log.Pending)
        {
            log.Small[key] = row;
        }

        if (log.SmallEntries.Count < MostSmallEntries)
        {
            log.SmallEntries.Add(log.Next);
            Append(log, log.Pending, writer);
            return;
        }

        foreach (var sequence in log.SmallEntries)
        {
            writer.Remove(Key(log, sequence));
            log.Live.Remove(sequence);
        }

        Append(log, log.Small, writer);
        log.SmallEntries.Clear();
        log.Small.Clear();
    }

    private void Append(Hour log, Dictionary<ulong, T> rows, StateWriter writer)
    {
        var packed = new T[rows.Count];
        rows.Values.CopyTo(packed, 0);
        for (var from = 0; from < packed.Length; from += MostRows)
        {
            var part = packed.AsSpan(from, Math.Min(MostRows, packed.Length - from));
            writer.Put(Key(log, log.Next), MemoryMarshal.AsBytes(part).ToArray());
            log.Live.Add(log.Next++);
        }
    }

    private string Key(Hour log, int sequence) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{log.Site}:{log.Number}:{sequence}");

    private sealed class Hour(int site, long number)
    {
        public int Site => site;

        public long Number => number;

        public int Next { get; set; }

        public List<int> Live { get; } = [];

        public Dictionary<ulong, T> Pending { get; } = [];

        public List<int> SmallEntries { get; } = [];

        public Dictionary<ulong, T> Small { get; } = [];
    }
}
