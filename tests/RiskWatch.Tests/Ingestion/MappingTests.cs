using System.Text;
using RiskWatch.Contracts;
using RiskWatch.Core.Ingest;
using RiskWatch.Ingestion.Edge;
using RiskWatch.Ingestion.Mappings;
using RiskWatch.Ingestion.Reading;
using Xunit;

namespace RiskWatch.Tests.Ingestion;

public sealed class MappingTests
{
    private const string Boston = "case_enquiry_id,open_dt,target_dt,closed_dt,case_status,case_title,reason,type,department,neighborhood,latitude,longitude,source";

    [Fact]
    public void The_built_in_mappings_are_there() => Assert.Equal(["boston-311", "ced-reposts", "crisislex-t6", "teddy-hotline", "weibo-hotsearch", "weibo-hotsearch-hourly"], BuiltInMappings.Names);

    [Fact]
    public void A_row_of_boston_becomes_a_hotline_record()
    {
        var (refusal, raw) = Map("boston-311", Boston, "101,2011-08-28 08:15:00,2011-08-29 08:15:00,,Open,Tree Down,Trees,Tree Emergencies,PARK,Roslindale,42.28,-71.13,Constituent Call");

        Assert.Null(refusal);
        Assert.Equal(
            ("101", "boston-311", RecordKind.Hotline, new DateTimeOffset(2011, 8, 28, 12, 15, 0, TimeSpan.Zero), "Tree Down", "Tree Down (Trees)", "Tree Emergencies", "Constituent Call", "PARK", "open", "Roslindale", 42.28),
            (raw.Id, raw.Source, raw.Kind, raw.Published!.Value.ToUniversalTime(), raw.Title, raw.Text, raw.Category, raw.Channel, raw.Department, raw.Status, raw.PlaceName, raw.Latitude));
        Assert.Null(raw.Closed);
        Assert.Null(raw.Updated);
    }

    [Theory]
    [InlineData("1626742260", "2021-07-20", null, "08:51 in Beijing on its day")]
    [InlineData("1619444379", "2021-07-20", DeadLetterReason.RefusedByMapping, "the time of another day")]
    [InlineData("1626796799", "2021-07-20", null, "the last second of the day")]
    [InlineData("1626796800", "2021-07-20", DeadLetterReason.RefusedByMapping, "the first second of the next day")]
    [InlineData("soon", "2021-07-20", DeadLetterReason.InvalidField, "no number")]
    [InlineData("", "2021-07-20", DeadLetterReason.MissingField, "no time")]
    public void A_hot_search_title_without_a_true_time_is_refused_with_that_reason(string epoch, string day, DeadLetterReason? reason, string because)
    {
        var (refusal, _) = Map("weibo-hotsearch", "first_seen_epoch\tday\ttitle", $"{epoch}\t{day}\t郑州暴雨");

        Assert.True(reason == refusal?.Reason, because);
        Assert.True(reason != DeadLetterReason.RefusedByMapping || refusal!.Detail.Contains("no true time", StringComparison.Ordinal), because);
    }

