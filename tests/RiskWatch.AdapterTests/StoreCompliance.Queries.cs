using RiskWatch.Contracts;
using RiskWatch.Core.Store;
using static RiskWatch.AdapterTests.Support.SomeStored;

namespace RiskWatch.AdapterTests;

public abstract partial class StoreCompliance
{
    public static TheoryData<RecordQuery, string, string> Filters() => new()
    {
        { new RecordQuery(), "b a c", "no filter matches all, newest first" },
        { new RecordQuery { Site = "boston" }, "b", "site" },
        { new RecordQuery { Topic = "flood" }, "b a", "topic" },
        { new RecordQuery { Topic = "*" }, "b a c", "everything" },
        { new RecordQuery { Topic = "Flood" }, "", "ids are exact" },
        { new RecordQuery { Topic = "boston-311/Water: main?" }, "b", "a topic made of a source's category" },
        { new RecordQuery { Place = "cn-4101" }, "a", "place" },
        { new RecordQuery { Place = "cn-41" }, "a c", "a place's ancestor" },
        { new RecordQuery { Place = "cn" }, "a c", "the root" },
        { new RecordQuery { Place = "us-ma-boston" }, "b", "a parent with a slash below it" },
        { new RecordQuery { Source = "boston-311" }, "b", "source" },
        { new RecordQuery { Kind = RecordKind.Hotline }, "b", "kind" },
        { new RecordQuery { Sentiment = Sentiment.Negative }, "a", "mood" },
        { new RecordQuery { Band = CredibilityBand.LikelyFalse }, "c", "band" },
        { new RecordQuery { Group = "00000000000000aa" }, "a c", "group" },
        { new RecordQuery { From = Noon }, "b a", "from is included" },
        { new RecordQuery { Until = Noon }, "c", "until is not" },
        { new RecordQuery { From = Noon.AddHours(-1), Until = Noon.AddTicks(1) }, "a c", "a time within a second" },
        { new RecordQuery { From = Noon.AddTicks(1) }, "b", "from within a second" },
        { new RecordQuery { Topic = "flood", Kind = RecordKind.Post, Text = "rain" }, "a", "filters and words together" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Records_are_filtered(RecordQuery query, string expected, string because)
    {
        await WriteFilteredAsync();

        Assert.True(expected == string.Join(' ', await FindAsync(query)), because);
    }

    [Fact]
    public async Task Histograms_count_records_negative_and_likely_false_ones()
    {
        await WriteFilteredAsync();
        await WriteAsync(Write("d", "rain", Noon.AddMinutes(59), mood: Sentiment.Negative, band: CredibilityBand.LikelyFalse));

        Assert.Equal(
            [new HistogramBucket(Noon.AddHours(-1), 1, 0, 1), new HistogramBucket(Noon, 2, 2, 1), new HistogramBucket(Noon.AddHours(2), 1, 0, 0)],
            await Store.HistogramAsync(new RecordQuery(), TimeSpan.FromHours(1), Cancel));
        Assert.Equal(
            [new HistogramBucket(new DateTimeOffset(2021, 7, 20, 0, 0, 0, TimeSpan.Zero), 3, 2, 1)],
            await Store.HistogramAsync(new RecordQuery { Text = "rain", From = Noon }, TimeSpan.FromDays(1), Cancel));
        Assert.Equal(
            [new HistogramBucket(Noon, 1, 1, 0)],
            await Store.HistogramAsync(new RecordQuery { From = Noon, Until = Noon.AddTicks(1) }, TimeSpan.FromMinutes(1), Cancel));
        Assert.Empty(await Store.HistogramAsync(new RecordQuery { Text = "snow" }, TimeSpan.FromHours(1), Cancel));
        Assert.Empty(await Store.HistogramAsync(new RecordQuery { Text = "!" }, TimeSpan.FromHours(1), Cancel));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("rain")]
    public async Task Paging_reaches_the_end_without_doubles_although_times_are_equal(string? text)
    {
        var expected = new List<string>();
        var writes = new List<RecordWrite>();
        for (var i = 0; i < 500; i++)
        {
            // Six records a time, from two sources, written in no order.
            var number = i * 263 % 500;
            writes.Add(Write(Id(number / 2), "rain", Noon.AddSeconds(-(number / 6)).AddMilliseconds(number / 6 % 3), source: number % 2 == 0 ? "a" : "b"));
        }

        expected.AddRange(writes.OrderByDescending(w => w.Document!.Record.Published).ThenBy(w => w.Source, StringComparer.Ordinal).ThenBy(w => w.Id, StringComparer.Ordinal).Select(w => w.Source + w.Id));
        await WriteAsync([.. writes]);

        Assert.Equal(expected, await PagesAsync(new RecordQuery { Text = text, Limit = 7 }));
    }

    [Fact]
    public async Task Writes_between_pages_neither_repeat_nor_hide_what_was_there()
    {
        await WriteAsync([.. Enumerable.Range(0, 10).Select(i => Write(Id(i), "rain", Noon.AddSeconds(-i / 2)))]);
        var first = await Store.SearchRecordsAsync(new RecordQuery { Limit = 5 }, Cancel);

        await WriteAsync(Write("new", "rain", Noon.AddHours(1)), Write(Id(1), "edited", Noon, version: 2), Write(Id(7), "edited", Noon.AddSeconds(-3), version: 2));
        var second = await Store.SearchRecordsAsync(new RecordQuery { Limit = 5, Cursor = first.Cursor }, Cancel);

        Assert.Equal([.. Enumerable.Range(0, 5).Select(Id)], first.Items.Select(i => i.Record.Id));
        Assert.Equal([.. Enumerable.Range(5, 5).Select(Id)], second.Items.Select(i => i.Record.Id));
        Assert.Null(second.Cursor);
    }

    [Fact]
    public async Task A_query_that_cannot_be_answered_says_why()
    {
        Assert.Contains("limit", (await Assert.ThrowsAsync<StoreQueryException>(() => Store.SearchRecordsAsync(new RecordQuery { Limit = 1001 }, Cancel))).Message, StringComparison.Ordinal);
        Assert.Contains("limit", (await Assert.ThrowsAsync<StoreQueryException>(() => Store.SearchAlertsAsync(new AlertQuery { Limit = 0 }, Cancel))).Message, StringComparison.Ordinal);
        Assert.Contains("cursor", (await Assert.ThrowsAsync<StoreQueryException>(() => Store.SearchRecordsAsync(new RecordQuery { Cursor = "no cursor" }, Cancel))).Message, StringComparison.Ordinal);
        Assert.Contains("bucket", (await Assert.ThrowsAsync<StoreQueryException>(() => Store.HistogramAsync(new RecordQuery(), TimeSpan.FromMilliseconds(1500), Cancel))).Message, StringComparison.Ordinal);
    }

    private async Task WriteFilteredAsync() => await WriteAsync(
        Write("a", "heavy rain", Noon, topics: ["flood", "weather"], places: ["cn-4101"], mood: Sentiment.Negative, group: "00000000000000aa"),
        Write("b", "rain", Noon.AddHours(2), source: "boston-311", site: "boston", kind: RecordKind.Hotline, topics: ["flood", "boston-311/Water: main?"], places: ["us-ma-boston/roxbury"]),
        Write("c", "wind", Noon.AddMinutes(-30), topics: ["weather"], places: ["cn-41"], band: CredibilityBand.LikelyFalse, group: "00000000000000aa"));

    private async Task<List<string>> PagesAsync(RecordQuery query)
    {
        var found = new List<string>();
        while (true)
        {
            var page = await Store.SearchRecordsAsync(query, Cancel);
            found.AddRange(page.Items.Select(i => i.Record.Source + i.Record.Id));
            if (page.Cursor is null)
            {
                return found;
            }

            Assert.Equal(query.Limit, page.Items.Count);
            query = query with { Cursor = page.Cursor };
        }
    }
}
