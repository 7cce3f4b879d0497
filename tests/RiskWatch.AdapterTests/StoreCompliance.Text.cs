using RiskWatch.Core.Store;
using static RiskWatch.AdapterTests.Support.SomeStored;

namespace RiskWatch.AdapterTests;

public abstract partial class StoreCompliance
{
    [Theory]
    [InlineData("暴雨", "1 2", "a run of two characters is one bigram")]
    [InlineData("郑州暴雨", "1", "a run matches as a phrase, not as its bigrams anywhere")]
    [InlineData("水", "1", "one character is found within a run")]
    [InlineData("灾", "2", "one character is found at the end of a run")]
    [InlineData("暴雨 地铁", "1", "all words must occur")]
    [InlineData("地铁 郑州", "1", "in any order")]
    [InlineData("雨灾", "2", "the last bigram of a text")]
    [InlineData("州郑", "", "characters in the other order are another word")]
    [InlineData("洪涝", "", "a word nobody used")]
    [InlineData("５", "1", "full-width digits are digits")]
    [InlineData("5号线", "1", "digits and characters in one word")]
    public async Task Chinese_words_are_found(string text, string expected, string because)
    {
        await WriteAsync(
            Write("1", "郑州暴雨，地铁5号线进水了", Noon.AddMinutes(2)),
            Write("2", "广州暴雨后郑州雨灾", Noon.AddMinutes(1)),
            Write("3", "今天天气不错", Noon));

        Assert.True(expected == string.Join(' ', await FindAsync(text)), because);
    }

    [Theory]
    [InlineData("water", "1 2", "a word")]
    [InlineData("WATER", "1 2", "case does not matter")]
    [InlineData("wat", "", "a part of a word is no match")]
    [InlineData("main water", "1 2", "all words, in any order")]
    [InlineData("\"water main\"", "1", "a quoted part is a phrase")]
    [InlineData("\"water main\" street", "1", "a phrase and a word")]
    [InlineData("\"water main", "1", "an unclosed quote reaches to the end")]
    [InlineData("“main street”", "1 2", "typographic quotes")]
    [InlineData("street iphone", "2", "words of the text and of the title")]
    [InlineData("iPhone手机", "2", "a word and a run without a space between")]
    [InlineData("\"iphone 手机\"", "2", "a phrase of both scripts")]
    [InlineData("\"手机 broken\"", "2", "a phrase whose run ends in the middle")]
    [InlineData("\"broken main\"", "", "no phrase reaches from the title into the text")]
    [InlineData("!!! ...", "", "without any word nothing matches")]
    public async Task English_words_and_phrases_are_found(string text, string expected, string because)
    {
        await WriteAsync(
            Write("1", "Water main break on Main Street", Noon.AddMinutes(2)),
            Write("2", "main street: no water", Noon.AddMinutes(1), title: "iPhone手机 broken"),
            Write("3", "A pothole.", Noon));

        Assert.True(expected == string.Join(' ', await FindAsync(text)), because);
    }

    [Fact]
    public async Task Operators_of_the_store_are_plain_words()
    {
        await WriteAsync(Write("1", "fire OR flood"), Write("2", "flood NOT fire*"));

        Assert.Equal(["1"], await FindAsync("fire OR flood"));
        Assert.Equal(["2"], await FindAsync("(flood) NOT:fire*"));
        Assert.Empty(await FindAsync("fire AND flood"));
    }

    [Fact]
    public async Task A_blank_text_matches_all()
    {
        await WriteAsync(Write("1", "fire"));

        Assert.Equal(["1"], await FindAsync("  "));
    }

    [Fact]
    public async Task Characters_outside_the_basic_plane_and_giant_words_do_no_harm()
    {
        var giant = new string('x', 100_000);
        await WriteAsync(Write("1", "𠮷野家的饭 😀 " + giant), Write("2", ""));

        Assert.Equal(["1"], await FindAsync("𠮷野"));
        Assert.Equal(["1"], await FindAsync("𠮷"));
        Assert.Equal(["1"], await FindAsync(giant));
        Assert.Equal(giant.Length + 10, (await Store.GetRecordAsync("weibo", "1", Cancel))!.Record.Text.Length);
    }

    [Fact]
    public async Task Filters_are_not_words()
    {
        await WriteAsync(Write("1", "some text", topics: ["flood"], site: "china"));

        Assert.Empty(await FindAsync("flood"));
        Assert.Empty(await FindAsync("china"));
        Assert.Equal(["1"], await FindAsync(new RecordQuery { Text = "text", Topic = "flood" }));
    }
}
