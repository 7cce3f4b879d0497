using RiskWatch.Server.Benchmarks.Detection;
using Xunit;

namespace RiskWatch.Tests.Alerting.Counts;

/// <summary>The benchmarks in small: floors that hold on any seed; the figures themselves are of the full runs (README).</summary>
public sealed class DetectionBenchmarkTests
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Weekly_outbreaks_are_found_at_a_false_alarm_rate_near_its_nominal_one()
    {
        var figures = await WeeklyBenchmark.RunAsync(5, 3, anchor: false, _cancel);

        Assert.InRange((double)figures["falsePositiveRate"]!, 0.006, 0.014);
        Assert.InRange((double)figures["probabilityOfDetection"]!, 0.42, 1);
    }

    [Fact]
    public async Task Daily_outbreaks_are_found_within_two_days_where_holidays_are_known()
    {
        var figures = await DailyBenchmark.RunAsync(5, 1, _cancel);

        Assert.InRange((double)figures["falsePositiveRate"]!, 0, 0.03);
        Assert.InRange((int)figures["medianDelayDays"]!, 0, 2);
        Assert.True((double)figures["withoutHolidays"]!["falsePositiveRate"]! > (double)figures["falsePositiveRate"]!);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_figures() =>
        Assert.Equal((await DailyBenchmark.RunAsync(9, 1, _cancel)).ToJsonString(), (await DailyBenchmark.RunAsync(9, 1, _cancel)).ToJsonString());

    [Fact]
    public async Task A_million_updates_allocate_nothing()
    {
        var figures = await SpeedBenchmark.RunAsync(1, 10_000, 2, _cancel);

        Assert.Equal(0, (double)figures["allocatedBytesPerUpdate"]!);
        Assert.InRange((double)figures["bytesPerChannel"]!, 1, 1024);
    }

    [Theory]
    [InlineData(0.4, 1)]
    [InlineData(12, 3)]
    [InlineData(800, 1.5)]
    public void Drawn_counts_have_the_mean_and_variance_that_were_asked_for(double mean, double dispersion)
    {
        var sampler = new CountSampler(11);
        var counts = Enumerable.Range(0, 40_000).Select(_ => (double)sampler.NegativeBinomial(mean, dispersion)).ToList();
        var average = counts.Average();
        var variance = counts.Average(c => (c - average) * (c - average));

        Assert.InRange(average, 0.97 * mean, 1.03 * mean);
        Assert.InRange(variance / average, 0.95 * dispersion, 1.05 * dispersion);
    }

    [Fact]
    public void A_rates_interval_is_Wilsons()
    {
        var rate = Rate.Of(8, 10);

        Assert.Equal(0.49, rate.Lower, 2);
        Assert.Equal(0.943, rate.Upper, 2);
    }
}
