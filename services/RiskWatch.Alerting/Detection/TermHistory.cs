using RiskWatch.Contracts;
using RiskWatch.Core.Sketches;

namespace RiskWatch.Alerting.Detection;

/// <summary>What one cell of the term sketch counted: a day of hours, six days, and a decayed past; with the names and the records that are known of it.</summary>
internal sealed class TermHistory
{
    // Half of a term's past is forgotten after two months: a cause that gathers its people for weeks must not become usual by it.
    public static readonly double Discount = Math.Pow(0.5, 1.0 / (60 * 24));

    /// <summary>Hours kept one by one.</summary>
    public const int KeptHours = 25;

    /// <summary>Days kept as sums before those hours.</summary>
    public const int KeptDays = 6;

    private const int KeptExamples = 16;

    // A surge may not make itself usual.
    private const int MostOfHour = 6;

    private readonly SortedDictionary<long, TermHour> _hours = [];
    private readonly SortedDictionary<long, TermDay> _days = [];

    private readonly List<(long Hour, HourExemplar Example)> _examples = [];

    /// <summary>Decayed count of what is older.</summary>
    public double Count { get; private set; }

    /// <summary>First hour that is kept as an hour.</summary>
    public long HoursFrom { get; set; }

    public string? Followed { get; set; }

    /// <summary>Count of the kept days, a surge's hours at what may count of them.</summary>
    public int UsualOfDays => _days.Values.Sum(d => d.Usual);

    public bool IsSilent => _hours.Count == 0 && _days.Count == 0;

    /// <summary>Its newest records that are known.</summary>
    public IReadOnlyList<HourExemplar> Examples => [.. _examples.Select(e => e.Example)];

    /// <summary>Adds an hour's records of a voice.</summary>
    public void Add(long hour, in TermCell change, HourExemplar? lone)
    {
        if (lone is { } example)
        {
            AddExample(hour, example);
        }

        if (!_hours.TryGetValue(hour, out var held))
        {
            _hours[hour] = held = new TermHour();
        }

        held.Count += change.Count;
        held.Voices.Add(change.Voice, change.Count);
        held.Term = Least(held.Term, change.Term);
    }

    /// <summary>Authors of each hour after <paramref name="hour"/>, summed, and the voices heard in all of them; a day counts with its first hour.</summary>
    public (int Count, ulong Heard) Since(long hour)
    {
        var (count, heard) = (0, 0UL);
        foreach (var (_, seen) in _hours.Where(h => h.Key > hour))
        {
            (count, heard) = (count + seen.Authors, heard | seen.Voices.Heard);
        }

        foreach (var (_, seen) in _days.Where(d => d.Key * 24 > hour))
        {
            (count, heard) = (count + seen.Count, heard | seen.Heard);
        }

        return (count, heard);
    }

    /// <summary>Authors of each hour and day that is kept, summed.</summary>
    public int Recent() => Since(long.MinValue).Count;

    /// <summary>What hours, and days at their first hour, counted of each voice.</summary>
    public IEnumerable<(long Hour, int Voice, int Count)> All()
    {
        foreach (var (day, seen) in _days)
        {
            // Only which voices a day had is kept: its records are spread over them.
            var voices = Enumerable.Range(0, TermSketch.Voices).Where(v => (seen.Heard >> v & 1) != 0).ToList();
            for (var i = 0; i < voices.Count; i++)
            {
                yield return (day * 24, voices[i], (seen.Count / voices.Count) + (i < seen.Count % voices.Count ? 1 : 0));
            }
        }

        foreach (var (hour, seen) in _hours)
        {
            foreach (var (voice, count) in seen.Voices.Counts)
            {
                yield return (hour, voice, count);
            }
        }
    }

