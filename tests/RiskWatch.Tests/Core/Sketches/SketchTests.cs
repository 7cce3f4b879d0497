using System.Text.Json;
using CsCheck;
using RiskWatch.Contracts;
using RiskWatch.Core.Sketches;
using Xunit;

namespace RiskWatch.Tests.Core.Sketches;

/// <summary>LOG §4: sketches and tallies add up and can be taken back.</summary>
public sealed class SketchTests
{
    private static readonly Gen<Tally> Tallies =
        from counts in Gen.Int[-3, 3].Array[7]
        from cells in Gen.Select(Gen.Int[0, 5], Gen.Int[-2, 2]).Array[0, 4]
        from pairs in Gen.Select(Gen.Int[0, 5], Gen.Int[-2, 2]).Array[0, 4]
        from terms in Gen.Select(Gen.Int[0, 3], Gen.Int[-1, 1], Gen.Int[0, 3]).Array[0, 4]
        from exemplars in Gen.Select(Gen.Int[0, 20], Gen.Int[-1, 1]).Array[0, 12]
        from sources in Gen.Select(Gen.Int[0, 2], Gen.Int[-2, 2]).Array[0, 3]
        from stamp in Gen.Long[0, 3]
        select TallyMerge.Merge(Blank with { Stamp = stamp }, Blank with
        {
            Counts = new TallyCounts { Posts = counts[0], Hotline = counts[1], Negative = counts[2], Positive = counts[3], Uncertain = counts[4], LikelyFalse = counts[5], FalseTenThousandths = counts[6] },
            Authors = [.. cells.Select(c => new SketchCell(c.Item1, c.Item2))],
            Pairs = [.. pairs.Select(c => new SketchCell(c.Item1, c.Item2))],
            Terms = [.. terms.Select(t => new TermCell(t.Item1, t.Item2, t.Item3 == 0 ? null : "term" + t.Item3))],
            Exemplars = [.. exemplars.Select(e => new Exemplar("weibo", "id" + e.Item1, e.Item2))],
            Sources = sources.GroupBy(s => "source" + s.Item1).ToDictionary(g => g.Key, g => g.Sum(s => s.Item2)),
        });

    private static Tally Blank => new() { Site = "china", Topic = "*", Place = "cn", Minute = 1, Stamp = 0, Counts = new TallyCounts() };

    [Fact]
    public void Tallies_merged_in_any_order_and_grouping_give_the_same() => Gen.Select(Tallies.Array[1, 8], Gen.Int).Sample(
        (tallies, seed) =>
        {
            var random = new Random(seed);
            var left = tallies.ToList();
            while (left.Count > 1)
            {
                var a = left[random.Next(left.Count)];
                left.Remove(a);
                var at = random.Next(left.Count);
                left[at] = random.Next(2) == 0 ? TallyMerge.Merge(left[at], a) : TallyMerge.Merge(a, left[at]);
            }

            Assert.Equal(Json(tallies.Aggregate(TallyMerge.Merge)), Json(left[0]));
        },
        iter: 500);

    [Fact]
    public void Tallies_of_different_series_do_not_merge() => Assert.Throws<ArgumentException>(() => TallyMerge.Merge(Blank, Blank with { Place = "cn-41" }));

    [Fact]
    public void An_exemplar_at_zero_keeps_its_place()
    {
        var first = Enumerable.Range(0, 9).Select(i => "id" + i).OrderBy(id => SketchHash.OfRecord("weibo", id)).ToList();
        var taken = Blank with { Exemplars = [.. first.Select(id => new Exemplar("weibo", id, 1))] };
        var back = Blank with { Exemplars = [new Exemplar("weibo", first[0], -1)] };

        var merged = TallyMerge.Merge(taken, back).Exemplars;

        Assert.Equal(first.Take(8), merged.Select(e => e.Id));
        Assert.Equal(0, merged[0].Sign);
    }

    [Theory]
    [InlineData(1, 0.01)]
    [InlineData(10, 0.04)]
    [InlineData(100, 0.04)]
    [InlineData(1_000, 0.04)]
    [InlineData(10_000, 0.10)]
    [InlineData(1_000_000, 0.10)]
    public void The_estimate_of_distinct_items_is_close(int items, double relativeError)
    {
        for (var run = 0UL; run < 5; run++)
        {
            var sketch = new LinearSketch();
            for (var i = 0; i < items; i++)
            {
                sketch.Add(((ulong)i * 7919) + (run << 40), 1);
                sketch.Add(((ulong)i * 7919) + (run << 40), i % 2);
            }

            Assert.InRange(sketch.Estimate(), items * (1 - relativeError), items * (1 + relativeError));
        }
    }

    [Fact]
    public void What_is_taken_back_leaves_no_trace()
    {
        var sketch = new LinearSketch();
        var rest = new LinearSketch();
        for (var i = 0UL; i < 5000; i++)
        {
            sketch.Add(i, 1);
        }

        for (var i = 0UL; i < 5000; i += 2)
        {
            sketch.Add(i, -1);
            rest.Add(i + 1, 1);
        }

        Assert.Equal(rest.ToCells(), sketch.ToCells());
        sketch.Add([.. rest.ToCells().Select(c => c with { Count = -c.Count })]);
        Assert.True(sketch.IsEmpty);
        Assert.Equal(0, sketch.Estimate());
    }

    [Fact]
    public void Cells_never_change_since_they_are_written_to_the_log()
    {
        Assert.Equal((CellOfOne, CellOfDam), (LinearSketch.Cell(1), TermSketch.Cell("dam")));
        Assert.Equal(IdentityHash, SketchHash.OfRecord("weibo", "1"));
    }

    private static string Json(Tally tally) => JsonSerializer.Serialize(tally, ContractsJson.Default.Tally);

    private const int CellOfOne = 580;
    private const int CellOfDam = 16581;
    private const ulong IdentityHash = 5107708924876246249;
}
