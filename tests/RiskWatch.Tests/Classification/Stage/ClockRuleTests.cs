using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using Xunit;
using static RiskWatch.Tests.Classification.Stage.StageHarness;

namespace RiskWatch.Tests.Classification.Stage;

/// <summary>LOG §3.1–3.3: marks, clocks, stamps.</summary>
public sealed class ClockRuleTests
{
    [Fact]
    public void The_clock_is_the_least_mark_of_the_sources_waited_for()
    {
        var h = new StageHarness().Batch(Mark(5)).Batch(Mark(3, "app")).Batch(Mark(9)).Batch(Mark(8, "app"));

        Assert.Equal([Minute(5), Minute(8)], h.Clocks.Select(c => c.Minute));
        Assert.All(h.Outputs, o => Assert.Equal(OutputRoute.ToAllPartitions, o.Route));
    }

    [Fact]
    public void The_clock_never_decreases()
    {
        var h = new StageHarness().Batch(Mark(5)).Batch(Mark(2)).Batch(Mark(1, "new source")).Batch(Mark(6, "new source"));

        Assert.Equal([Minute(5)], h.Clocks.Select(c => c.Minute));
        Assert.Equal([Minute(5), Minute(6)], h.Batch(Mark(7)).Clocks.Select(c => c.Minute));
    }

    [Fact]
    public void A_source_not_waited_for_does_not_hold_the_clock_and_holds_it_again_once_it_is()
    {
        var h = new StageHarness().Batch(Mark(0), Mark(0, "slow")).Batch(Mark(0, "slow", waited: false)).Batch(Mark(10)).Batch(Mark(4, "slow"))
            .Batch(Mark(12)).Batch(Mark(11, "slow"));

        Assert.Equal([Minute(0), Minute(10), Minute(11)], h.Clocks.Select(c => c.Minute));
    }

    [Fact]
    public void An_ended_source_drops_out()
    {
        var h = new StageHarness().Batch(Mark(0), Mark(0, "old")).Batch(Mark(10)).Batch(Mark(0, "old", ended: true));

        Assert.Equal([Minute(0), Minute(10)], h.Clocks.Select(c => c.Minute));
    }

    [Fact]
    public void Where_no_source_is_waited_for_the_largest_mark_counts()
    {
        var h = new StageHarness().Batch(Mark(5, waited: false)).Batch(Mark(9, "app", waited: false)).Batch(Mark(7, waited: false));

        Assert.Equal([Minute(5), Minute(9)], h.Clocks.Select(c => c.Minute));
    }

    [Fact]
    public void The_mark_of_an_ended_source_is_not_the_largest()
    {
        var h = new StageHarness().Batch(Mark(5), Mark(20, "old", waited: false)).Batch(Mark(20, "old", ended: true)).Batch(Mark(6, waited: false));

        Assert.Equal([Minute(5), Minute(6)], h.Clocks.Select(c => c.Minute));
    }

    [Fact]
    public void Sites_have_clocks_of_their_own()
    {
        var h = new StageHarness().Batch(Mark(5), Mark(3, site: "boston"));

        Assert.Equal([("china", Minute(5)), ("boston", Minute(3))], h.Clocks.Select(c => (c.Site, c.Minute)));
    }

    [Fact]
    public void A_tally_is_stamped_with_the_last_mark_of_its_records_own_source()
    {
        var h = new StageHarness().Batch(Mark(3), Mark(9, "app"), Post("1", "x", 9), Post("2", "x", 9) with { Source = "app" });

        Assert.Equal([("weibo", Minute(3)), ("app", Minute(9))], h.Tallies.Select(t => (t.Sources.Keys.Single(), t.Stamp)));
    }

    [Fact]
    public void A_source_not_waited_for_stamps_with_the_clock_and_before_any_mark_with_zero()
    {
        var h = new StageHarness().Batch(Post("0", "x")).Batch(Mark(5), Mark(9, "slow", waited: false), Post("1", "x", 9) with { Source = "slow" }, Post("2", "x", 9) with { Source = "never marked" });

        Assert.Equal([0, Minute(5)], h.Tallies.Select(t => t.Stamp));
    }

    [Fact]
    public void Tallies_lie_before_the_clock_that_follows_them()
    {
        var h = new StageHarness().Batch(Post("1", "x"), Mark(5), Post("2", "x"));

        Assert.Equal([EntryTypes.Scored, EntryTypes.Scored, EntryTypes.Tally, EntryTypes.Tally, EntryTypes.Clock], h.Outputs.Select(o => o.Type));
    }

    [Fact]
    public void Of_the_clocks_of_a_batch_the_last_under_each_control_offset_is_sent()
    {
        var h = new StageHarness().Batch(Mark(1, control: 0), Mark(2, control: 0), Mark(3, control: 4), Mark(4, control: 4));

        Assert.Equal([(Minute(2), 0L), (Minute(4), 4L)], h.Clocks.Select(c => (c.Minute, c.ControlOffset)));
    }

    [Fact]
    public void The_greatest_control_offset_of_the_marks_is_forwarded()
    {
        var h = new StageHarness().Batch(Mark(1, control: 7), Mark(2, "app", control: 3)).Forget().Batch(Mark(2, control: 5));

        Assert.Equal(7, Assert.Single(h.Clocks).ControlOffset);
    }
}
