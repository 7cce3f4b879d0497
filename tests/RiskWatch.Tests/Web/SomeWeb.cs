using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.Tests.Web;

/// <summary>A realistic flood and storm, invented text, for the console's tests.</summary>
internal static class SomeWeb
{
    public const string FloodId = "a1b2c3d4e5f60718";
    public const string StormId = "0f1e2d3c4b5a6978";

    private static readonly DateTimeOffset Flood = new(2021, 7, 20, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Storm = new(2011, 8, 28, 12, 0, 0, TimeSpan.Zero);

    public static ControlEntry[] Control() =>
    [
        Entry(ControlKind.Site, "boston") with { Site = new Site { Id = "boston", Names = new("波士顿", "Boston"), TimeZone = "America/New_York", GazetteerRoot = "us-ma-boston", Sources = ["boston-311"] } },
        Entry(ControlKind.Site, "china") with { Site = new Site { Id = "china", Names = new("全国", "China"), TimeZone = "Asia/Shanghai", GazetteerRoot = "cn", Sources = ["weibo-hotsearch"] } },
        Entry(ControlKind.Rule, "volume") with
        {
            Rule = new Rule
            {
                Id = "volume", Names = new("声量突增", "Volume"),
                Levels = [new(AlertLevel.IV, 1e-5, 5, 1.5), new(AlertLevel.III, 1e-7, 10, 2), new(AlertLevel.II, 1e-10, 30, 3), new(AlertLevel.I, 1e-15, 100, 5)],
            },
        },
        Entry(ControlKind.Silence, "drill") with { Silence = new Silence("drill", new SeriesSelector("china", "disaster.flood", "cn-41"), Flood.AddDays(-3), Flood.AddDays(-2), "Drill in Henan") },
    ];

    public static IEnumerable<Alert> Alerts() =>
    [
        FloodAlert(),
        StormAlert(),
        FloodAlert() with
        {
            Id = "1111222233334444", RaisedAt = Flood.AddHours(2), Level = AlertLevel.III, PeakLevel = AlertLevel.III, Status = AlertStatus.Provisional, Topic = null, Term = "地铁五号线",
            Headline = new("“地铁五号线”讨论突增:6 小时 48 条,预期 0.4", "“地铁五号线” bursts: 48 in 6 h where 0.4 were expected"), Observed = 48, Expected = 0.4, Interval = new(0, 2), Certainty = Certainty.Possible, Version = 3,
        },
        StormAlert() with
        {
            Id = "5555666677778888", RaisedAt = Storm.AddDays(-12), Level = AlertLevel.IV, PeakLevel = AlertLevel.IV, Status = AlertStatus.Closed, Verdict = Verdict.FalseAlarm, AcknowledgedBy = "Mei",
            Place = new("us-ma-boston/dorchester", new("多切斯特", "Dorchester")), Topic = new("trees", new("树木", "Trees")),
            Headline = new("多切斯特树木类热线偏多:24 小时 31 条,预期 14", "Trees in Dorchester: 31 in 24 h where 14 were expected"), Observed = 31, Expected = 14, Interval = new(8, 21), Window = 24, Version = 9,
        },
    ];

    public static Alert FloodAlert() => new()
    {
        Id = FloodId,
        RaisedAt = Flood.AddMinutes(16),
        Level = AlertLevel.I,
        PeakLevel = AlertLevel.I,
        History = [new(Flood.AddMinutes(16), AlertLevel.III, "raised"), new(Flood.AddMinutes(50), AlertLevel.I, "escalated")],
        Headline = new("河南洪涝声量突增:6 小时 312 条,预期 58", "Floods in Henan: 312 in 6 h where 58 were expected"),
        Site = "china",
        Topic = new("disaster.flood", new("洪涝", "Floods")),
        Place = new("cn-41", new("河南省", "Henan")),
        Window = 6,
        Observed = 312,
        Expected = 58,
        Interval = new(41, 77),
        PValue = 3.2e-38,
        RatioLower = 4.1,
        Urgency = Urgency.Immediate,
        Severity = Severity.Extreme,
        Certainty = Certainty.Likely,
        Kinds = new(312, 40, new KindLead(RecordKind.Post, 3)),
        Exemplars = ["weibo-hotsearch/1", "weibo-hotsearch/2", "weibo-hotsearch/gone"],
        StandDownCount = 92,
        Versions = new("volume", 1, "seasonal-1", "fast-2026"),
        Status = AlertStatus.Open,
        UpdatedAt = Flood.AddMinutes(50),
        Windows = [new(1, 98, 9.6, 1.1e-40), new(6, 312, 58, 3.2e-38), new(24, 402, 230, 4e-9), new(168, 1_820, 1_610, 0.04)],
        Sources = new Dictionary<string, int> { ["weibo-hotsearch"] = 312 },
        Shares = new Dictionary<string, double> { ["cn-4101"] = 0.74, ["cn-4107"] = 0.11, ["cn-4105"] = 0.06 },
        Factors = new Dictionary<string, double> { ["level"] = 9.2, ["hourOfWeek"] = 1.05 },
        CounterEvidence = [new("全部来自单一来源。", "All of it comes from one source."), new("来源不提供作者,无法判断是否少数账号。", "The source knows no authors; few accounts cannot be ruled out.")],
        NegativeShare = 0.63,
        LikelyFalseShare = 0.04,
        BaselineDays = 35,
        Chart = Chart(Flood, 58 / 6.0, 98),
        Covers = ["china/disaster@cn-41", "china/disaster.flood@cn-4101"],
        Version = 7,
    };

    public static Alert StormAlert() => FloodAlert() with
    {
        Id = StormId,
        RaisedAt = Storm,
        Level = AlertLevel.II,
        PeakLevel = AlertLevel.II,
        Status = AlertStatus.Ended,
        Headline = new("波士顿树木类热线突增:6 小时 441 条,预期 12", "Trees in Boston: 441 in 6 h where 12 were expected"),
        Site = "boston",
        Topic = new("trees", new("树木", "Trees")),
        Place = null,
        Observed = 441,
        Expected = 12,
        Interval = new(6, 19),
        RatioLower = 20,
        Kinds = new(0, 441),
        Certainty = Certainty.Observed,
        Exemplars = ["boston-311/101"],
        Sources = new Dictionary<string, int> { ["boston-311"] = 441 },
        Shares = new Dictionary<string, double> { ["us-ma-boston/dorchester"] = 0.21, ["us-ma-boston/west-roxbury"] = 0.17 },
        History = [new(Storm, AlertLevel.II, "raised"), new(Storm.AddHours(1), AlertLevel.II, "acknowledged", "Mei"), new(Storm.AddHours(30), AlertLevel.None, "ended")],
        AcknowledgedBy = "Mei",
        UpdatedAt = Storm.AddHours(30),
        Chart = Chart(Storm, 2, 120),
        Version = 12,
    };

    public static IEnumerable<StoredRecord> Records() =>
    [
        Record("weibo-hotsearch", "1", "china", Flood.AddMinutes(-20), "郑州暴雨 多条道路积水,请市民避免出行", Sentiment.Negative, 0.03, "disaster.flood", "cn-4101", "郑州市"),
        Record("weibo-hotsearch", "2", "china", Flood.AddMinutes(-5), "河南多地启动防汛应急响应 <b>转移群众</b>", Sentiment.Neutral, 0.02, "disaster.flood", "cn-41", "河南省"),
        Record("weibo-hotsearch", "3", "china", Flood.AddMinutes(12), "网传水库决堤,多地已辟谣", Sentiment.Negative, 0.87, "disaster.flood", "cn-41", "河南省"),
        .. Enumerable.Range(0, 70).Select(i => Record("weibo-hotsearch", "more-" + i, "china", Flood.AddMinutes(-37 * i), $"暴雨 救援信息 第 {i} 条", i % 3 == 0 ? Sentiment.Negative : Sentiment.Neutral, 0.05, "disaster.flood", "cn-4101", "郑州市")),
        Record("boston-311", "101", "boston", Storm.AddMinutes(-30), "Tree down across the street, blocking both lanes", Sentiment.Negative, 0, "trees", "us-ma-boston/dorchester", "Dorchester", RecordKind.Hotline),
    ];

    public static IEnumerable<HistoryHour> Hours() => Chart(Flood, 58 / 6.0, 98).Select(p =>
        new HistoryHour("china", "disaster.flood", "cn-41", null, p.Hour, p.Observed, p.Expected, p.Lower, p.Upper, new TallyCounts { Posts = (int)p.Observed }, 0, 1));

    public static IEnumerable<SourceStatus> SourceStates() =>
    [
        new("boston-311", "boston", SourceState.Healthy, Minute(Storm.AddHours(40)), Storm.AddHours(40), 84_210, 3, null),
        new("weibo-hotsearch", "china", SourceState.Failing, Minute(Flood.AddHours(3)), Flood.AddHours(3), 12_804, 0, "HTTP 503 from the crawl, tried 4 times"),
    ];

    public static IEnumerable<SiteTick> Ticks() => [new("boston", Minute(Storm.AddHours(40)) - 1), new("china", Minute(Flood.AddHours(3)) - 4)];

    public static IEnumerable<DeadLetter> DeadLetters() =>
    [
        Letter("00000000000000d1", DeadLetterReason.MissingField, "'published' is missing; give an ISO 8601 time with its offset.", new(Source: "weibo", Line: 17)),
        Letter("00000000000000d2", DeadLetterReason.FromTheFuture, "'published' is 2 h 10 min ahead of its arrival; check the source's clock and zone.", new(Source: "hotline-push", File: "calls.ndjson", Line: 2_041)),
        Letter("00000000000000d3", DeadLetterReason.Failed, "Classification failed 5 times on it.", new(Topic: Topics.Records, Partition: 2, Offset: 881_204)),
    ];

    private static DeadLetter Letter(string id, DeadLetterReason reason, string detail, DeadLetterOrigin origin) => new()
    {
        Id = id,
        Reason = reason,
        Detail = detail,
        Stage = origin.Topic is null ? "ingestion" : "classification",
        Origin = origin,
        At = Flood,
        Length = 1_480,
        Sha256 = new string('0', 64),
        Bytes = [1, 2, 3],
        Site = "china",
    };

    private static long Minute(DateTimeOffset time) => time.ToUnixTimeSeconds() / 60;

    private static ControlEntry Entry(ControlKind kind, string id) => new() { Kind = kind, EntityId = id, Version = 1, Author = "riskwatch", EffectiveFrom = DateTimeOffset.MinValue };

    private static EvidencePoint[] Chart(DateTimeOffset at, double level, double peak) => [.. Enumerable.Range(-71, 72).Select(h =>
    {
        var expected = level * (1 + (0.45 * Math.Sin((h - 3) * Math.PI / 12)));
        var observed = h > -4 ? peak * (h + 5) / 5 : Math.Max(0, Math.Round(expected + (3 * Math.Sin(h * 1.7))));
        return new EvidencePoint(at.AddHours(h), observed, expected, expected * 0.55, (expected * 1.5) + 2);
    })];

    private static StoredRecord Record(string source, string id, string site, DateTimeOffset published, string text, Sentiment mood, double falseProbability, string topic, string place, string placeName, RecordKind kind = RecordKind.Post) => new(
        new Record { Id = id, Source = source, Site = site, Kind = kind, Published = published, Text = text },
        new Assessment
        {
            Id = id,
            Language = site == "boston" ? "en" : "zh",
            Credibility = new(falseProbability, falseProbability > 0.5 ? CredibilityBand.LikelyFalse : CredibilityBand.Credible),
            Sentiment = new(mood, mood == Sentiment.Negative ? -0.7 : 0, new(0.7, 0.2, 0.1)),
            Topics = [new(topic, 0.9)],
            Department = kind == RecordKind.Hotline ? new("Parks & Recreation", 0.8) : null,
            Relevance = new(0.8),
            Places = [new(place, placeName)],
            Group = "00000000000000aa",
            ModelVersion = "fast-2026",
        },
        Doubts: falseProbability > 0.5 ? 3 : 0,
        CorrectedBy: null,
        Version: 1);
}
