using RiskWatch.Classification.Training;
using Xunit;

namespace RiskWatch.Tests.Classification.Models;

public sealed class ComparisonTests
{
    [Fact]
    public void An_interval_holds_the_difference_and_none_where_both_say_the_same()
    {
        var random = new Random(3);
        int[] actual = [.. Enumerable.Range(0, 500).Select(_ => random.Next(2))];
        int[] good = [.. actual.Select(a => random.Next(10) == 0 ? 1 - a : a)];
        int[] poor = [.. actual.Select(a => random.Next(10) < 3 ? 1 - a : a)];
        var (low, high) = Comparison.Interval(poor, good, actual, 2, [true, true]);
        var difference = Metrics.MacroF1(good, actual, 2, [true, true]) - Metrics.MacroF1(poor, actual, 2, [true, true]);
        Assert.True(low > 0 && low < difference && difference < high);
        Assert.Equal((0, 0), Comparison.Interval(good, good, actual, 2, [true, true]));
    }
}
