using RiskWatch.Contracts;
using Xunit;
using static RiskWatch.Tests.Classification.Stage.StageHarness;

namespace RiskWatch.Tests.Classification.Stage;

/// <summary>LOG §2.4, §5.2, §5.3, §5.5: what the crowd, a repost or a person changes on a record.</summary>
public sealed class DoubtRuleTests
{
    private static Record Doubting(string id, string author, string group = "1", double minute = 1) =>
        Post(id, $"doubts group:{group}", minute, author) with { RepostOf = "o" };

    private static Correction Correction(string id, bool? isFalse = null, Sentiment? mood = null, double minute = 5) =>
        new(id, "weibo", "o", "o", isFalse, mood, "ann", Noon.AddMinutes(minute));

    [Fact]
    public void Doubt_changes_its_original_in_the_tallies_and_on_scored()
    {
        var h = new StageHarness().Batch(Post("o", "p:0.3 topic:flood")).Batch(Doubting("d", "b"));

        Assert.Equal(new TallyCounts { Posts = 1, Uncertain = 1, FalseTenThousandths = 5000 }, h.Total("flood"));
        var revision = Assert.Single(h.Revisions);
        Assert.Equal(("o", Noon, new Credibility(0.5, CredibilityBand.Uncertain), 1, null), (revision.Id, revision.Published, revision.Credibility, revision.Doubts, revision.CorrectedBy));
        Assert.Equal(Noon.AddMinutes(1), revision.At);
    }

    [Theory]
    [InlineData("b", "1", 1, "the same author of the day with the same words counts once")]
    [InlineData("c", "1", 2, "another author counts")]
    [InlineData("b", "2", 2, "other words count")]
    public void Doubt_counts_once_per_author_and_group(string author, string group, int doubts, string because)
    {
        var h = new StageHarness().Batch(Post("o", "p:0.1")).Batch(Doubting("d1", "b"), Doubting("d2", author, group));

        Assert.True(h.Revisions[^1].Doubts == doubts, because);
    }

    [Fact]
    public void Doubt_that_comes_before_its_original_waits_for_it()
    {
        var h = new StageHarness().Batch(Doubting("d", "b", minute: 0)).Restart().Batch(Post("o", "p:0.3"));

        Assert.Equal(0.5, h.Scored[^1].Assessment!.Credibility.FalseProbability);
        Assert.Equal(1, Assert.Single(h.Revisions).Doubts);
    }

    [Fact]
    public void Waiting_doubt_is_forgotten_once_lateness_has_passed()
    {
        var h = new StageHarness().Batch(Mark(0), Doubting("d", "b", minute: 0)).Batch(Mark(25 * 60)).Batch(Post("o", "p:0.3", minute: 25 * 60));

        Assert.Equal(0.3, h.Scored[^1].Assessment!.Credibility.FalseProbability);
        Assert.DoesNotContain(h.State.Keys, k => k[0] is 'd' or 'o');
    }

    [Fact]
    public void When_doubt_is_forgotten_does_not_depend_on_other_sources()
    {
        // The clock waits for a slower source, so memory still holds the doubt; the rule is the mark of its own source.
        var h = new StageHarness().Batch(Mark(0), Mark(0, "slow"), Doubting("d", "b", minute: 0)).Batch(Mark(25 * 60));
        Assert.Contains(h.State.Keys, k => k[0] == 'd');

        Assert.Equal(0.3, h.Batch(Post("o", "p:0.3", minute: 25 * 60)).Scored[^1].Assessment!.Credibility.FalseProbability);
        Assert.Empty(h.Batch(Deletion("d", 25 * 60)).Revisions);
    }

    [Theory]
    [InlineData(true, "deleted")]
    [InlineData(false, "edited")]
    public void Doubt_is_taken_back_with_the_record_that_said_it(bool deleted, string because)
    {
        var h = new StageHarness().Batch(Post("o", "p:0.3 topic:flood")).Batch(Doubting("d", "b")).Restart()
            .Batch(deleted ? Deletion("d", 2) : Doubting("d", "b") with { Text = "trusts", Updated = Noon.AddMinutes(2) });

        Assert.True(h.Total("flood").FalseTenThousandths == 3000, because);
        Assert.Equal(("o", 0, 0.3), (h.Revisions[^1].Id, h.Revisions[^1].Doubts, h.Revisions[^1].Credibility!.FalseProbability));
    }

