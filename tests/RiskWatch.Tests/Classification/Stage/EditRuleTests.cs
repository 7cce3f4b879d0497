using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using Xunit;
using static RiskWatch.Tests.Classification.Stage.StageHarness;

namespace RiskWatch.Tests.Classification.Stage;

/// <summary>LOG §5.1, §5.2, §5.4, §5.6: edits, deletions, versions.</summary>
public sealed class EditRuleTests
{
    [Fact]
    public void An_edit_takes_back_the_old_and_adds_the_new()
    {
        var h = new StageHarness().Batch(Post("1", "negative topic:flood place:cn-41 term:dam p:0.5"))
            .Batch(Post("1", "positive topic:fire place:cn-11 term:smoke"));
        var alone = new StageHarness().Batch(Post("1", "positive topic:fire place:cn-11 term:smoke"));

        Assert.Equal(alone.Sums(), h.Sums());
        Assert.Equal([true, true], h.Scored.Select(s => s.Counted));
    }

    [Fact]
    public void An_edit_of_what_is_not_tallied_changes_no_tally()
    {
        var h = new StageHarness().Batch(Post("1", "topic:flood")).Forget()
            .Batch(Post("1", "topic:flood") with { Engagement = new Engagement(Heat: 100), Updated = Noon.AddHours(1) });

        Assert.Empty(h.Tallies);
        Assert.False(Assert.Single(h.Scored).Counted);
    }

    [Fact]
    public void An_older_version_is_a_repeat()
    {
        var h = new StageHarness().Batch(Post("1", "negative") with { Updated = Noon.AddMinutes(2) }).Forget()
            .Batch(Post("1", "positive") with { Updated = Noon.AddMinutes(1) });

        Assert.Empty(h.Outputs);
    }

    [Fact]
    public void Published_never_changes()
    {
        var h = new StageHarness().Batch(Post("1", "negative")).Batch(Post("1", "positive", minute: 90));

        Assert.Equal([Minute(0)], h.Tallies.Select(t => t.Minute).Distinct());
        Assert.Equal([Noon, Noon], h.Scored.Select(s => s.Record.Published));
    }

    [Fact]
    public void A_late_edit_is_stored_and_changes_no_tally()
    {
        var h = new StageHarness().Batch(Post("1", "negative")).Forget().Batch(Post("1", "positive") with { Received = Noon.AddHours(25) });

        Assert.Empty(h.Tallies);
        Assert.False(Assert.Single(h.Scored).Counted);
    }

    [Fact]
    public void An_edit_may_move_a_record_out_of_the_publics_voice()
    {
        var h = new StageHarness().Batch(Post("1", "x")).Batch(Post("1", "x") with { Channel = "employee" });

        Assert.Empty(h.Sums());
    }

    [Fact]
    public void A_deletion_takes_back_what_the_record_added()
    {
        var h = new StageHarness().Batch(Post("1", "negative topic:flood term:dam")).Batch(Deletion("1", 5));

        Assert.Empty(h.Sums());
        Assert.True(h.Scored[1] is { Record: { Deleted: true, Text: "", Author: null, Published: var published }, Assessment: null } && published == Noon);
    }

    [Fact]
    public void A_deletion_of_an_unheld_record_is_emitted_all_the_same()
    {
        var h = new StageHarness().Batch(Deletion("1") with { Site = "" });

        Assert.True(Assert.Single(h.Scored).Record.Deleted);
        Assert.Empty(h.Tallies);
    }

    [Fact]
    public void A_deleted_id_stays_deleted_for_seven_days()
    {
        var h = new StageHarness().Batch(Deletion("1")).Forget().Batch(Post("1", "x", minute: (7 * 24 * 60) - 1));
        Assert.Empty(h.Outputs);

        Assert.Single(h.Restart().Batch(Post("1", "x", minute: 7 * 24 * 60)).Scored);
    }

    [Fact]
    public void Minus_old_carries_the_mark_of_now()
    {
        var h = new StageHarness().Batch(Mark(0), Post("1", "x")).Batch(Mark(5), Deletion("1", 5));

        Assert.Equal([(1, Minute(0)), (-1, Minute(5))], h.Tallies.Select(t => (t.Counts.Posts, t.Stamp)));
    }

    [Fact]
    public void Contributions_are_dropped_by_the_hour_once_lateness_has_passed()
    {
        var h = new StageHarness().Batch(Mark(0), Post("1", "x"), Post("2", "x", 60)).Batch(Mark((25 * 60) - 1));
        Assert.Equal(2, h.Held);

        h.Batch(Mark(25 * 60));
        Assert.Equal(1, h.Held);
        Assert.Single(h.State.Keys, k => k[0] == 'h');
    }

    [Fact]
    public void What_lateness_has_passed_is_neither_taken_back_nor_counted_again()
    {
        var h = new StageHarness().Batch(Mark(0), Post("1", "x")).Batch(Mark(25 * 60)).Forget()
            .Batch(Post("1", "negative") with { Received = Noon.AddMinutes(1) }, Deletion("1"));

        Assert.Empty(h.Tallies);
        Assert.Equal(2, h.Scored.Count);
    }

    [Fact]
    public void Whether_lateness_has_passed_does_not_depend_on_other_sources()
    {
        // The clock waits for a slower source, so memory still holds the record; the rule is its own source's mark.
        var h = new StageHarness().Batch(Mark(0), Mark(0, "slow"), Post("1", "x")).Batch(Mark(25 * 60)).Forget();
        Assert.Equal(1, h.Held);

        Assert.Empty(h.Batch(Deletion("1")).Tallies);
    }

    [Fact]
    public void Store_versions_grow_and_are_not_below_ingest_time()
    {
        var h = new StageHarness().Batch(Post("1", "x"), Post("2", "x"), Post("3", "x", minute: 1)).Restart().Batch(Post("4", "x", minute: -5));
        var noon = Noon.ToUnixTimeMilliseconds() * 1000;

        Assert.Equal([noon, noon + 1, noon + 60_000_000, noon + 60_000_001], h.Scored.Select(s => s.Version));
    }

    [Fact]
    public void Scored_entries_keep_their_records_partition_number()
    {
        var h = new StageHarness(partitions: 4).BatchIn(3, Post("1", "x"));

        Assert.All(h.Outputs.Where(o => o.Topic == Topics.Scored), o => Assert.Equal((OutputRoute.ToPartition, 3), (o.Route, o.Partition)));
    }
}
