using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Sketches;
using Xunit;
using static RiskWatch.Tests.Classification.Stage.StageHarness;

namespace RiskWatch.Tests.Classification.Stage;

/// <summary>LOG §3.7 and §4: what counts, and as what.</summary>
public sealed class TallyRuleTests
{
    [Fact]
    public void A_record_counts_under_everything_and_each_of_its_topics_at_its_first_place()
    {
        var h = new StageHarness().Batch(Mark(0), Post("1", "negative p:0.5 topic:flood topic:weather place:cn-41 place:cn-11 term:dam"));

        Assert.Equal(["*", "flood", "weather"], h.Tallies.Select(t => t.Topic));
        Assert.All(h.Tallies, t => Assert.Equal("cn-41", t.Place));
        Assert.All(h.Tallies, t => Assert.Equal(new TallyCounts { Posts = 1, Negative = 1, Uncertain = 1, FalseTenThousandths = 5000 }, t.Counts));
        Assert.Equal([["dam"], [], []], h.Tallies.Select(t => t.Terms.Select(c => c.Term)));
        Assert.Equal(new Exemplar("weibo", "1", 1), Assert.Single(h.Tallies[0].Exemplars));
        Assert.True(Assert.Single(h.Scored).Counted);
    }

    [Fact]
    public void A_likely_false_post_counts_whole_under_a_topic_of_its_own()
    {
        var h = new StageHarness().Batch(Mark(0), Post("1", "p:0.95 topic:flood"), Post("2", "p:0.95") with { Kind = RecordKind.Hotline });

        Assert.Equal(["*", "flood", SeriesTopics.LikelyFalse], h.Tallies.Select(t => t.Topic));
        Assert.Equal(new TallyCounts { Posts = 1, LikelyFalse = 1 }, h.Tallies[^1].Counts);
    }

    [Fact]
    public void A_record_without_place_counts_at_the_root_of_its_site() =>
        Assert.Equal("cn", Assert.Single(new StageHarness().Batch(Post("1", "x")).Tallies).Place);

    [Fact]
    public void One_batch_sends_one_tally_per_series_minute_and_stamp()
    {
        var h = new StageHarness().Batch(Mark(0), Post("1", "x"), Post("2", "y"), Post("3", "z", minute: 1));

        Assert.Equal([(Minute(0), 2), (Minute(1), 1)], h.Tallies.Select(t => (t.Minute, t.Counts.Posts)));
    }

    [Fact]
    public void A_hotline_record_is_never_discounted()
    {
        var h = new StageHarness().Batch(Post("1", "p:0.9") with { Kind = RecordKind.Hotline });

        Assert.Equal(new TallyCounts { Hotline = 1 }, h.Total());
        Assert.Equal(0, h.Pairs());
    }

    [Fact]
    public void A_record_later_than_lateness_is_stored_but_not_tallied()
    {
        var h = new StageHarness().Batch(
            Post("in time", "x") with { Received = Noon.AddHours(24) },
            Post("late", "x") with { Received = Noon.AddHours(24).AddSeconds(1) });

        Assert.Equal([("in time", true), ("late", false)], h.Scored.Select(s => (s.Record.Id, s.Counted)));
        Assert.Equal(1, h.Total().Posts);
    }

    [Fact]
    public void A_site_may_wait_longer()
    {
        var h = new StageHarness(control: ListedControl.OfSites(Site() with { Lateness = TimeSpan.FromHours(48) }));

        Assert.Equal(1, h.Batch(Post("1", "x") with { Received = Noon.AddHours(47) }).Total().Posts);
    }

    [Fact]
    public void A_channel_that_is_not_the_publics_voice_is_stored_and_not_counted()
    {
        var h = new StageHarness().Batch(Post("1", "x") with { Channel = "employee" }, Post("2", "x") with { Channel = "app" });

        Assert.Equal([false, true], h.Scored.Select(s => s.Counted));
        Assert.Equal(1, h.Total().Posts);
    }