    [Fact]
    public void An_edit_of_the_original_keeps_the_crowds_doubt()
    {
        var h = new StageHarness().Batch(Post("o", "p:0.3")).Batch(Doubting("d", "b")).Batch(Post("o", "p:0.1 topic:flood"));

        Assert.Equal(3000, h.Total("flood").FalseTenThousandths);
        Assert.Equal(0.3, h.Scored[^1].Assessment!.Credibility.FalseProbability, 6);
        Assert.Equal(1, h.Revisions[^1].Doubts);
    }

    [Fact]
    public void A_late_record_and_one_that_is_not_the_publics_voice_doubt_nothing()
    {
        var h = new StageHarness().Batch(Post("o", "p:0.3"))
            .Batch(Doubting("d1", "b") with { Received = Noon.AddHours(25) }, Doubting("d2", "b") with { Channel = "employee" });

        Assert.Empty(h.Revisions);
    }

    [Fact]
    public void A_correction_overrides_model_and_doubt()
    {
        var h = new StageHarness().Batch(Post("o", "p:0.3 negative topic:flood"), Doubting("d", "b"))
            .Batch(Correction("c1", isFalse: false, mood: Sentiment.Positive)).Batch(Doubting("d2", "c"));

        Assert.Equal(new TallyCounts { Posts = 1, Positive = 1 }, h.Total("flood"));
        var revision = h.Revisions.Single(r => r.CorrectedBy == "ann");
        Assert.Equal((new Credibility(0, CredibilityBand.Credible), (Sentiment?)Sentiment.Positive), (revision.Credibility!, revision.Sentiment));
    }

    [Fact]
    public void A_correction_is_applied_once()
    {
        var h = new StageHarness().Batch(Post("o", "p:0.3")).Batch(Correction("c1", isFalse: true)).Batch(Correction("c2", isFalse: false, minute: 6)).Restart().Forget()
            .Batch(Correction("c1", isFalse: true, minute: 7));

        Assert.Empty(h.Outputs);
    }

    [Fact]
    public void An_edit_keeps_what_people_said()
    {
        var h = new StageHarness().Batch(Post("o", "p:0.3")).Batch(Correction("c1", isFalse: true)).Restart().Batch(Post("o", "p:0.1 topic:flood"));

        Assert.Equal(new TallyCounts { Posts = 1, LikelyFalse = 1, FalseTenThousandths = 10_000 }, h.Total("flood"));
        Assert.Equal(1, h.Scored[^1].Assessment!.Credibility.FalseProbability);
        Assert.Equal("ann", h.Revisions[^1].CorrectedBy);
    }

    [Fact]
    public void A_correction_of_a_record_no_longer_held_reaches_the_store()
    {
        var h = new StageHarness().Batch(Correction("c1", isFalse: true) with { Published = Noon });

        Assert.Equal((Noon, CredibilityBand.LikelyFalse), (Assert.Single(h.Revisions).Published, h.Revisions[0].Credibility!.Band));
        Assert.Empty(h.Tallies);
    }

    [Fact]
    public void A_repost_without_own_words_is_counted_as_its_original_is_judged()
    {
        var h = new StageHarness().Batch(Post("o", "p:0.5 negative topic:flood place:cn-41 group:7"), Post("r", "", author: "b") with { RepostOf = "o" });

        Assert.Equal(new TallyCounts { Posts = 2, Negative = 2, Uncertain = 2, FalseTenThousandths = 10_000 }, h.Total("flood"));
        Assert.Equal(["cn-41"], h.Tallies.Select(t => t.Place).Distinct());
        Assert.Equal((0.5, Sentiment.Negative, "flood"), (
            h.Scored[1].Assessment!.Credibility.FalseProbability, h.Scored[1].Assessment!.Sentiment.Label, Assert.Single(h.Scored[1].Assessment!.Topics).Id));
    }
}
