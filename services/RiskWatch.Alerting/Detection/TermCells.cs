using System.Text;
using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Detection;

/// <summary>A cell that bursts, as a term with what its hours counted.</summary>
/// <param name="Term">The term.</param>
/// <param name="Hours">Counts of the last day's hours, and of the six days before each day's at its first hour.</param>
/// <param name="Count">Decayed count before that.</param>
/// <param name="Exposure">Decayed hours before that.</param>
/// <param name="Examples">Records that hold it, as far as they are known.</param>
internal sealed record TermBurst(string Term, IReadOnlyList<(long Hour, int Count)> Hours, double Count, double Exposure, IReadOnlyList<HourExemplar> Examples);

/// <summary>The one record of a place's minute: its terms are the tally's, so that it can stand as their example.</summary>
/// <param name="Exemplar">The record; its sign is −1 where it is taken back.</param>
/// <param name="Author">Cell of who wrote it.</param>
internal readonly record struct LoneRecord(HourExemplar Exemplar, int Author);

/// <summary>
/// Bursting terms from the cells of the term sketch (LOG §4.4): a decayed baseline per cell, and a strict test when the hour closes. A cell is named after
/// the least of the terms that lay in it in most of its recent hours, so that no batch's own choice matters and a term that shares the cell hides it only for
/// its own hours. Pieces of one phrase that burst together are put together again: one phrase, one series.
/// </summary>
internal sealed class TermCells(AlertingOptions options)
{
    private const int Blocks = 64;
    private const double MinimumRatio = 5;
    private const int LongestPhrase = 12;
    private const int Overlap = 3;
    private const double PriorHours = 72;

    // Half of a term's past is forgotten after two months: a cause that gathers its people for weeks must not become usual by it.
    private static readonly double Discount = Math.Pow(0.5, 1.0 / (60 * 24));

    // A surge of hours is over-dispersed where copies of one text come at once; over a week it is many people's, one by one.
    private static readonly (int Hours, int MinimumDays, int MinimumCount, double Dispersion, double PValue)[] Tests = [(6, 7, 12, 2, 1e-8), (168, 21, 10, 1.2, 1e-5)];
    private readonly Dictionary<int, Cell> _cells = [];
    private readonly Dictionary<string, int> _followed = new(StringComparer.Ordinal);
    private readonly HashSet<int> _touched = [];
    private readonly HashSet<int> _dirtyBlocks = [];
    private long _firstHour = long.MaxValue;

    public bool IsEmpty => _cells.Count == 0;

    /// <summary>Adds a tally's cells; returns what it adds to terms that are followed.</summary>
    public List<(string Term, int Count)> Add(Tally tally, long hour, LoneRecord? lone)
    {
        List<(string, int)> followed = [];
        foreach (var (index, count, term) in tally.Terms)
        {
            if (!_cells.TryGetValue(index, out var cell))
            {
                if (_cells.Count >= options.MaximumTermCells)
                {
                    AlertingMetrics.Bound("termCells");
                    continue;
                }

                _cells[index] = cell = new Cell { HoursFrom = hour - Cell.KeptHours + 1 };
            }

            _firstHour = Math.Min(_firstHour, hour);
            cell.Add(hour, count, term, lone);
            _touched.Add(index);
            _dirtyBlocks.Add(index % Blocks);
            if (cell.Followed is { } name)
            {
                followed.Add((name, count));
            }
        }

        return followed;
    }

    /// <summary>
    /// Tests the cells that the hour touched; returns those that burst and are not followed yet. What the whole site has more than usual in so many hours
    /// (<paramref name="surge"/>, at least 1) every term is expected to have more, too.
    /// </summary>
    public List<TermBurst> CloseHour(long hour, Func<int, double> surge)
    {
        List<TermBurst> bursts = [];
        foreach (var index in _touched.Order())
        {
            var cell = _cells[index];
            cell.CatchUp(hour);
            _dirtyBlocks.Add(index % Blocks);
            if (cell.Followed is not null || !Bursts(cell, hour, surge) || cell.HasFewVoices || cell.Name() is not { } name)
            {
                continue;
            }

            if (_followed.Count >= options.MaximumTerms)
            {
                AlertingMetrics.Bound("terms");
                continue;
            }

            var phrase = Phrase(name, cell.Recent());
            if (!_followed.Keys.Any(f => IsSamePhrase(f, phrase)) && _followed.TryAdd(phrase, index))
            {
                cell.Followed = phrase;
                bursts.Add(new TermBurst(phrase, [.. cell.All().Select(h => (h.Hour, h.Count))], cell.Count, Exposure(hour), cell.Examples));
            }
        }

        _touched.Clear();
        if ((hour + 1) % 24 == 0)
        {
            _dirtyBlocks.UnionWith(_cells.Keys.Select(index => index % Blocks));
            foreach (var index in _cells.Where(c => c.Value.CatchUp(hour).IsSilent && c.Value.Count < 0.5 && c.Value.Followed is null).Select(c => c.Key).ToList())
            {
                _cells.Remove(index);
            }
        }

        return bursts;
    }

