using RiskWatch.Contracts;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Alerting;

/// <summary>What hotline and posts say together.</summary>
public sealed class FusionTests
{
    private const int Day = 21;

    [Theory]
    [InlineData("09", "11", 20, RecordKind.Hotline, 2)]
    [InlineData("12", "11", 20, RecordKind.Post, 1)]
    [InlineData("11", "11", 20, null, 0)]
    [InlineData("09", "11", 4, null, 0)]
    public void The_alert_says_which_kind_led_and_by_how_long(string hotline, string posts, int callers, RecordKind? kind, int hours)
    {
        var run = new Town().Calm(Day).Hotline(Day, $"{hotline}:10", "fire", Town.Mill, callers).Posts(Day, $"{posts}:10", "fire", Town.Mill, 60).Play(Town.At(Day, "13:30"));

        var finding = run.Findings.Last(f => f.Series.Topic == "fire" && f.Series.Place == Town.Mill);
        Assert.Equal(kind is null ? null : new KindLead(kind.Value, hours), finding.Lead);
    }
}
