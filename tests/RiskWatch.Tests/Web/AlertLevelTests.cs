using RiskWatch.Contracts;
using RiskWatch.Web.Live;
using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>Which level an alert began with, reached and has now, and since when.</summary>
public sealed class AlertLevelTests
{
    private static readonly DateTimeOffset Dawn = new(2021, 7, 20, 0, 0, 0, TimeSpan.Zero);

    private static readonly Alert Flood = SomeWeb.FloodAlert() with
    {
        RaisedAt = Dawn.AddHours(8),
        Level = AlertLevel.III,
        PeakLevel = AlertLevel.I,
        History =
        [
            new(Dawn.AddHours(8), AlertLevel.IV, "raised"), new(Dawn.AddHours(9), AlertLevel.I, "escalated"), new(Dawn.AddHours(10), AlertLevel.I, "acknowledged", "Mei"),
            new(Dawn.AddHours(30), AlertLevel.III, "steppedDown"), new(Dawn.AddHours(31), AlertLevel.III, "silenced"),
        ],
    };

    [Fact]
    public void First_highest_and_present_level_each_have_their_time()
    {
        Assert.Equal(new LevelSince(AlertLevel.IV, Dawn.AddHours(8)), AlertTexts.First(Flood));
        Assert.Equal(new LevelSince(AlertLevel.I, Dawn.AddHours(9)), AlertTexts.Peak(Flood));
        Assert.Equal(new LevelSince(AlertLevel.III, Dawn.AddHours(30)), AlertTexts.Now(Flood));
    }

    [Fact]
    public void One_that_is_over_is_known_by_its_highest_level()
    {
        var over = Flood with { Status = AlertStatus.Ended, History = [.. Flood.History, new(Dawn.AddHours(40), AlertLevel.III, "ended")] };

        Assert.Equal((AlertLevel.III, AlertLevel.I), (AlertTexts.Shown(Flood), AlertTexts.Shown(over)));
        Assert.Equal(Dawn.AddHours(40), AlertTexts.Over(over));
    }
}
