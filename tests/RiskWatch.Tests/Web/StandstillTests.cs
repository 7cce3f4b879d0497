using RiskWatch.Contracts;
using RiskWatch.Web.Live;
using RiskWatch.Web.Status;
using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>No alerts and a standstill must not look alike (DESIGN §4).</summary>
public sealed class StandstillTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan After = TimeSpan.FromMinutes(5);

    [Fact]
    public void A_tick_that_moved_a_moment_ago_is_no_standstill() => Assert.Equal(StandstillReason.None, Decide(minutesAgo: 4, Source("a", 100)).Reason);

    [Fact]
    public void A_tick_stuck_for_five_minutes_names_the_sources_that_it_waits_for()
    {
        var still = Decide(minutesAgo: 5, Source("slow", 101), Source("fast", 200));

        Assert.Equal(StandstillReason.WaitsForSources, still.Reason);
        Assert.Equal(["slow"], still.Sources);
        Assert.Contains("slow", still.InWords(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_all_marks_have_passed_the_stages_are_to_blame() => Assert.Equal(StandstillReason.WaitsForStages, Decide(minutesAgo: 60, Source("a", 102)).Reason);

    [Fact]
    public void Where_no_source_is_waited_for_nothing_is_expected() => Assert.Equal(StandstillReason.None, Decide(minutesAgo: 60, Source("a", 100) with { Waited = false }).Reason);

    [Fact]
    public void Where_the_sources_are_another_processs_a_tick_that_stopped_is_said_all_the_same()
    {
        var tick = new ObservedTick(100, Now.AddMinutes(-6));

        Assert.Equal(StandstillReason.SourcesUnseen, StandstillDecision.Decide(tick, Now.AddDays(-1), [], Now, After, unseen: true).Reason);
        Assert.Equal(StandstillReason.None, StandstillDecision.Decide(tick, Now.AddDays(-1), [], Now, After).Reason);
    }

    [Fact]
    public void A_site_that_never_ticked_is_measured_from_the_start() =>
        Assert.Equal(StandstillReason.WaitsForStages, StandstillDecision.Decide(null, Now.AddMinutes(-6), [Source("a", 100)], Now, After).Reason);

    [Fact]
    public void What_an_ended_source_still_holds_is_not_decided_by_saying_that_it_ended()
    {
        var ended = Source("a", 102) with { State = SourceState.Ended, Waited = false };

        Assert.Equal(StandstillReason.WaitsForStages, Decide(minutesAgo: 6, ended).Reason);
        Assert.Equal(StandstillReason.None, Decide(minutesAgo: 6, ended with { Mark = 101 }).Reason);
    }

    [Fact]
    public void A_source_that_has_not_begun_is_not_waited_for() =>
        Assert.Equal(StandstillReason.None, StandstillDecision.Decide(null, Now.AddMinutes(-60), [Source("later", 0) with { Mark = null, Waited = false, State = SourceState.Empty }], Now, After).Reason);

    private static StandstillDecision Decide(int minutesAgo, params SourceStatus[] sources) =>
        StandstillDecision.Decide(new ObservedTick(100, Now.AddMinutes(-minutesAgo)), Now.AddDays(-1), sources, Now, After);

    private static SourceStatus Source(string name, long mark) => new(name, "site", SourceState.Healthy, mark, null, 0, 0, null);
}