    [Fact]
    public void Published_over_five_minutes_ahead_is_poison()
    {
        var h = new StageHarness().Batch(
            Post("1", "x") with { Received = Noon.AddMinutes(-5) },
            Post("2", "x") with { Received = Noon.AddMinutes(-5).AddSeconds(-1) });

        Assert.Equal(DeadLetterReason.FromTheFuture, Assert.Single(h.Poison).Reason);
        Assert.Equal("1", Assert.Single(h.Scored).Record.Id);
    }

    [Fact]
    public void What_cannot_be_read_is_poison_and_the_rest_goes_on()
    {
        var h = new StageHarness();
        var good = h.Message(Post("1", "x"));
        h.Batch(good with { Value = "{\"id\":"u8.ToArray() }, good with { Value = null }, good with { Type = "unheard-of" }, Post("", "x"), good);

        Assert.Equal(
            [DeadLetterReason.Malformed, DeadLetterReason.Malformed, DeadLetterReason.Malformed, DeadLetterReason.MissingField],
            h.Poison.Select(p => p.Reason));
        Assert.Single(h.Scored);
    }

    [Fact]
    public void A_record_of_an_unknown_site_is_poison() =>
        Assert.Equal(DeadLetterReason.UnknownSource, Assert.Single(new StageHarness().Batch(Post("1", "x") with { Site = "mars" }).Poison).Reason);

    [Fact]
    public void An_entry_of_a_newer_version_stops_the_stage()
    {
        var h = new StageHarness();
        var newer = h.Message(Post("1", "x")) with { SchemaVersion = Schema.Current + 1 };

        Assert.Throws<NewerSchemaException>(() => h.Handle([newer]));
    }

    [Theory]
    [InlineData(true, RecordKind.Post, "a", "a", 1, "the same author counts once")]
    [InlineData(true, RecordKind.Post, "a", "b", 2, "authors differ")]
    [InlineData(true, RecordKind.Post, null, null, 1, "a post without author is its near-duplicate group")]
    [InlineData(false, RecordKind.Post, "a", "b", 1, "the source knows no authors, so the group counts")]
    [InlineData(false, RecordKind.Hotline, "a", "a", 2, "each hotline record is one author")]
    [InlineData(true, RecordKind.Hotline, null, null, 2, "each hotline record without author is one")]
    public void Who_counts_as_an_author(bool knows, RecordKind kind, string? first, string? second, int authors, string because)
    {
        var control = ListedControl.OfSites(Site());
        control.Add(Entry(new SourceDefinition("weibo", "china", "push", KnowsAuthors: knows)));
        var h = new StageHarness(control: control).Batch(
            Mark(0, control: 1),
            Post("1", "same", author: first) with { Kind = kind },
            Post("2", "same", author: second) with { Kind = kind });

        Assert.True(h.Authors() == authors, because);
    }

    [Fact]
    public void Pairs_are_distinct_authors_and_groups_of_posts()
    {
        var h = new StageHarness().Batch(Post("1", "group:1"), Post("2", "group:1"), Post("3", "group:2"), Post("4", "group:1", author: "b"));

        Assert.Equal((2, 3), (h.Authors(), h.Pairs()));
    }

    [Fact]
    public void Exemplars_are_the_eight_smallest_by_hash()
    {
        var h = new StageHarness().Batch(Enumerable.Range(0, 200).Select(i => Post("id" + i, "x")));
        var smallest = Enumerable.Range(0, 200).Select(i => "id" + i).OrderBy(id => SketchHash.OfRecord("weibo", id)).Take(8);

        Assert.Equal(smallest, Assert.Single(h.Tallies).Exemplars.Select(e => e.Id));
    }

    [Fact]
    public void At_most_the_configured_terms_are_tallied()
    {
        var h = new StageHarness(new() { MaxTerms = 2 }).Batch(Post("1", "term:a term:b term:c"));

        Assert.Equal(2, Assert.Single(h.Tallies).Terms.Count);
    }
}
