using RiskWatch.Contracts;
using RiskWatch.Core.Text;
using RiskWatch.Ingestion.Edge;
using Xunit;
using static RiskWatch.Tests.Ingestion.SomeIngestion;

namespace RiskWatch.Tests.Ingestion;

public sealed class EdgeTests
{
    public static TheoryData<string, string, DeadLetterReason, string> BadRecords() => new()
    {
        { "no id", """{"source":"news","published":"2026-11-24T08:00:00Z","text":"x"}""", DeadLetterReason.MissingField, "'id'" },
        { "blank id", """{"id":" ","source":"news","published":"2026-11-24T08:00:00Z","text":"x"}""", DeadLetterReason.MissingField, "'id'" },
        { "no source", """{"id":"1","published":"2026-11-24T08:00:00Z","text":"x"}""", DeadLetterReason.MissingField, "'source'" },
        { "a source with a slash", """{"id":"1","source":"a/b","published":"2026-11-24T08:00:00Z","text":"x"}""", DeadLetterReason.InvalidField, "'source'" },
        { "no time", """{"id":"1","source":"news","text":"x"}""", DeadLetterReason.MissingField, "'published'" },
        { "a time without offset", """{"id":"1","source":"news","published":"2026-11-24T08:00:00","text":"x"}""", DeadLetterReason.InvalidField, "'published'" },
        { "a time as a number", """{"id":"1","source":"news","published":1790000000,"text":"x"}""", DeadLetterReason.InvalidField, "'published'" },
        { "an ancient time", """{"id":"1","source":"news","published":"1970-01-01T00:00:00Z","text":"x"}""", DeadLetterReason.InvalidField, "'published'" },
        { "a time six minutes ahead", """{"id":"1","source":"news","published":"2026-11-24T08:06:00Z","text":"x"}""", DeadLetterReason.FromTheFuture, "'published'" },
        { "an update six minutes ahead", """{"id":"1","source":"news","published":"2026-11-24T08:00:00Z","updated":"2026-11-24T08:06:00Z","text":"x"}""", DeadLetterReason.FromTheFuture, "'updated'" },
        { "neither text nor title", """{"id":"1","source":"news","published":"2026-11-24T08:00:00Z"}""", DeadLetterReason.MissingField, "'text'" },
        { "text of invisible characters", """{"id":"1","source":"news","published":"2026-11-24T08:00:00Z","text":"\u200b \u200d"}""", DeadLetterReason.MissingField, "'text'" },
        { "text as a number", """{"id":"1","source":"news","published":"2026-11-24T08:00:00Z","text":5}""", DeadLetterReason.InvalidField, "'text'" },
        { "an unknown kind", """{"id":"1","source":"news","published":"2026-11-24T08:00:00Z","text":"x","kind":"rumour"}""", DeadLetterReason.InvalidField, "'kind'" },
        { "an unknown status", """{"id":"1","source":"news","published":"2026-11-24T08:00:00Z","text":"x","status":"maybe"}""", DeadLetterReason.InvalidField, "'status'" },
        { "half a position", """{"id":"1","source":"news","published":"2026-11-24T08:00:00Z","text":"x","place":{"latitude":1}}""", DeadLetterReason.InvalidField, "'place'" },
        { "a latitude off the earth", """{"id":"1","source":"news","published":"2026-11-24T08:00:00Z","text":"x","place":{"latitude":91,"longitude":0}}""", DeadLetterReason.InvalidField, "'place'" },
        { "negative likes", """{"id":"1","source":"news","published":"2026-11-24T08:00:00Z","text":"x","engagement":{"likes":-1}}""", DeadLetterReason.InvalidField, "'engagement'" },
        { "half a like", """{"id":"1","source":"news","published":"2026-11-24T08:00:00Z","text":"x","engagement":{"likes":0.5}}""", DeadLetterReason.InvalidField, "'engagement.likes'" },
        { "a source nobody takes", """{"id":"1","source":"nobody","published":"2026-11-24T08:00:00Z","text":"x"}""", DeadLetterReason.UnknownSource, "'nobody'" },
        { "cut short", """{"id":"1","source":"news","publ""", DeadLetterReason.Malformed, "cut short" },
        { "no object", "[1]", DeadLetterReason.Malformed, "object" },
        { "two objects", """{"id":"1"} {"id":"2"}""", DeadLetterReason.Malformed, "byte" },
        { "half a surrogate pair", """{"id":"1","source":"news","published":"2026-11-24T08:00:00Z","text":"\ud800"}""", DeadLetterReason.Malformed, "surrogate" },
        { "an id with a line break", """{"id":"1\n2","source":"news","published":"2026-11-24T08:00:00Z","text":"x"}""", DeadLetterReason.InvalidField, "'id'" },
    };

