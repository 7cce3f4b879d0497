using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Alerting;

/// <summary>A term that operators block raises nothing from then on, at that site, and its open alert ends.</summary>
public sealed class BlockedTermTests
{
    private static readonly long T = Town.At(40, "09:00");

    private readonly ListedControl _control = new(Town.Control());

    [Theory]
    [InlineData("smoke", "town", AlertStatus.Ended)]
    [InlineData("smoke", "city", AlertStatus.Open)]
    [InlineData("smoking", "town", AlertStatus.Open)]
    public void Its_open_alert_ends_at_the_next_tick_where_it_is_that_term_of_that_site(string term, string site, AlertStatus status)
    {
        var run = Town.Run(_control);
        run.Warn(Finding(T), Report(T, _control.Offset));
        Assert.Equal(AlertStatus.Open, run.Confirmed.Single().Status);

        var offset = Block(term, site, T + 1);
        run.Warn(Finding(T + 5), Report(T + 5, offset));

        Assert.Equal(status, run.Confirmed.Single().Status);
    }

    [Fact]
    public void It_raises_nothing_until_it_is_unblocked()
    {
        var run = Town.Run(_control);
        Block("smoke", "town", T - 10);
        var unblocked = _control.Add(Town.Entry(ControlKind.BlockedTerm, "b1", 2, Time(T + 30)) with { Removed = true });

        run.Warn(Finding(T), Report(T, unblocked));
        Assert.Empty(run.Confirmed);
        run.Warn(Finding(T + 40), Report(T + 40, unblocked));

        Assert.Equal("smoke", run.Confirmed.Single().Term);
    }

    private long Block(string term, string site, long from) =>
        _control.Add(Town.Entry(ControlKind.BlockedTerm, "b1", from: Time(from)) with { BlockedTerm = new BlockedTerm(site, term, "a song") });

    private static DateTimeOffset Time(long tick) => DateTimeOffset.FromUnixTimeSeconds(tick * 60);

    private static LogOutput Report(long tick, long offset) => Entries.Of(new TickReport("town", 0, tick, 0, offset));

    private static LogOutput Finding(long tick) => Entries.Of(Alerts.Finding("x", "town", tick, 1e-16, 40) with { Series = new SeriesId("town", null, "town", "smoke") });
}
