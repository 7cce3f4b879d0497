using RiskWatch.Contracts;
using Xunit;
using static RiskWatch.Tests.Classification.Stage.StageHarness;

namespace RiskWatch.Tests.Classification.Stage;

/// <summary>LOG §6: which version of a site judges a record.</summary>
public sealed class ControlRuleTests
{
    private static ControlEntry WithoutIgnored(DateTimeOffset from) => Entry(Site() with { IgnoredChannels = [] }, version: 2) with { EffectiveFrom = from };

    private static Record FromStaff(string id, double minute = 0) => Post(id, "x", minute) with { Channel = "employee" };

    [Fact]
    public void Control_beyond_the_last_mark_before_a_record_is_not_used()
    {
        var h = new StageHarness();
        var newer = h.Control.Add(WithoutIgnored(DateTimeOffset.MinValue));
        h.Batch(Mark(0, control: 0), FromStaff("1")).Batch(Mark(1, control: newer), FromStaff("2"));

        Assert.Equal([false, true], h.Scored.Select(s => s.Counted));
    }

    [Fact]
    public void The_offset_in_use_survives_a_restart()
    {
        var h = new StageHarness();
        h.Batch(Mark(0, control: 0), FromStaff("1"));
        h.Control.Add(WithoutIgnored(DateTimeOffset.MinValue));

        Assert.Equal([false, false], h.Restart().Batch(FromStaff("2")).Scored.Select(s => s.Counted));
    }

    [Fact]
    public void A_records_own_sources_mark_decides_and_not_anothers()
    {
        var h = new StageHarness();
        var newer = h.Control.Add(WithoutIgnored(DateTimeOffset.MinValue));

        Assert.False(Assert.Single(h.Batch(Mark(0, control: 0), Mark(0, "app", control: newer), FromStaff("1")).Scored).Counted);
    }

    [Fact]
    public void EffectiveFrom_is_event_time()
    {
        var h = new StageHarness();
        var newer = h.Control.Add(WithoutIgnored(Noon.AddMinutes(10)));
        h.Batch(Mark(0, control: newer), FromStaff("1", 9), FromStaff("2", 10));

        Assert.Equal([false, true], h.Scored.Select(s => s.Counted));
    }

    [Fact]
    public void Before_the_first_mark_the_first_version_of_the_site_judges()
    {
        var h = new StageHarness();
        h.Control.Add(WithoutIgnored(DateTimeOffset.MinValue));

        Assert.False(Assert.Single(h.Batch(FromStaff("1")).Scored).Counted);
    }

    [Fact]
    public void A_removed_site_takes_no_records()
    {
        var h = new StageHarness();
        var removed = h.Control.Add(Entry(Site(), version: 2) with { Removed = true, Site = null });

        Assert.Equal(DeadLetterReason.UnknownSource, Assert.Single(h.Batch(Mark(0, control: removed), Post("1", "x")).Poison).Reason);
    }
}