    [Theory]
    [MemberData(nameof(BadRecords))]
    public void A_bad_record_is_refused_by_its_field(string because, string json, DeadLetterReason reason, string names)
    {
        var raw = new RawRecord();
        var refusal = RecordJson.Read(System.Text.Encoding.UTF8.GetBytes(json), raw) ?? Edge().Handle(raw, Now).Refusal;

        Assert.True(refusal is not null, because);
        Assert.Equal(reason, refusal.Reason);
        Assert.Contains(names, refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_a_wrong_encoding() =>
        Assert.Equal(DeadLetterReason.WrongEncoding, RecordJson.Read([(byte)'{', 0xC3, 0x28, (byte)'}'], new RawRecord())!.Reason);

    [Fact]
    public void A_whole_record_comes_through_with_everything_in_it()
    {
        var raw = new RawRecord();
        var json = """
            {"id":"7","source":"news","kind":"hotline","published":"2026-11-24T08:59:00+01:00","text":"t","title":"T","url":"https://a.example/7","language":"de",
             "place":{"name":"Ort","latitude":1.5,"longitude":2.5},"category":"c","channel":"app","department":"d","repostOf":"6","root":"5",
             "engagement":{"likes":1,"reposts":2,"replies":3,"heat":4},"status":"Open","due":"2026-11-25T08:00:00Z","replied":"2026-11-24T08:30:00Z","closed":"2026-11-24T08:40:00Z",
             "updated":"2026-11-24T08:00:00Z","unknown":{"nested":[1,2]},"site":"spoofed","received":"2020-01-01T00:00:00Z","retried":true}
            """u8;

        Assert.Null(RecordJson.Read(json, raw));
        var record = Edge().Handle(raw, Now).Record!;

        var expected = new Record
        {
            Id = "7",
            Source = "news",
            Kind = RecordKind.Hotline,
            Published = new(2026, 11, 24, 7, 59, 0, TimeSpan.Zero),
            Text = "t",
            Title = "T",
            Url = "https://a.example/7",
            Language = "de",
            Place = new("Ort", 1.5, 2.5),
            Category = "c",
            Channel = "app",
            Department = "d",
            RepostOf = "6",
            Root = "5",
            Engagement = new(1, 2, 3, 4),
            Status = "open",
            Due = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero),
            Replied = new(2026, 11, 24, 8, 30, 0, TimeSpan.Zero),
            Closed = new(2026, 11, 24, 8, 40, 0, TimeSpan.Zero),
            Updated = Now,
            Received = Now,
            Site = "town",
        };
        Assert.Equal(expected, record);
    }

    [Fact]
    public void Texts_are_normalised_before_they_are_masked_so_that_nothing_hides()
    {
        var raw = Raw(text: "打１３８\u200B１２３４５６７８，@张三 <b>快</b>");

        var record = Edge().Handle(raw, Now).Record!;

        Assert.Equal("打[PHONE],@… 快", record.Text);
        Assert.Equal(record.Text.Replace("…", "", StringComparison.Ordinal), TextNormalizer.Normalize(record.Text.Replace("…", "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("<p>one</p><p>two</p>", "one\n\ntwo", "blocks stand on lines of their own")]
    [InlineData("a<br/>b", "a\n\nb", "a line break")]
    [InlineData("R&amp;D &lt;x&gt;", "R&D <x>", "entities")]
    [InlineData("<a href='javascript:alert(1)'>hi</a><script>alert(1)</script><style>p{}</style>", "hi", "scripts and styles are dropped")]
    [InlineData("a < b && c > d", "a < b && c > d", "no HTML")]
    [InlineData("R&D", "R&D", "an ampersand alone")]
    [InlineData("<3 you", "<3 you", "a heart")]
    [InlineData("<b>unclosed <i>tags", "unclosed tags", "broken HTML")]
    public void Html_becomes_text(string html, string expected, string because) =>
        Assert.True(expected == HtmlText.ToText(html), $"{because}: {HtmlText.ToText(html)}");

    [Fact]
    public void Deeply_nested_html_neither_ends_the_process_nor_takes_for_ever() =>
        Assert.Equal("x & y", HtmlText.ToText(string.Concat(Enumerable.Repeat("<b>", 60_000)) + "x &amp; y"));

    [Fact]
    public void An_author_leaves_as_the_pseudonym_of_the_sites_local_day()
    {
        var edge = Edge();
        var evening = new DateTimeOffset(2026, 11, 24, 22, 30, 0, TimeSpan.Zero);
        string Author(DateTimeOffset published)
        {
            var raw = Raw();
            (raw.Author, raw.Published) = ("li", published);
            return edge.Handle(raw, evening.AddHours(3)).Record!.Author!;
        }

        Assert.DoesNotContain("li", Author(evening), StringComparison.Ordinal);
        Assert.Equal(Author(evening), Author(evening.AddHours(-20)));
        Assert.NotEqual(Author(evening), Author(evening.AddMinutes(31)));
    }

    [Fact]
    public void A_source_without_authors_keeps_none()
    {
        var raw = Raw();
        raw.Author = "li";

        Assert.Null(Edge(new SourceDefinition("news", "town", "push", KnowsAuthors: false)).Handle(raw, Now).Record!.Author);
    }

    [Fact]
    public void Ids_that_name_authors_become_pseudonyms_in_deletions_too()
    {
        var edge = Edge(new SourceDefinition("sky", "town", "push", IdsNameAuthors: true));
        var post = Raw("did:li/1", source: "sky");
        post.RepostOf = "did:wang/2";
        var record = edge.Handle(post, Now).Record!;
        var deletion = edge.Handle(new RawRecord { Id = "did:li/1", Source = "sky", Deleted = true }, Now).Record!;

        Assert.DoesNotContain("li", record.Id, StringComparison.Ordinal);
        Assert.DoesNotContain("wang", record.RepostOf!, StringComparison.Ordinal);
        Assert.Equal(record.Id, deletion.Id);
        Assert.True(deletion.Deleted);
    }

    [Fact]
    public void Official_handles_stay_readable() =>
        Assert.Equal("@CityHall says, @…", Edge(new SourceDefinition("news", "town", "push", OfficialHandles: ["cityhall"])).Handle(Raw(text: "@CityHall says, @joe"), Now).Record!.Text);

    [Fact]
    public void A_repost_may_be_without_words_of_its_own()
    {
        var raw = Raw(text: "");
        raw.RepostOf = "0";

        Assert.NotNull(Edge().Handle(raw, Now).Record);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("not an address")]
    [InlineData("file:///etc/passwd")]
    public void Anything_but_an_address_of_the_web_is_left_out(string url)
    {
        var raw = Raw();
        raw.Url = url;

        Assert.Null(Edge().Handle(raw, Now).Record!.Url);
    }

    [Fact]
    public void Five_minutes_ahead_is_still_taken()
    {
        var raw = Raw();
        raw.Published = Now.AddMinutes(5);

        Assert.NotNull(Edge().Handle(raw, Now).Record);
    }
}
