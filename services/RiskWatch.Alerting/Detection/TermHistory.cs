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
    private const int TellingExamples = 8;
    private const int LeastVoices = 5;

    // A surge may not make itself usual.
    private const int MostOfHour = 6;

    private readonly SortedDictionary<long, (int Count, string? Term)> _hours = [];
    private readonly SortedDictionary<long, (int Count, int Usual, string? Term)> _days = [];

    private readonly List<(long Hour, LoneRecord Record)> _examples = [];

    /// <summary>Decayed count of what is older.</summary>
    public double Count { get; private set; }

    /// <summary>First hour that is kept as an hour.</summary>
    public long HoursFrom { get; set; }

    public string? Followed { get; set; }

    /// <summary>Count of the kept days, a surge's hours at what may count of them.</summary>
    public int UsualOfDays => _days.Values.Sum(d => d.Usual);

    public bool IsSilent => _hours.Count == 0 && _days.Count == 0;

    /// <summary>Its newest records that are known.</summary>
    public IReadOnlyList<HourExemplar> Examples => [.. _examples.Select(e => e.Record.Exemplar)];

    /// <summary>Whether the records that are known are enough to say that hardly anybody but a few wrote them.</summary>
    public bool HasFewVoices => _examples.Count >= TellingExamples && _examples.Select(e => e.Record.Author).Distinct().Count() < LeastVoices;

    public void Add(long hour, int count, string? term, LoneRecord? lone)
    {
        if (lone is { } record)
        {
            AddExample(hour, record);
        }

        var (held, least) = _hours.GetValueOrDefault(hour);
        _hours[hour] = (held + count, least is null || (term is not null && string.CompareOrdinal(term, least) < 0) ? term : least);
    }

    /// <summary>Count of the hours after <paramref name="hour"/>; a day's sum counts with its first hour.</summary>
    public int Sum(long hour) => _hours.Where(h => h.Key > hour).Sum(h => h.Value.Count) + _days.Where(d => d.Key * 24 > hour).Sum(d => d.Value.Count);

    /// <summary>Count of all hours and days that are kept.</summary>
    public int Recent() => Sum(long.MinValue);

    /// <summary>Hours, and days at their first hour.</summary>
    public IEnumerable<(long Hour, int Count)> All() => _days.Select(d => (Hour: d.Key * 24, d.Value.Count)).Concat(_hours.Select(h => (Hour: h.Key, h.Value.Count)))
        .GroupBy(h => h.Hour, (hour, counts) => (hour, counts.Sum(c => c.Count)));

    /// <summary>The term of most of its recent records, the least of several.</summary>
    public string? Name() => _hours.Values.Concat(_days.Values.Select(d => (d.Count, d.Term))).Where(h => h.Term is not null)
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
            var (count, usual, term) = _days.GetValueOrDefault(old / 24);
            _days[old / 24] = (count + seen.Count, usual + Math.Clamp(seen.Count, 0, MostOfHour), term is null || (seen.Term is not null && string.CompareOrdinal(seen.Term, term) < 0) ? seen.Term : term);
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
        foreach (var (hour, (count, term)) in _hours)
        {
            to.Write(hour);
            to.Write7BitEncodedInt(count);
            to.Write(term ?? "");
        }

        to.Write7BitEncodedInt(_examples.Count);
        foreach (var (hour, ((hash, source, id, _), author)) in _examples)
        {
            to.Write(hour);
            to.Write(hash);
            to.Write(source);
            to.Write(id);
            to.Write7BitEncodedInt(author);
        }

        to.Write7BitEncodedInt(_days.Count);
        foreach (var (day, (count, usual, term)) in _days)
        {
            to.Write(day);
            to.Write7BitEncodedInt(count);
            to.Write7BitEncodedInt(usual);
            to.Write(term ?? "");
        }
    }

    public static TermHistory Read(BinaryReader from)
    {
        var cell = new TermHistory { Count = from.ReadDouble(), HoursFrom = from.ReadInt64(), Followed = OrNull(from.ReadString()) };
        for (var left = from.Read7BitEncodedInt(); left > 0; left--)
        {
            cell._hours[from.ReadInt64()] = (from.Read7BitEncodedInt(), OrNull(from.ReadString()));
        }

        for (var left = from.Read7BitEncodedInt(); left > 0; left--)
        {
            cell._examples.Add((from.ReadInt64(), new LoneRecord(new HourExemplar(from.ReadUInt64(), string.Intern(from.ReadString()), from.ReadString(), 1), from.Read7BitEncodedInt())));
        }

        for (var left = from.Read7BitEncodedInt(); left > 0; left--)
        {
            cell._days[from.ReadInt64()] = (from.Read7BitEncodedInt(), from.Read7BitEncodedInt(), OrNull(from.ReadString()));
        }

        return cell;
    }

    // Kept are the newest hours', within an hour the smallest hashes'.
    private void AddExample(long hour, LoneRecord record)
    {
        _examples.RemoveAll(e => e.Record.Exemplar.Hash == record.Exemplar.Hash);
        if (record.Exemplar.Sign > 0)
        {
            _examples.Add((hour, record));
            _examples.Sort(static (a, b) => a.Hour != b.Hour ? b.Hour.CompareTo(a.Hour) : a.Record.Exemplar.Hash.CompareTo(b.Record.Exemplar.Hash));
            _examples.RemoveRange(Math.Min(KeptExamples, _examples.Count), Math.Max(0, _examples.Count - KeptExamples));
        }
    }

    private static string? OrNull(string value) => value.Length == 0 ? null : value;
}