    private bool Bursts(Cell cell, long hour, Func<int, double> surge)
    {
        foreach (var (hours, days, minimum, dispersion, p) in Tests)
        {
            if (hour - _firstHour < days * 24)
            {
                continue;
            }

            var usual = hours <= 24
                ? (cell.Count + cell.UsualOfDays) / (Exposure(hour) + Math.Min(24 * Cell.KeptDays, hour - Cell.KeptHours - _firstHour) + PriorHours)
                : cell.Count / (Exposure(hour) + PriorHours);
            var mean = Math.Max(1, usual * hours);
            var count = cell.Sum(hour - hours);
            if (count >= minimum && count >= MinimumRatio * mean && surge(hours) * mean is var expected && count >= MinimumRatio * expected
                && NegativeBinomial.UpperTail(count, expected, dispersion * expected) < p)
            {
                return true;
            }
        }

        return false;
    }

    // Decayed hours before the recent ones.
    private double Exposure(long hour) => (1 - Math.Pow(Discount, Math.Max(0, hour - Cell.KeptHours - (24 * Cell.KeptDays) - _firstHour))) / (1 - Discount);

    /// <summary>The term with the pieces beside it that come at least half as often.</summary>
    private string Phrase(string term, int count)
    {
        if (term.Length < Overlap || !IsPiece(term))
        {
            return term;
        }

        var beside = _cells.OrderBy(c => c.Key).Where(c => c.Value.Recent() * 2 >= count).Select(c => c.Value.Name()).OfType<string>().Where(IsPiece).ToList();
        for (var grown = true; grown && term.Length < LongestPhrase;)
        {
            grown = false;
            if (beside.Find(b => b.Length > Overlap && !term.Contains(b, StringComparison.Ordinal) && term.EndsWith(b[..Overlap], StringComparison.Ordinal)) is { } after)
            {
                (term, grown) = (term + after[Overlap..], true);
            }
            else if (beside.Find(b => b.Length > Overlap && !term.Contains(b, StringComparison.Ordinal) && term.StartsWith(b[^Overlap..], StringComparison.Ordinal)) is { } before)
            {
                (term, grown) = (before[..^Overlap] + term, true);
            }
        }

        return term;
    }

    private static bool IsPiece(string term) => term.All(c => c is >= '\u4E00' and <= '\u9FFF');

    private static bool IsSamePhrase(string a, string b) => IsPiece(a) && IsPiece(b) && a.Length >= Overlap && b.Length >= Overlap
        && (a.Contains(b, StringComparison.Ordinal) || b.Contains(a, StringComparison.Ordinal)
            || a.EndsWith(b[..Overlap], StringComparison.Ordinal) || b.EndsWith(a[..Overlap], StringComparison.Ordinal));

    /// <summary>A term's series is gone.</summary>
    public void Unfollow(string term)
    {
        if (_followed.Remove(term, out var index) && _cells.TryGetValue(index, out var cell))
        {
            cell.Followed = null;
            _dirtyBlocks.Add(index % Blocks);
        }
    }

    /// <summary>State entries that changed, by block.</summary>
    public IEnumerable<(int Block, ReadOnlyMemory<byte> Value)> Changes()
    {
        foreach (var block in _dirtyBlocks)
        {
            using var bytes = new MemoryStream();
            using (var to = new BinaryWriter(bytes, Encoding.UTF8))
            {
                to.Write(_firstHour);
                var cells = _cells.Where(c => c.Key % Blocks == block).OrderBy(c => c.Key).ToList();
                to.Write7BitEncodedInt(cells.Count);
                foreach (var (index, cell) in cells)
                {
                    to.Write(index);
                    to.Write(_touched.Contains(index));
                    cell.Write(to);
                }
            }

            yield return (block, bytes.ToArray());
        }

        _dirtyBlocks.Clear();
    }

    public void Restore(ReadOnlyMemory<byte> value)
    {
        using var from = new BinaryReader(new MemoryStream(value.ToArray()), Encoding.UTF8);
        _firstHour = Math.Min(_firstHour, from.ReadInt64());
        for (var left = from.Read7BitEncodedInt(); left > 0; left--)
        {
            var index = from.ReadInt32();
            if (from.ReadBoolean())
            {
                _touched.Add(index);
            }

            var cell = _cells[index] = Cell.Read(from);
            if (cell.Followed is { } followed)
            {
                _followed[followed] = index;
            }
        }
    }

    private sealed class Cell
    {
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
        public Cell CatchUp(long hour)
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

        public static Cell Read(BinaryReader from)
        {
            var cell = new Cell { Count = from.ReadDouble(), HoursFrom = from.ReadInt64(), Followed = OrNull(from.ReadString()) };
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
}
