using RiskWatch.Alerting.Detection;
using Xunit;

namespace RiskWatch.Tests.Alerting;

public sealed class NegativeBinomialTests
{
    [Theory]
    [InlineData(8, 1.0, 1.0, "Poisson, rare")]
    [InlineData(3, 0.5, 0.9, "little over-dispersed")]
    [InlineData(12, 5.0, 12.0, "over-dispersed")]
    [InlineData(300, 230.0, 900.0, "a day of a city")]
    [InlineData(2, 1.0, 400.0, "next to nothing is known")]
    [InlineData(5000, 4500.0, 90_000.0, "large")]
    public void The_upper_tail_is_the_sum_of_its_terms(int count, double mean, double variance, string because)
    {
        var size = variance > mean ? mean * mean / (variance - mean) : 0;
        var below = 0.0;
        for (var k = 0; k < count; k++)
        {
            below += Math.Exp(size == 0
                ? (k * Math.Log(mean)) - mean - NegativeBinomial.LogGamma(k + 1)
                : NegativeBinomial.LogGamma(k + size) - NegativeBinomial.LogGamma(size) - NegativeBinomial.LogGamma(k + 1) + (size * Math.Log(size / (mean + size))) + (k * Math.Log(mean / (mean + size))));
        }

        Assert.True(Math.Abs(NegativeBinomial.UpperTail(count, mean, variance) - (1 - below)) < 1e-9, because);
    }

    [Theory]
    [InlineData(20_000, 12_000, 12_000, 0, 1e-300)]
    [InlineData(12_400, 12_000, 12_000, 1e-4, 2e-4)]
    [InlineData(2_000_000_000, 1_000_000_000, 1e12, 0, 1e-300)]
    public void Huge_counts_are_judged_by_the_normal_tail(double count, double mean, double variance, double least, double most) =>
        Assert.InRange(NegativeBinomial.UpperTail(count, mean, variance), least, most);

    [Fact]
    public void More_records_are_never_more_probable()
    {
        var last = 1.0;
        for (var volume = 1.0; volume < 80; volume += 0.25)
        {
            var p = NegativeBinomial.UpperTailOf(volume, 3, 7);
            Assert.True(p <= last);
            last = p;
        }
    }

    [Fact]
    public void What_a_sketch_estimates_a_little_above_a_whole_number_is_that_number()
    {
        Assert.Equal(NegativeBinomial.UpperTailOf(4, 1, 1.2), NegativeBinomial.UpperTailOf(4.004, 1, 1.2));
        Assert.InRange(NegativeBinomial.UpperTailOf(4.5, 1, 1.2), NegativeBinomial.UpperTailOf(5, 1, 1.2), NegativeBinomial.UpperTailOf(4, 1, 1.2));
    }

    [Fact]
    public void The_interval_holds_nine_tenths()
    {
        var (lower, upper) = NegativeBinomial.Interval(50, 50);
        Assert.InRange(lower, 38, 40);
        Assert.InRange(upper, 61, 63);
        Assert.Equal((0, 0), NegativeBinomial.Interval(0, 1));
    }
}
