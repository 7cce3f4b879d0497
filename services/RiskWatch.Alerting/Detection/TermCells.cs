using System.Text;
using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Detection;

/// <summary>A cell that bursts, as a term with what its hours counted.</summary>
/// <param name="Term">The term.</param>
/// <param name="Hours">Counts of the last day's hours.</param>
/// <param name="Count">Decayed count before that.</param>
/// <param name="Exposure">Decayed hours before that.</param>
internal sealed record TermBurst(string Term, IReadOnlyList<(long Hour, int Count)> Hours, double Count, double Exposure);

/// <summary>
/// Bursting terms from the cells of the term sketch (LOG §4.4): a decayed baseline per cell, and a strict test when the hour closes. A cell is named after
/// the least of the terms that lay in it, so that no batch's own choice matters.
/// </summary>
internal sealed class TermCells(AlertingOptions options)
{
    private const int Blocks = 64;
    private const double PValue = 1e-8;
    private const int MinimumCount = 12;
    private const double MinimumRatio = 5;
    private const int MinimumDays = 7;
    private const double PriorHours = 72;
    private static readonly double Discount = SeriesModel.LevelDiscount;
    private readonly Dictionary<int, Cell> _cells = [];
    private readonly Dictionary<string, int> _followed = new(StringComparer.Ordinal);
    private readonly HashSet<int> _touched = [];
    private readonly HashSet<int> _dirtyBlocks = [];
    private long _firstHour = long.MaxValue;

    public bool IsEmpty => _cells.Count == 0;

    /// <summary>Adds a tally's cells; returns what it adds to terms that are followed.</summary>
    public List<(string Term, int Count)> Add(Tally tally, long hour)
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

                _cells[index] = cell = new Cell { BaselineUntil = hour - 25 };
            }

            _firstHour = Math.Min(_firstHour, hour);
            cell.Hours[hour] = cell.Hours.GetValueOrDefault(hour) + count;
            if (term is not null && (cell.Term is null || string.CompareOrdinal(term, cell.Term) < 0))
            {
                cell.Term = term;
            }

            _touched.Add(index);
            _dirtyBlocks.Add(index % Blocks);
            if (cell.Followed is { } name)
            {
                followed.Add((name, count));
            }
        }

        return followed;
    }

    /// <summary>Tests the cells that the hour touched; returns those that burst and are not followed yet.</summary>
    public List<TermBurst> CloseHour(long hour)
    {
        List<TermBurst> bursts = [];
        foreach (var index in _touched.Order())
        {
            var cell = _cells[index];
            cell.CatchUp(hour);
            if (cell.Followed is not null || cell.Term is null || hour - _firstHour < MinimumDays * 24)
            {
                continue;
            }

            var mean = Math.Max(1, cell.Count / (Cell.Exposure(hour, _firstHour) + PriorHours) * 6);
            var count = cell.Hours.Where(h => h.Key > hour - 6).Sum(h => h.Value);
            if (count >= MinimumCount && count >= MinimumRatio * mean && NegativeBinomial.UpperTail(count, mean, 2 * mean) < PValue)
            {
                if (_followed.Count >= options.MaximumTerms)
                {
                    AlertingMetrics.Bound("terms");
                    continue;
                }

                if (_followed.TryAdd(cell.Term, index))
                {
                    cell.Followed = cell.Term;
                    bursts.Add(new TermBurst(cell.Term, [.. cell.Hours.Select(h => (h.Key, h.Value))], cell.Count, Cell.Exposure(hour, _firstHour)));
                }
            }
        }

        _touched.Clear();
        if ((hour + 1) % 24 == 0)
        {
            foreach (var index in _cells.Where(c => c.Value.CatchUp(hour).Hours.Count == 0 && c.Value.Count < 0.5 && c.Value.Followed is null).Select(c => c.Key).ToList())
            {
                _cells.Remove(index);
                _dirtyBlocks.Add(index % Blocks);
            }
        }

        return bursts;
    }

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
        public SortedDictionary<long, int> Hours { get; } = [];

        /// <summary>Decayed count of the hours up to <see cref="BaselineUntil"/>.</summary>
        public double Count { get; private set; }

        public long BaselineUntil { get; set; }

        public string? Term { get; set; }

        public string? Followed { get; set; }

        public static double Exposure(long hour, long first) => (1 - Math.Pow(Discount, Math.Max(0, hour - 24 - first))) / (1 - Discount);

        /// <summary>Moves what is older than a day into the baseline.</summary>
        public Cell CatchUp(long hour)
        {
            var until = hour - 25;
            if (until > BaselineUntil)
            {
                Count *= Math.Pow(Discount, until - BaselineUntil);
                BaselineUntil = until;
            }

            while (Hours.Count > 0 && Hours.First() is var (old, count) && old <= until)
            {
                Count += Math.Max(0, Math.Min(count, 6)) * Math.Pow(Discount, until - old);
                Hours.Remove(old);
            }

            return this;
        }

        public void Write(BinaryWriter to)
        {
            to.Write(Count);
            to.Write(BaselineUntil);
            to.Write(Term ?? "");
            to.Write(Followed ?? "");
            to.Write7BitEncodedInt(Hours.Count);
            foreach (var (hour, count) in Hours)
            {
                to.Write(hour);
                to.Write7BitEncodedInt(count);
            }
        }

        public static Cell Read(BinaryReader from)
        {
            var cell = new Cell { Count = from.ReadDouble(), BaselineUntil = from.ReadInt64(), Term = OrNull(from.ReadString()), Followed = OrNull(from.ReadString()) };
            for (var left = from.Read7BitEncodedInt(); left > 0; left--)
            {
                cell.Hours[from.ReadInt64()] = from.Read7BitEncodedInt();
            }

            return cell;
        }

        private static string? OrNull(string value) => value.Length == 0 ? null : value;
    }
}