    [Fact]
    public void A_title_keeps_its_id_from_hour_to_hour_and_for_three_days_of_absence()
    {
        var file = new HourlyFile();
        var first = file.Map("2024-06-01", "00", 1717172726, 100);
        var next = file.Map("2024-06-01", "01", 1717176326, 200);
        var afterMidnight = file.Map("2024-06-02", "00", 1717259126, 300);
        var back = file.Map("2024-06-04", "23", 1717515926, 50);
        var new_ = file.Map("2024-06-09", "00", 1717862400, 10);

        Assert.Equal([first.Id, first.Id, first.Id], [next.Id, afterMidnight.Id, back.Id]);
        Assert.Equal([first.Published, first.Published, first.Published], [next.Published, afterMidnight.Published, back.Published]);
        Assert.Equal(1717259126, afterMidnight.Updated!.Value.ToUnixTimeSeconds());
        Assert.Equal(300, afterMidnight.Engagement!.Heat);
        Assert.NotEqual(first.Id, new_.Id);
        Assert.Equal(1717862400, new_.Published!.Value.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("0", 100, "search")]
    [InlineData("1", 100, "advertisement")]
    [InlineData("1", 0, "advertisement")]
    [InlineData("0", 0, "pinned")]
    public void Advertisements_and_pinned_titles_say_so(string ads, long hot, string channel)
    {
        var file = new HourlyFile();

        Assert.Equal(channel, file.Map("2024-06-01", "00", 1717172726, hot, ads).Channel);
    }

    [Fact]
    public void An_hour_without_its_epoch_counts_from_its_start()
    {
        var (refusal, raw) = Map("weibo-hotsearch-hourly", "day\thour\tdisplay_epoch\tpos\thot\tcategory\tads\ttitle", "2024-11-26\t01\t\t51\t0\t暂无\t1\tx");

        Assert.Null(refusal);
        Assert.Equal(new DateTimeOffset(2024, 11, 26, 1, 0, 0, TimeSpan.FromHours(8)), raw.Updated);
        Assert.Null(raw.Category);
    }

    [Theory]
    [InlineData("'323851690000000000'", "2013-04-15T17:33:54.4260000+00:00")]
    [InlineData("323851690000000000", "2013-04-15T17:33:54.4260000+00:00")]
    [InlineData("'12'", null)]
    [InlineData("-323851690000000000", null)]
    [InlineData("", null)]
    public void A_tweets_time_is_in_its_id(string id, string? expected)
    {
        var (refusal, raw) = Map("crisislex-t6", "tweet id, tweet, label", $"{id},a tree is down,on-topic");

        Assert.Equal(expected is null, refusal is not null);
        Assert.Equal(expected, raw.Published?.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_message_to_the_city_has_its_author_and_the_citys_time()
    {
        var (refusal, raw) = Map("teddy-hotline", "", """{"留言编号":7,"留言用户":"A1","留言主题":"路灯","留言时间":"2019-08-19 08:00:00","留言详情":"A3区路灯不亮","点赞数":3}""");

        Assert.Null(refusal);
        Assert.Equal(("7", "A1", "路灯 A3区路灯不亮"), (raw.Id, raw.Author, raw.Text));
        Assert.Equal(new DateTimeOffset(2019, 8, 19, 8, 0, 0, TimeSpan.FromHours(8)), raw.Published);
    }

    [Fact]
    public void What_was_not_seen_for_long_is_forgotten()
    {
        var memory = new FirstSeen(TimeSpan.FromDays(3), TimeZoneInfo.Utc);
        for (var hour = 0; hour < 24 * 365; hour++)
        {
            memory.Of((ulong)hour, DateTimeOffset.UnixEpoch.AddHours(hour));
        }

        Assert.InRange(memory.Count, 1, 24 * 7);
    }

    [Theory]
    [InlineData("2011-03-13 02:30:00", "2011-03-13T03:30:00-04:00", "a skipped time counts on from the change")]
    [InlineData("2011-11-06 01:30:00", "2011-11-06T01:30:00-04:00", "an ambiguous time is the first of the two")]
    [InlineData("2011-11-06 00:59:59", "2011-11-06T00:59:59-04:00", "before the change")]
    [InlineData("2011-11-06 02:00:00", "2011-11-06T02:00:00-05:00", "after the change")]
    [InlineData("2011-01-01 00:00:00", "2011-01-01T00:00:00-05:00", "winter")]
    public void Local_times_at_changes_of_clocks_are_decided(string local, string expected, string because)
    {
        var format = new TimeFormat("yyyy-MM-dd HH:mm:ss", "America/New_York", "x");

        Assert.True(format.TryParse(local, out var time), because);
        Assert.True(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture) == time, $"{because}: {time:O}");
    }

    [Theory]
    [InlineData("{", "is not JSON")]
    [InlineData("""{"name":"m","kind":"post"}""", "fields is missing")]
    [InlineData("""{"name":"m","kind":"tweet","fields":{}}""", "kind 'tweet'")]
    [InlineData("""{"name":"m","kind":"post","fields":{},"colour":"red"}""", "colour is not known")]
    [InlineData("""{"name":"m","kind":"post","fields":{"titel":"{t}"}}""", "fields.titel is no field")]
    [InlineData("""{"name":"m","kind":"post","fields":{"id":"{a","source":"s"}}""", "fields.id has an opening brace")]
    [InlineData("""{"name":"m","kind":"post","fields":{"id":5}}""", "fields.id must be an object")]
    [InlineData("""{"name":"m","kind":"post","fields":{"id":{"hash":[]}}}""", "fields.id.hash must list")]
    [InlineData("""{"name":"m","kind":"post","fields":{"published":{"template":"{t}","format":"yyyy-MM-dd"}}}""", "fields.published.zone is missing")]
    [InlineData("""{"name":"m","kind":"post","fields":{"published":{"template":"{t}","format":"yyyy-MM-dd","zone":"Mars/Base"}}}""", "fields.published.zone 'Mars/Base'")]
    [InlineData("""{"name":"m","kind":"post","fields":{"id":"{i}","source":"s","text":"{t}"}}""", "fields.published is missing")]
    [InlineData("""{"name":"m","kind":"post","fields":{"source":"s"}}""", "fields.id is missing")]
    [InlineData("""{"name":"m","kind":"post","fields":{"id":"{@first}","source":"s","text":"x","published":{"template":"{t}","format":"iso"}}}""", "firstSeen is missing")]
    [InlineData("""{"name":"m","kind":"post","format":"xls","fields":{}}""", "format 'xls'")]
    [InlineData("""{"name":"m","kind":"post","encoding":"klingon","fields":{"id":"{i}","source":"s"}}""", "encoding 'klingon'")]
    [InlineData("""{"name":"m","kind":"post","fields":{"id":"{i}","source":"s"},"refuse":[{"when":{"value":"{a}","matches":"("},"detail":"d"}]}""", "refuse[0].when.matches is not a regular expression")]
    [InlineData("""{"name":"m","kind":"post","fields":{"id":"{i}","source":"s"},"refuse":[{"when":{"value":"{a}"},"detail":"d"}]}""", "refuse[0].when needs value and one of")]
    public void A_wrong_mapping_is_refused_by_its_key(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<IngestionConfigurationException>(() => MappingReader.Read(json, "m.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_without_a_needed_column_is_refused_by_the_column()
    {
        var error = Assert.Throws<IngestionConfigurationException>(() => Map("boston-311", "case_enquiry_id,open_dt", "1,2011-08-28 08:15:00"));

        Assert.Contains("case_title", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Renamed_and_optional_columns_are_found()
    {
        var header = Boston.Replace("target_dt", "sla_target_dt", StringComparison.Ordinal).Replace("closed_dt,", "", StringComparison.Ordinal);
        var (refusal, raw) = Map("boston-311", header, "101,2011-08-28 08:15:00,2011-08-29 08:15:00,Open,Tree Down,Trees,Tree Emergencies,PARK,Roslindale,42.28,-71.13,Self Service");

        Assert.Null(refusal);
        Assert.Equal(29, raw.Due!.Value.Day);
    }

    [Fact]
    public void Json_lines_can_be_mapped_by_path()
    {
        var mapping = MappingReader.Read("""{"name":"m","format":"ndjson","kind":"post","fields":{"id":"{data.id}","source":"s","published":{"template":"{at}","format":"epochMilliseconds"},"text":"{data.body}"}}""", "m");
        var raw = new RawRecord();

        Assert.Null(new RowMapper(mapping, null, InputFormat.Ndjson, [], "f").Map("""{"at":1626742260000,"data":{"id":5,"body":"x"}}"""u8.ToArray(), raw));
        Assert.Equal(("5", "x"), (raw.Id, raw.Text));
    }

    internal static (Refusal? Refusal, RawRecord Raw) Map(string mapping, string header, string row)
    {
        using var folder = new TemporaryFolder();
        var found = BuiltInMappings.Find(mapping);
        using var reader = new InputReader(folder.Write("f.csv", header + "\n" + row + "\n"), found, RowMapper.MemoryFor(found), 1_000_000);
        Assert.True(reader.Read());
        var raw = new RawRecord();
        return (reader.Map(reader.Line, raw), raw);
    }

    private sealed class HourlyFile
    {
        private readonly RowMapper _mapper;

        public HourlyFile()
        {
            var mapping = BuiltInMappings.Find("weibo-hotsearch-hourly");
            _mapper = new RowMapper(mapping, RowMapper.MemoryFor(mapping), InputFormat.Tsv, ["day", "hour", "display_epoch", "pos", "hot", "category", "ads", "title"], "f");
        }

        public RawRecord Map(string day, string hour, long epoch, long hot, string ads = "0")
        {
            var raw = new RawRecord();
            Assert.Null(_mapper.Map(Encoding.UTF8.GetBytes($"{day}\t{hour}\t{epoch}\t1\t{hot}\t时事\t{ads}\t郑州暴雨"), raw));
            return raw;
        }
    }
}
