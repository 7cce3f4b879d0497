using RiskWatch.Contracts;
using RiskWatch.Core.Store;
using static RiskWatch.AdapterTests.Support.SomeStored;

namespace RiskWatch.AdapterTests;

public abstract partial class StoreCompliance
{
    [Fact]
    public async Task A_record_is_kept_whole_but_for_its_author()
    {
        var write = Write("1", "郑州暴雨", topics: ["flood"], places: ["cn-4101"], title: "雨", author: "8f3c");
        await WriteAsync(write);

        var stored = await Store.GetRecordAsync("weibo", "1", Cancel);

        Assert.NotNull(stored);
        Assert.Null(stored.Record.Author);
        Assert.Equivalent(write.Document! with { Record = write.Document!.Record with { Author = null } }, stored, strict: true);
        Assert.Null(await Store.GetRecordAsync("weibo", "2", Cancel));
        Assert.Null(await Store.GetRecordAsync("other", "1", Cancel));
        Assert.Empty(await FindAsync("8f3c"));
    }

    [Fact]
    public async Task An_edit_replaces_words_and_filters()
    {
        await WriteAsync(Write("1", "fire downtown", topics: ["fire"]));
        await WriteAsync(Write("1", "flood downtown", version: 2, topics: ["flood"]));

        Assert.Empty(await FindAsync("fire"));
        Assert.Empty(await FindAsync(new RecordQuery { Topic = "fire" }));
        Assert.Equal(["1"], await FindAsync("flood"));
        Assert.Equal(["1"], await FindAsync(new RecordQuery { Topic = "flood", Text = "downtown" }));
    }

    [Fact]
    public async Task An_older_or_equal_version_changes_nothing()
    {
        await WriteAsync(Write("1", "second", version: 2));
        await WriteAsync(Write("1", "first", version: 1), Write("1", "again", version: 2), Deletion("1", 2), Revise("1", 1, CredibilityBand.LikelyFalse));

        var stored = await Store.GetRecordAsync("weibo", "1", Cancel);
        Assert.Equal("second", stored!.Record.Text);
        Assert.Equal(2, stored.Version);
        Assert.Equal(CredibilityBand.Credible, stored.Assessment.Credibility.Band);
        Assert.Equal(["1"], await FindAsync("second"));
        Assert.Empty(await FindAsync("first"));
    }

    [Fact]
    public async Task A_deleted_record_is_gone_and_an_older_write_cannot_bring_it_back()
    {
        await WriteAsync(Write("1", "rain"), Write("2", "rain", Noon.AddMinutes(-1)));
        await WriteAsync(Deletion("1", 3));
        await WriteAsync(Write("1", "rain", version: 2), Revise("1", 4, CredibilityBand.LikelyFalse));

        Assert.Null(await Store.GetRecordAsync("weibo", "1", Cancel));
        Assert.Equal(["2"], await FindAsync("rain"));
        Assert.Equal(["2"], await FindAsync(new RecordQuery()));
        Assert.Equal(1, Assert.Single(await Store.HistogramAsync(new RecordQuery(), TimeSpan.FromDays(1), Cancel)).Count);
    }

    [Fact]
    public async Task A_deletion_before_the_record_holds_against_it()
    {
        await WriteAsync(Deletion("1", 5));
        await WriteAsync(Write("1", "rain", version: 4));

        Assert.Null(await Store.GetRecordAsync("weibo", "1", Cancel));
    }

    [Fact]
    public async Task A_newer_write_after_a_deletion_holds()
    {
        await WriteAsync(Write("1", "rain"), Deletion("1", 2), Write("1", "snow", version: 3));

        Assert.Equal(["1"], await FindAsync("snow"));
        Assert.Empty(await FindAsync("rain"));
    }

    [Fact]
    public async Task Many_changes_of_one_record_in_one_batch_are_applied_in_order()
    {
        await WriteAsync(
            Write("1", "one", version: 1), Revise("1", 2, CredibilityBand.Uncertain), Write("1", "two", version: 3), Deletion("1", 4), Write("1", "three", version: 5),
            Revise("1", 6, CredibilityBand.LikelyFalse, doubts: 2), Write("2", "four"), Deletion("2", 2));

        Assert.Equal(["1"], await FindAsync(new RecordQuery()));
        Assert.Equal(["1"], await FindAsync(new RecordQuery { Text = "three", Band = CredibilityBand.LikelyFalse }));
        Assert.Empty(await FindAsync("one"));
        Assert.Empty(await FindAsync("four"));
    }

