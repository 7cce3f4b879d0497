using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace RiskWatch.Classification.Stage;

/// <summary>One record that doubts another. <see cref="Pair"/> is a hash of its author (a pseudonym of the day) and near-duplicate group; 0: it does not doubt any more.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct Doubt(ulong Doubter, ulong Original, ulong Pair);

/// <summary>Doubts of the crowd in one partition (LOG §5.3): each (author-day, group) counts once for an original, whether that has come already or not.</summary>
internal sealed class DoubtTable
{
    private const char OriginalPrefix = 'o';

    private readonly Dictionary<ulong, (Doubt Doubt, int Site, long Hour)> _doubts = [];
    private readonly Dictionary<ulong, Original> _originals = [];
    private readonly Dictionary<(int Site, long Hour), List<ulong>> _hours = [];
    private readonly PackedHours<Doubt> _log = new('d');
    private readonly List<ulong> _touched = [];

    /// <summary>Number of doubting records held.</summary>
    public int Count => _doubts.Count;

    /// <summary>The oldest hour held, with its site.</summary>
    public (int Site, long Hour)? Oldest
    {
        get
        {
            (int Site, long Hour)? oldest = null;
            foreach (var key in _hours.Keys)
            {
                if (oldest is not { } o || key.Hour < o.Hour || (key.Hour == o.Hour && key.Site < o.Site))
                {
                    oldest = key;
                }
            }

            return oldest;
        }
    }

    /// <summary>How many doubts count for an original. Those of hours up to <paramref name="goneThrough"/> count no more, whether memory still holds them or not.</summary>
    public int Of(ulong original, long goneThrough) => _originals.TryGetValue(original, out var o) ? o.PairsAfter(goneThrough) : 0;

    /// <summary>What a record doubts, null where nothing or where its hour is gone.</summary>
    public (ulong Hash, string Id)? DoubtedBy(ulong doubter, long goneThrough) =>
        _doubts.TryGetValue(doubter, out var held) && held.Hour > goneThrough ? (held.Doubt.Original, _originals[held.Doubt.Original].Id) : null;

    /// <summary>Site of a record that doubts another, in the partition's strings; null where it doubts nothing.</summary>
    public int? SiteOf(ulong doubter) => _doubts.TryGetValue(doubter, out var held) ? held.Site : null;

    /// <summary>A record doubts another; replaces what it said before. A record's original never changes.</summary>
    public void Put(int site, long hour, in Doubt doubt, string originalId)
    {
        if (_doubts.TryGetValue(doubt.Doubter, out var held))
        {
            if (held.Doubt == doubt)
            {
                return;
            }

            (site, hour) = (held.Site, held.Hour);
        }

        Apply(site, hour, doubt, originalId);
        _log.Put(site, hour, doubt.Doubter, doubt);
    }

    /// <summary>A record doubts no more.</summary>
    public void Withdraw(ulong doubter)
    {
        if (_doubts.TryGetValue(doubter, out var held))
        {
            var withdrawn = held.Doubt with { Pair = 0 };
            Apply(held.Site, held.Hour, withdrawn, null);
            _log.Put(held.Site, held.Hour, doubter, withdrawn);
        }
    }

    /// <summary>Drops a site's hours up to <paramref name="hour"/>.</summary>
    public void DropThrough(int site, long hour)
    {
        List<(int, long)>? gone = null;
        foreach (var key in _hours.Keys)
        {
            if (key.Site == site && key.Hour <= hour)
            {
                (gone ??= []).Add(key);
            }
        }

        foreach (var key in gone ?? [])
        {
            Drop(key);
        }
    }

    /// <summary>Drops one hour of a site.</summary>
    public void Drop((int Site, long Hour) key)
    {
        if (_hours.Remove(key, out var doubters))
        {
            foreach (var doubter in doubters)
            {
                if (_doubts.TryGetValue(doubter, out var held) && held.Site == key.Site && held.Hour == key.Hour)
                {
                    Apply(key.Site, key.Hour, held.Doubt with { Pair = 0 }, null);
                }
            }
        }

        _log.Drop(key.Site, key.Hour);
    }

    public void Flush(StateWriter writer)
    {
        foreach (var hash in _touched)
        {
            var key = OriginalKey(hash);
            if (_originals.TryGetValue(hash, out var original))
            {
                writer.Put(key, original.Id);
            }
            else
            {
                writer.Remove(key);
            }
        }

        _touched.Clear();
        _log.Flush(writer);
    }

    public void Restore(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> state)
    {
        _log.Restore(state, (site, hour, doubt) => Apply(
            site, hour, doubt, state.TryGetValue(OriginalKey(doubt.Original), out var id) ? Encoding.UTF8.GetString(id.Span) : ""));
        _touched.Clear();
    }

    private static string OriginalKey(ulong hash) => string.Create(CultureInfo.InvariantCulture, $"{OriginalPrefix}{hash:x16}");

    private void Apply(int site, long hour, in Doubt doubt, string? originalId)
    {
        if (_doubts.Remove(doubt.Doubter, out var before))
        {
            Leave(before.Doubt, before.Hour);
        }
        else if (doubt.Pair != 0)
        {
            if (!_hours.TryGetValue((site, hour), out var doubters))
            {
                _hours[(site, hour)] = doubters = [];
            }

            doubters.Add(doubt.Doubter);
        }

        if (doubt.Pair == 0)
        {
            return;
        }

        _doubts[doubt.Doubter] = (doubt, site, hour);
        if (!_originals.TryGetValue(doubt.Original, out var original))
        {
            _originals[doubt.Original] = original = new Original(originalId ?? "");
            _touched.Add(doubt.Original);
        }

        original.Add(doubt.Pair, hour);
    }

    private void Leave(in Doubt doubt, long hour)
    {
        var original = _originals[doubt.Original];
        original.Remove(doubt.Pair, hour);
        if (original.IsEmpty)
        {
            _originals.Remove(doubt.Original);
            _touched.Add(doubt.Original);
        }
    }

    private sealed class Original(string id)
    {
        private readonly Dictionary<ulong, int> _pairs = [];
        private readonly Dictionary<(ulong Pair, long Hour), int> _hours = [];
        private long _firstHour = long.MaxValue;

        public string Id => id;

        public bool IsEmpty => _pairs.Count == 0;

        public void Add(ulong pair, long hour)
        {
            _pairs[pair] = _pairs.GetValueOrDefault(pair) + 1;
            _hours[(pair, hour)] = _hours.GetValueOrDefault((pair, hour)) + 1;
            _firstHour = Math.Min(_firstHour, hour);
        }

        public void Remove(ulong pair, long hour)
        {
            if (--_pairs[pair] == 0)
            {
                _pairs.Remove(pair);
            }

            if (--_hours[(pair, hour)] == 0)
            {
                _hours.Remove((pair, hour));
            }
        }

        public int PairsAfter(long hour)
        {
            // Almost always: who doubts comes after what is doubted, so nothing of it is gone yet.
            if (_firstHour > hour)
            {
                return _pairs.Count;
            }

            var pairs = new HashSet<ulong>();
            foreach (var key in _hours.Keys)
            {
                if (key.Hour > hour)
                {
                    pairs.Add(key.Pair);
                }
            }

            return pairs.Count;
        }
    }
}