    /// <summary>The term of most of its recent records, the least of several.</summary>
    public string? Name() => _hours.Values.Select(h => (h.Count, h.Term)).Concat(_days.Values.Select(d => (d.Count, d.Term))).Where(h => h.Term is not null)
        .GroupBy(h => h.Term!, StringComparer.Ordinal)
        .OrderByDescending(g => g.Sum(h => h.Count)).ThenBy(g => g.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.Key;

    /// <summary>Moves hours that are a day old into days, and days that are a week old into the baseline.</summary>
    public TermHistory CatchUp(long hour)
    {
        var from = hour - KeptHours + 1;
        if (from > HoursFrom)
        {
            Count *= Math.Pow(Discount, from - HoursFrom);
            HoursFrom = from;
        }

        _examples.RemoveAll(e => e.Hour < from - (24 * KeptDays));
        while (_hours.Count > 0 && _hours.First() is var (old, seen) && old < from)
        {
            var day = _days.GetValueOrDefault(old / 24);
            _days[old / 24] = new TermDay(day.Count + seen.Authors, day.Usual + Math.Clamp(seen.Authors, 0, MostOfHour), day.Heard | seen.Voices.Heard, Least(day.Term, seen.Term));
            _hours.Remove(old);
        }

        while (_days.Count > 0 && _days.First() is var (day, sum) && (day + KeptDays) * 24 < from)
        {
            Count += sum.Usual * Math.Pow(Discount, from - (day * 24));
            _days.Remove(day);
        }

        return this;
    }

    public void Write(BinaryWriter to)
    {
        to.Write(Count);
        to.Write(HoursFrom);
        to.Write(Followed ?? "");
        to.Write7BitEncodedInt(_hours.Count);
        foreach (var (hour, seen) in _hours)
        {
            to.Write(hour);
            to.Write7BitEncodedInt(seen.Count);
            to.Write(seen.Term ?? "");
            seen.Voices.Write(to);
        }

        to.Write7BitEncodedInt(_examples.Count);
        foreach (var (hour, (hash, source, id, _)) in _examples)
        {
            to.Write(hour);
            to.Write(hash);
            to.Write(source);
            to.Write(id);
        }

        to.Write7BitEncodedInt(_days.Count);
        foreach (var (day, (count, usual, heard, term)) in _days)
        {
            to.Write(day);
            to.Write7BitEncodedInt(count);
            to.Write7BitEncodedInt(usual);
            to.Write(heard);
            to.Write(term ?? "");
        }
    }

    public static TermHistory Read(BinaryReader from)
    {
        var cell = new TermHistory { Count = from.ReadDouble(), HoursFrom = from.ReadInt64(), Followed = OrNull(from.ReadString()) };
        for (var left = from.Read7BitEncodedInt(); left > 0; left--)
        {
            cell._hours[from.ReadInt64()] = new TermHour { Count = from.Read7BitEncodedInt(), Term = OrNull(from.ReadString()), Voices = Voices.Read(from) };
        }

        for (var left = from.Read7BitEncodedInt(); left > 0; left--)
        {
            cell._examples.Add((from.ReadInt64(), new HourExemplar(from.ReadUInt64(), string.Intern(from.ReadString()), from.ReadString(), 1)));
        }

        for (var left = from.Read7BitEncodedInt(); left > 0; left--)
        {
            cell._days[from.ReadInt64()] = new TermDay(from.Read7BitEncodedInt(), from.Read7BitEncodedInt(), from.ReadUInt64(), OrNull(from.ReadString()));
        }

        return cell;
    }

    // Kept are the newest hours', within an hour the smallest hashes'.
    private void AddExample(long hour, HourExemplar example)
    {
        _examples.RemoveAll(e => e.Example.Hash == example.Hash);
        if (example.Sign > 0)
        {
            _examples.Add((hour, example));
            _examples.Sort(static (a, b) => a.Hour != b.Hour ? b.Hour.CompareTo(a.Hour) : a.Example.Hash.CompareTo(b.Example.Hash));
            _examples.RemoveRange(Math.Min(KeptExamples, _examples.Count), Math.Max(0, _examples.Count - KeptExamples));
        }
    }

    private static string? Least(string? a, string? b) => a is null || (b is not null && string.CompareOrdinal(b, a) < 0) ? b : a;

    private static string? OrNull(string value) => value.Length == 0 ? null : value;

    /// <summary>What an hour counted.</summary>
    private sealed class TermHour
    {
        public int Count { get; set; }

        public string? Term { get; set; }

        public Voices Voices { get; init; } = new();

        /// <summary>Authors behind its voices.</summary>
        public int Authors => (int)Math.Round(Voices.Authors(Voices.Heard, Count));
    }

    /// <summary>What a day counted: authors of its hours, of them at most what may count as usual, and the voices that were heard.</summary>
    private readonly record struct TermDay(int Count, int Usual, ulong Heard, string? Term);
}