    [Fact]
    public async Task A_revision_changes_the_assessment_alone()
    {
        await WriteAsync(Write("1", "谣言说堤坝垮了", topics: ["flood"], places: ["cn-4101"]));
        await WriteAsync(Revise("1", 2, CredibilityBand.LikelyFalse, doubts: 3));
        await WriteAsync(Revise("1", 3, mood: Sentiment.Negative, doubts: 4, by: "analyst"));

        var stored = await Store.GetRecordAsync("weibo", "1", Cancel);
        Assert.Equal("谣言说堤坝垮了", stored!.Record.Text);
        Assert.Equal(CredibilityBand.LikelyFalse, stored.Assessment.Credibility.Band);
        Assert.Equal((Sentiment.Negative, -1d, 1d), (stored.Assessment.Sentiment.Label, stored.Assessment.Sentiment.Score, stored.Assessment.Sentiment.Probabilities.Negative));
        Assert.Equal((4, "analyst", 3L), (stored.Doubts, stored.CorrectedBy, stored.Version));
        Assert.Equal(["1"], await FindAsync(new RecordQuery { Text = "堤坝", Band = CredibilityBand.LikelyFalse, Sentiment = Sentiment.Negative, Place = "cn-41" }));
        Assert.Empty(await FindAsync(new RecordQuery { Band = CredibilityBand.Credible }));
    }

    [Fact]
    public async Task A_revision_of_what_is_not_there_makes_nothing()
    {
        await WriteAsync(Revise("1", 9, CredibilityBand.LikelyFalse));
        Assert.Null(await Store.GetRecordAsync("weibo", "1", Cancel));

        await WriteAsync(Write("1", "rain", version: 2));
        Assert.Equal(["1"], await FindAsync("rain"));
    }

    [Fact]
    public async Task The_same_writes_again_change_nothing()
    {
        RecordWrite[] writes = [Write("1", "rain"), Write("2", "snow"), Revise("1", 2, CredibilityBand.Uncertain, doubts: 1), Deletion("2", 3), Write("1", "hail", version: 4)];
        await WriteAsync(writes);
        var before = await Store.GetRecordAsync("weibo", "1", Cancel);

        await WriteAsync(writes);

        Assert.Equivalent(before, await Store.GetRecordAsync("weibo", "1", Cancel), strict: true);
        Assert.Null(await Store.GetRecordAsync("weibo", "2", Cancel));
        Assert.Equal(["1"], await FindAsync(new RecordQuery()));
    }

    [Fact]
    public async Task Pruning_deletes_what_was_published_before()
    {
        await WriteAsync([.. Enumerable.Range(0, 3000).Select(i => Write(Id(i), "rain", Noon.AddSeconds(-i)))]);

        Assert.Equal(2899, await Store.PruneRecordsAsync(Noon.AddSeconds(-100), Cancel));
        await RefreshAsync();

        Assert.Equal(101, Assert.Single(await Store.HistogramAsync(new RecordQuery { Text = "rain" }, TimeSpan.FromDays(1), Cancel)).Count);
        Assert.Null(await Store.GetRecordAsync("weibo", Id(101), Cancel));
        Assert.NotNull(await Store.GetRecordAsync("weibo", Id(100), Cancel));
    }

    [Fact]
    public async Task Pruning_may_be_of_one_site_or_of_all_but_some()
    {
        await WriteAsync(
            Write("1", "rain", Noon.AddMonths(-3)), Write("2", "rain", Noon.AddMonths(-3), site: "boston"), Write("3", "rain", Noon.AddMonths(-3), site: "oslo"),
            Write("4", "rain"), Write("5", "rain", site: "boston"));

        Assert.Equal(1, await Store.PruneRecordsAsync(new RecordCut(Noon.AddMonths(-2), "boston"), Cancel));
        await RefreshAsync();
        Assert.Equal(["4", "5", "1", "3"], await FindAsync(new RecordQuery()));

        Assert.Equal(1, await Store.PruneRecordsAsync(new RecordCut(Noon) { Except = ["boston", "oslo"] }, Cancel));
        await RefreshAsync();
        Assert.Equal(["4", "5", "3"], await FindAsync("rain"));
    }
}
