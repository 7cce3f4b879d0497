using System.Numerics;
using RiskWatch.Contracts;

namespace RiskWatch.Core.Sketches;

/// <summary>
/// Counts distinct items in signed cells (LOG §4.2). An item lies in one cell: level by the trailing zeros of its hash (level l takes a share of 2^-(l+1)),
/// then one of 1,024 cells. Adding and taking back are exact and commute; the estimate comes from which cells are not zero: linear counting per level,
/// scaled up from the lowest level that is not too full. Standard error: below 0.1 at 10 items, 1.2 at 100, 1 % at 1,000, 3 % above 3,000, up to 10^10.
/// </summary>
public sealed class LinearSketch
{
    /// <summary>Levels.</summary>
    public const int Levels = 24;

    /// <summary>Cells of a level.</summary>
    public const int CellsPerLevel = 1024;

    // Beyond this share of cells in use, linear counting loses precision faster than sampling does.
    private const double Full = 0.8;

    private readonly Dictionary<int, int> _cells = [];

    /// <summary>Whether nothing is counted.</summary>
    public bool IsEmpty => _cells.Count == 0;

    /// <summary>The cell of an item, below <see cref="Levels"/> × <see cref="CellsPerLevel"/>.</summary>
    public static int Cell(ulong item)
    {
        var hash = SketchHash.Mix(item);
        var level = Math.Min(BitOperations.TrailingZeroCount(hash), Levels - 1);
        return (level * CellsPerLevel) + (int)(hash >> 54);
    }

    /// <summary>Adds (sign 1) or takes back (−1) an item.</summary>
    public void Add(ulong item, int sign) => AddCell(Cell(item), sign);

    /// <summary>Adds cells.</summary>
    public void Add(IReadOnlyList<SketchCell> cells)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            AddCell(cells[i].Cell, cells[i].Count);
        }
    }

    /// <summary>Adds another sketch.</summary>
    public void Add(LinearSketch other)
    {
        foreach (var (cell, count) in other._cells)
        {
            AddCell(cell, count);
        }
    }

    /// <summary>The cells that are not zero, in order.</summary>
    public IReadOnlyList<SketchCell> ToCells()
    {
        var cells = new SketchCell[_cells.Count];
        var next = 0;
        foreach (var (cell, count) in _cells)
        {
            cells[next++] = new SketchCell(cell, count);
        }

        Array.Sort(cells, (a, b) => a.Cell.CompareTo(b.Cell));
        return cells;
    }

    /// <summary>Which of 64 parts of all items are there, a bit each: unlike estimates, these merge over hours whose cells are gone.</summary>
    public ulong Parts()
    {
        var parts = 0UL;
        foreach (var (cell, count) in _cells)
        {
            parts |= count > 0 ? 1UL << (int)(SketchHash.Mix((ulong)cell) % 64) : 0;
        }

        return parts;
    }

    /// <summary>Estimated number of distinct items.</summary>
    public double Estimate()
    {
        Span<int> used = stackalloc int[Levels];
        used.Clear();
        foreach (var (cell, count) in _cells)
        {
            // A negative cell is a take-back whose item has not come yet.
            if (count > 0 && cell / CellsPerLevel < Levels)
            {
                used[cell / CellsPerLevel]++;
            }
        }

        var first = Levels - 1;
        while (first > 0 && used[first - 1] <= Full * CellsPerLevel)
        {
            first--;
        }

        var items = 0.0;
        for (var level = first; level < Levels; level++)
        {
            items += -CellsPerLevel * Math.Log(1 - (Math.Min(used[level], CellsPerLevel - 1) / (double)CellsPerLevel));
        }

        return items * Math.Pow(2, first);
    }

    private void AddCell(int cell, int count)
    {
        var sum = _cells.GetValueOrDefault(cell) + count;
        if (sum == 0)
        {
            _cells.Remove(cell);
        }
        else
        {
            _cells[cell] = sum;
        }
    }
}
