using Microsoft.Extensions.Time.Testing;
using RiskWatch.Classification.Encoders;
using Xunit;

namespace RiskWatch.Tests.Classification.Encoders;

public sealed class EncoderBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(2)]
    public void It_takes_its_share_and_no_more(double cores)
    {
        var budget = new EncoderBudget(cores, _time);
        var spent = TimeSpan.Zero;
        for (var i = 0; i < 10_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            // Two callers at once are two cores.
            for (var caller = 0; caller < 2 && budget.Allows(); caller++)
            {
                Spend(budget, TimeSpan.FromMilliseconds(10));
                spent += TimeSpan.FromMilliseconds(10);
            }
        }

        Assert.InRange(spent.TotalSeconds / (_time.GetUtcNow() - _time.Start).TotalSeconds, cores * 0.9, (cores * 1.05) + 0.01);
    }

    [Fact]
    public void What_is_saved_up_is_at_most_a_second()
    {
        var budget = new EncoderBudget(0.1, _time);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(budget.Allows());
        Spend(budget, TimeSpan.FromMilliseconds(150));
        Assert.False(budget.Allows());
    }

    [Fact]
    public void Without_a_limit_it_always_may()
    {
        Spend(EncoderBudget.Unlimited, TimeSpan.FromHours(1));
        Assert.True(EncoderBudget.Unlimited.Allows());
    }

    // As if the work had been done on another core while time stood still here.
    private void Spend(EncoderBudget budget, TimeSpan took) => budget.Spend(budget.Now - (long)(took.TotalSeconds * _time.TimestampFrequency));
}
