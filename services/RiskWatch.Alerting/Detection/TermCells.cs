using System.Text;
using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Detection;

/// <summary>A cell that bursts, as a term with what its hours counted.</summary>
/// <param name="Term">The term.</param>
/// <param name="Hours">What the last day's hours counted of each voice, and the six days before, each at its first hour.</param>
/// <param name="Count">Decayed count before that.</param>
/// <param name="Exposure">Decayed hours before that.</param>
/// <param name="Examples">Records that hold it, as far as they are known.</param>
internal sealed record TermBurst(string Term, IReadOnlyList<(long Hour, int Voice, int Count)> Hours, double Count, double Exposure, IReadOnlyList<HourExemplar> Examples);

/// <summary>
/// Bursting terms from the cells of the term sketch (LOG §4.4): a decayed baseline per cell, and a strict test when the hour closes. A cell is named after
/// the least of the terms that lay in it in most of its recent hours, so that no batch's own choice matters and a term that shares the cell hides it only for
/// its own hours. Pieces of one phrase that burst together are put together again: one phrase, one series.
/// </summary>
internal sealed class TermCells(AlertingOptions options)
{
    private const int Blocks = 64;
    private const double MinimumRatio = 5;
    private const double PriorHours = 72;

    // A surge of hours is over-dispersed where copies of one text come at once; over a week it is many people's, one by one.
    private static readonly (int Hours, int MinimumDays, int MinimumCount, double Dispersion, double PValue)[] Tests = [(6, 7, 12, 2, 1e-8), (168, 21, 10, 1.2, 1e-5)];
    private readonly Dictionary<int, TermHistory> _cells = [];
    private readonly Dictionary<string, int> _followed = new(StringComparer.Ordinal);
    private readonly HashSet<int> _touched = [];
    private readonly HashSet<int> _dirtyBlocks = [];
    private long _firstHour = long.MaxValue;

    public bool IsEmpty => _cells.Count == 0;

    /// <summary>Adds a tally's cells; returns what it adds to terms that are followed.</summary>
    /// <param name="tally">The tally.</param>
    /// <param name="hour">Its hour.</param>
    /// <param name="lone">The one record of the tally's place and minute, where it is the only one: it holds all of its terms, so that it can stand as their example.</param>
    public List<(string Term, int Voice, int Count)> Add(Tally tally, long hour, HourExemplar? lone)
    {
        List<(string, int, int)> followed = [];
        foreach (var change in tally.Terms)
        {
            var index = change.Cell;
            if (!_cells.TryGetValue(index, out var cell))
            {
                if (_cells.Count >= options.MaximumTermCells)
                {
                    AlertingMetrics.Bound("termCells");
                    continue;
                }

                _cells[index] = cell = new TermHistory { HoursFrom = hour - TermHistory.KeptHours + 1 };
            }

            _firstHour = Math.Min(_firstHour, hour);
            cell.Add(hour, change, lone);
            _touched.Add(index);
            _dirtyBlocks.Add(index % Blocks);
            if (cell.Followed is { } name)
            {
                followed.Add((name, change.Voice, change.Count));
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
            if (cell.Followed is not null || !Bursts(cell, hour, surge) || cell.Name() is not { } name)
            {
                continue;
            }

            if (_followed.Count >= options.MaximumTerms)
            {
                AlertingMetrics.Bound("terms");
                continue;
            }

            var phrase = TermPhrase.Of(name, Beside(cell.Recent()));
            if (!_followed.Keys.Any(f => TermPhrase.IsSame(f, phrase)) && _followed.TryAdd(phrase, index))
            {
                cell.Followed = phrase;
                bursts.Add(new TermBurst(phrase, [.. cell.All()], cell.Count, Exposure(hour), cell.Examples));
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

    // Terms that come at least half as often.
    private IEnumerable<string> Beside(int count) =>
        _cells.OrderBy(c => c.Key).Where(c => c.Value.Recent() * 2 >= count).Select(c => c.Value.Name()).OfType<string>();

    private bool Bursts(TermHistory cell, long hour, Func<int, double> surge)
    {
        foreach (var (hours, days, minimum, dispersion, p) in Tests)
        {
            if (hour - _firstHour < days * 24)
            {
                continue;
            }

            var usual = hours <= 24
                ? (cell.Count + cell.UsualOfDays) / (Exposure(hour) + Math.Min(24 * TermHistory.KeptDays, hour - TermHistory.KeptHours - _firstHour) + PriorHours)
                : cell.Count / (Exposure(hour) + PriorHours);
            var mean = Math.Max(1, usual * hours);
            // Few who write much are not many: in the end authors count, not records (DETECTION §4).
            var (sum, heard) = cell.Since(hour - hours);
            var count = Voices.Authors(heard, sum);
            if (count >= minimum && count >= MinimumRatio * mean && surge(hours) * mean is var expected && count >= MinimumRatio * expected
                && NegativeBinomial.UpperTail(count, expected, dispersion * expected) < p)
            {
                return true;
            }
        }

        return false;
    }

    // Decayed hours before the recent ones.
    private double Exposure(long hour) => (1 - Math.Pow(TermHistory.Discount, Math.Max(0, hour - TermHistory.KeptHours - (24 * TermHistory.KeptDays) - _firstHour))) / (1 - TermHistory.Discount);

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

            var cell = _cells[index] = TermHistory.Read(from);
            if (cell.Followed is { } followed)
            {
                _followed[followed] = index;
            }
        }
    }
}
