using System.Text;
using System.Text.Json;
using CsCheck;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Tests.Web;
using Xunit;

namespace RiskWatch.Tests.Core.Log;

/// <summary>The readers of the hot paths say what the generated ones say, or leave it to them.</summary>
public sealed class EntryReadersTests
{
    private static readonly Gen<string?> MaybeText = Gen.Bool.Select(Gen.String[Gen.Char["郑州a\"\\\n\u0001é😀"[..8]], 0, 90], (some, text) => some ? text : null);
    private static readonly Gen<DateTimeOffset?> MaybeTime = Gen.Bool.Select(Gen.Long[0, 4_000_000_000_000], Gen.Int[-14, 14], (some, at, offset) => some ? DateTimeOffset.FromUnixTimeMilliseconds(at).ToOffset(TimeSpan.FromHours(offset)) : (DateTimeOffset?)null);

    private static readonly Gen<Record> Records =
        from words in MaybeText.Array[13]
        from times in MaybeTime.Array[6]
        from flags in Gen.Bool.Array[5]
        from numbers in Gen.Long.Array[4]
        select new Record
        {
            Id = words[0] ?? "1",
            Source = words[1] ?? "weibo",
            Kind = flags[0] ? RecordKind.Hotline : RecordKind.Post,
            Published = times[0] ?? DateTimeOffset.UnixEpoch,
            Text = words[2] ?? "",
            Title = words[3],
            Author = words[4],
            Url = words[5],
            Language = words[6],
            Place = flags[1] ? new RecordPlace(words[7], numbers[0] / 1e12, null) : null,
            Category = words[8],
            Channel = words[9],
            Department = words[10],
            RepostOf = words[11],
            Root = words[12],
            Engagement = flags[2] ? new Engagement(numbers[0], numbers[1], numbers[2], numbers[3]) : null,
            Status = words[3],
            Due = times[1],
            Replied = times[2],
            Closed = times[3],
            Updated = times[4],
            Received = times[5],
            Deleted = flags[3],
            Site = words[7] ?? "",
            Retried = flags[4],
        };

    private static readonly Gen<SketchCell[]> Cells = Gen.Select(Gen.Int[0, 24_575], Gen.Int[-3, 900], (cell, count) => new SketchCell(cell, count)).Array[0, 20];

    private static readonly Gen<Tally> Tallies =
        from words in MaybeText.Array[4]
        from numbers in Gen.Int.Array[8]
        from authors in Cells
        from pairs in Cells
        from sources in Gen.Int[0, 4]
        select new Tally
        {
            Site = words[0] ?? "china",
            Topic = words[1] ?? "*",
            Place = words[2] ?? "cn",
            Minute = numbers[0],
            Stamp = long.MaxValue - (uint)numbers[1],
            Counts = new TallyCounts { Posts = numbers[2], Hotline = numbers[3], Negative = numbers[4], FalseTenThousandths = numbers[5] * 10_000L },
            Sources = Enumerable.Range(0, sources).ToDictionary(i => $"源{i}", i => numbers[i]),
            Authors = authors,
            Pairs = pairs,
            Exemplars = [.. authors.Take(8).Select(c => new Exemplar("weibo", words[3] ?? $"{c.Cell}", c.Count))],
            Terms = [.. pairs.Select((c, i) => new TermCell(c.Cell, c.Count, i % 2 == 0 ? words[3] : null))],
        };

    [Fact]
    public void A_record_is_read_without_the_generated_reader_and_as_it_reads_it() => Records.Sample(record =>
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, ContractsJson.Default.Record);

        var read = RecordEntryReader.TryRead(json);

        Assert.Equal(JsonSerializer.Deserialize(json, ContractsJson.Default.Record), read);
        Assert.Equal(read, RecordEntryReader.TryRead(CompactJson.Bytes(record, ContractsJson.Default.Record)));
    });

    [Fact]
    public void A_tally_is_read_without_the_generated_reader_and_as_it_reads_it() => Tallies.Sample(tally =>
    {
        var json = CompactJson.Bytes(tally, ContractsJson.Default.Tally);

        var read = TallyEntryReader.TryRead(json);

        Assert.NotNull(read);
        Assert.Equal(Text(json), Text(CompactJson.Bytes(read, ContractsJson.Default.Tally)));
        Assert.Equal(Text(json), Text(CompactJson.Bytes(JsonSerializer.Deserialize(json, ContractsJson.Default.Tally)!, ContractsJson.Default.Tally)));
    });

    [Theory]
    [InlineData("""{"id":"1","source":"a","published":"2021-07-20T08:51:00Z","text":null}""")]
    [InlineData("""{"id":"1","source":"a","published":"2021-07-20T08:51:00Z","kind":"phone"}""")]
    [InlineData("""{"id":"1","source":"a","published":"yesterday"}""")]
    [InlineData("""{"id":"1","source":"a"}""")]
    [InlineData("""{"id":1,"source":"a","published":"2021-07-20T08:51:00Z"}""")]
    [InlineData("""{"id":"1","source":"a","published":"2021-07-20T08:51:00Z"} {}""")]
    [InlineData("""{"id":"1","source":"a","published":"2021-07-20T08:51:00Z","text":"cut""")]
    [InlineData("""["id"]""")]
    [InlineData("")]
    public void What_is_no_record_is_poison_with_the_generated_readers_words(string json)
    {
        Assert.Null(RecordEntryReader.TryRead(Encoding.UTF8.GetBytes(json)));
        Assert.Throws<PoisonException>(() => Entries.ReadRecord(Entry(json)));
    }

    [Theory]
    [InlineData("""{"id":"1","source":"a","published":"2021-07-20T08:51:00Z","Text":"another case"}""")]
    [InlineData("""{"id":"1","source":"a","published":"2021-07-20T08:51:00Z","newer":{"field":[1]}}""")]
    [InlineData("""{"id":"1","source":"a","published":"2021-07-20T08:51:00Z","author":null}""")]
    public void What_another_writer_may_send_is_left_to_the_generated_reader(string json) =>
        Assert.Equal(JsonSerializer.Deserialize(json, ContractsJson.Default.Record), Entries.ReadRecord(Entry(json)));

    [Fact]
    public void Real_records_are_read_by_the_fast_reader()
    {
        foreach (var stored in SomeWeb.Records())
        {
            Assert.Equal(stored.Record, RecordEntryReader.TryRead(Entries.Of(stored.Record).Value!.Value.Span));
        }
    }

    private static string Text(byte[] json) => Encoding.UTF8.GetString(json);

    private static LogMessage Entry(string json) => new("records", 0, 0, "k", EntryTypes.Record, Schema.Current, Encoding.UTF8.GetBytes(json), DateTimeOffset.UnixEpoch);
}
