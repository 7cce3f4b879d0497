using RiskWatch.Contracts;

namespace RiskWatch.Core.Sketches;

/// <summary>
/// Merges tallies of one series, place and minute: commutative and associative, taking back included (LOG §4). Zero cells vanish; an exemplar, and a term's
/// name, keep their place at zero, since dropping them would make the result depend on grouping.
/// </summary>
public static class TallyMerge
{
    /// <summary>K of "the smallest K ids by hash".</summary>
    public const int MostExemplars = 8;

    private static readonly Comparison<SketchCell> ByCell = (a, b) => a.Cell.CompareTo(b.Cell);
    private static readonly Comparison<TermCell> ByTermCell = (a, b) => a.Cell != b.Cell ? a.Cell.CompareTo(b.Cell) : a.Voice.CompareTo(b.Voice);
    private static readonly Comparison<(ulong Hash, Exemplar Exemplar)> ByHash = (a, b) =>
        a.Hash != b.Hash ? a.Hash.CompareTo(b.Hash)
        : string.CompareOrdinal(a.Exemplar.Source, b.Exemplar.Source) is var order and not 0 ? order
        : string.CompareOrdinal(a.Exemplar.Id, b.Exemplar.Id);

    /// <summary>The sum of two tallies of the same site, topic, place and minute, stamped with the later stamp.</summary>
    /// <exception cref="ArgumentException">They are not of the same site, topic, place and minute.</exception>
    public static Tally Merge(Tally a, Tally b)
    {
        if (a.Minute != b.Minute || a.Topic != b.Topic || a.Place != b.Place || a.Site != b.Site)
        {
            throw new ArgumentException($"{b.Site}/{b.Topic}@{b.Place} at {b.Minute} cannot be merged into {a.Site}/{a.Topic}@{a.Place} at {a.Minute}.", nameof(b));
        }

        return a with
        {
            Stamp = Math.Max(a.Stamp, b.Stamp),
            Counts = Sum(a.Counts, b.Counts),
            Sources = SumSources(a.Sources, b.Sources),
            Authors = SumCells([.. a.Authors, .. b.Authors]),
            Pairs = SumCells([.. a.Pairs, .. b.Pairs]),
            Terms = SumTerms([.. a.Terms, .. b.Terms]),
            Exemplars = SumExemplars([.. Hashed(a.Exemplars), .. Hashed(b.Exemplars)]),
        };
    }

    /// <summary>The sum of two counts.</summary>
    public static TallyCounts Sum(TallyCounts a, TallyCounts b) => new()
    {
        Posts = a.Posts + b.Posts,
        Hotline = a.Hotline + b.Hotline,
        Negative = a.Negative + b.Negative,
        Positive = a.Positive + b.Positive,
        Uncertain = a.Uncertain + b.Uncertain,
        LikelyFalse = a.LikelyFalse + b.LikelyFalse,
        FalseTenThousandths = a.FalseTenThousandths + b.FalseTenThousandths,
    };

    /// <summary>Sums by source, in ordinal order, zeros left out.</summary>
    public static IReadOnlyDictionary<string, int> SumSources(IReadOnlyDictionary<string, int> a, IReadOnlyDictionary<string, int> b)
    {
        var sums = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (source, count) in a)
        {
            sums[source] = count;
        }

        foreach (var (source, count) in b)
        {
            sums[source] = sums.GetValueOrDefault(source) + count;
        }

        var result = new Dictionary<string, int>(sums.Count, StringComparer.Ordinal);
        foreach (var (source, count) in sums)
        {
            if (count != 0)
            {
                result[source] = count;
            }
        }

        return result;
    }

    /// <summary>One entry per cell, in order, zeros left out. Sorts the list in place.</summary>
    public static SketchCell[] SumCells(List<SketchCell> cells)
    {
        cells.Sort(ByCell);
        var kept = 0;
        for (var i = 0; i < cells.Count;)
        {
            var cell = cells[i].Cell;
            var sum = 0;
            for (; i < cells.Count && cells[i].Cell == cell; i++)
            {
                sum += cells[i].Count;
            }

            if (sum != 0)
            {
                cells[kept++] = new SketchCell(cell, sum);
            }
        }

        return Prefix(cells, kept);
    }

    /// <summary>One entry per cell and voice, in order, named with the least of its terms; zeros without a name left out. Sorts the list in place.</summary>
    public static TermCell[] SumTerms(List<TermCell> cells)
    {
        cells.Sort(ByTermCell);
        var kept = 0;
        for (var i = 0; i < cells.Count;)
        {
            var (cell, sum, term, voice) = cells[i];
            for (i++; i < cells.Count && cells[i].Cell == cell && cells[i].Voice == voice; i++)
            {
                sum += cells[i].Count;
                term = term is null || (cells[i].Term is { } other && string.CompareOrdinal(other, term) < 0) ? cells[i].Term : term;
            }

            if (sum != 0 || term is not null)
            {
                cells[kept++] = new TermCell(cell, sum, term, voice);
            }
        }

        return Prefix(cells, kept);
    }

    /// <summary>The smallest <see cref="MostExemplars"/> ids by hash with the sum of their signs. Sorts the list in place.</summary>
    public static Exemplar[] SumExemplars(List<(ulong Hash, Exemplar Exemplar)> exemplars)
    {
        Shrink(exemplars);
        var result = new Exemplar[exemplars.Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = exemplars[i].Exemplar;
        }

        return result;
    }

    /// <summary>Leaves of a list what <see cref="SumExemplars"/> would give; hashes are <see cref="SketchHash.OfRecord"/>.</summary>
    public static void Shrink(List<(ulong Hash, Exemplar Exemplar)> exemplars)
    {
        exemplars.Sort(ByHash);
        var kept = 0;
        for (var i = 0; i < exemplars.Count && kept < MostExemplars; kept++)
        {
            var (hash, exemplar) = exemplars[i];
            var sign = exemplar.Sign;
            for (i++; i < exemplars.Count && exemplars[i].Hash == hash && exemplars[i].Exemplar.Id == exemplar.Id && exemplars[i].Exemplar.Source == exemplar.Source; i++)
            {
                sign += exemplars[i].Exemplar.Sign;
            }

            exemplars[kept] = (hash, exemplar with { Sign = sign });
        }

        exemplars.RemoveRange(kept, exemplars.Count - kept);
    }

    /// <summary>Exemplars with their hashes.</summary>
    public static IEnumerable<(ulong, Exemplar)> Hashed(IReadOnlyList<Exemplar> exemplars) =>
        exemplars.Select(e => (SketchHash.OfRecord(e.Source, e.Id), e));

    private static T[] Prefix<T>(List<T> list, int count)
    {
        var result = new T[count];
        list.CopyTo(0, result, 0, count);
        return result;
    }
}
