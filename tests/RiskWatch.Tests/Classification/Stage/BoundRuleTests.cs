using Xunit;
using static RiskWatch.Tests.Classification.Stage.StageHarness;

namespace RiskWatch.Tests.Classification.Stage;

/// <summary>LOG §5.1, §8: state is bounded, and its changelog has few entries.</summary>
public sealed class BoundRuleTests
{
    [Fact]
    public void Beyond_the_bound_the_oldest_hour_is_dropped()
    {
        var h = new StageHarness(new() { MaxHeldContributions = 3 }).Batch(Post("1", "x"), Post("2", "x"), Post("3", "x", 60), Post("4", "x", 60));

        Assert.Equal(2, h.Held);
        Assert.Single(h.State.Keys, k => k[0] == 'h');
    }

    [Fact]
    public void Edits_of_an_hour_dropped_early_are_not_counted_twice_and_first_versions_still_count()
    {
        var h = new StageHarness(new() { MaxHeldContributions = 1 }).Batch(Post("1", "x"), Post("2", "x", 60)).Restart().Forget()
            .Batch(Post("1", "negative") with { Updated = Noon.AddMinutes(61) }, Post("3", "x"));

        Assert.Equal([("1", false), ("3", true)], h.Scored.Select(s => (s.Record.Id, s.Counted)));
    }

    [Fact]
    public void Beyond_the_bound_the_oldest_hour_of_doubts_is_dropped()
    {
        var h = new StageHarness(new() { MaxWaitingDoubts = 1 })
            .Batch(Post("d1", "doubts", 0, "b") with { RepostOf = "o" }, Post("d2", "doubts", 60, "c") with { RepostOf = "o" });

        Assert.Single(h.State.Keys, k => k[0] == 'd');
    }

    [Fact]
    public void Beyond_the_bound_the_oldest_deletions_are_forgotten()
    {
        var h = new StageHarness(new() { MaxDeletedIds = 1 }).Batch(Deletion("1"), Deletion("2", 60));

        Assert.Single(h.State.Keys, k => k[0] == 'x');
    }

    [Fact]
    public void Deletions_are_forgotten_after_their_days()
    {
        var h = new StageHarness().Batch(Deletion("1")).Batch(Post("2", "x", 9 * 24 * 60));

        Assert.DoesNotContain(h.State.Keys, k => k[0] == 'x');
    }

    [Fact]
    public void A_batch_changes_one_state_entry_an_hour_however_many_records_it_has()
    {
        var h = new StageHarness().Batch(Enumerable.Range(0, 1000).Select(i => Post("id" + i, "x", i % 120)));

        Assert.Equal(2, h.State.Keys.Count(k => k[0] == 'h'));
        Assert.Equal(64_000, h.State.Where(e => e.Key[0] == 'h').Sum(e => e.Value.Length));
    }

    [Fact]
    public void Gathering_small_entries_never_brings_an_older_version_back()
    {
        var h = new StageHarness().Batch(Post("id0", "x")).Batch(Enumerable.Range(0, 600).Select(i => Post("id" + i, "negative")));
        for (var i = 0; i < 100; i++)
        {
            h.Batch(Post("small" + i, "x"));
        }

        Assert.Equal(-1, h.Restart().Forget().Batch(Deletion("id0")).Total().Negative);
    }

    [Fact]
    public void Many_small_batches_leave_few_state_entries()
    {
        var h = new StageHarness();
        for (var i = 0; i < 1000; i++)
        {
            h.Batch(Post("id" + (i % 500), i < 500 ? "x" : "negative"));
        }

        Assert.InRange(h.State.Keys.Count(k => k[0] == 'h'), 1, 80);
        h.Restart().Forget().Batch(Enumerable.Range(0, 500).Select(i => Deletion("id" + i)));
        Assert.Equal((-500, -500), (h.Total().Posts, h.Total().Negative));
    }
}
