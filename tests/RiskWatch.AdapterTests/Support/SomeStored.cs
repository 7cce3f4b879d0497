using System.Globalization;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.AdapterTests.Support;

/// <summary>Makes documents for the store with what a test does not care about filled in.</summary>
internal static class SomeStored
{
    public static readonly DateTimeOffset Noon = new(2021, 7, 20, 12, 0, 0, TimeSpan.Zero);

    public static RecordWrite Write(
        string id, string text, DateTimeOffset? published = null, long version = 1, string source = "weibo", string? title = null, string site = "china",
        RecordKind kind = RecordKind.Post, Sentiment mood = Sentiment.Neutral, CredibilityBand band = CredibilityBand.Credible, string[]? topics = null, string[]? places = null,
        string group = "0000000000000000", string? author = null) => new(
            source,
            id,
            version,
            new StoredRecord(
                new Record { Id = id, Source = source, Published = published ?? Noon, Text = text, Title = title, Site = site, Kind = kind, Author = author },
                Assessment(id, mood, band, topics ?? [], places ?? [], group),
                0,
                null,
                version),
            null);

    public static RecordWrite Deletion(string id, long version, string source = "weibo") => new(source, id, version, null, null);

    public static RecordWrite Revise(string id, long version, CredibilityBand? band = null, Sentiment? mood = null, int doubts = 0, string? by = null) => new(
        "weibo", id, version, null, new Revision("weibo", id, Noon, band is { } b ? new Credibility(0.9, b) : null, mood, doubts, by, Noon.AddHours(1), version));

    public static HistoryHour Hour(DateTimeOffset hour, double observed, long version = 1, string? topic = "flood", string? term = null, string place = "cn-41") => new(
        "china", topic, place, term, hour, observed, 2.5, 1, 5, new TallyCounts { Posts = 7, Hotline = 1, Negative = 3, Positive = 2, Uncertain = 1, LikelyFalse = 1, FalseTenThousandths = 12_345 }, 6.5, version);

    public static Alert Alert(
        string id, DateTimeOffset raised, AlertStatus status = AlertStatus.Open, AlertLevel peak = AlertLevel.III, long version = 1, string site = "china", string? topic = "flood", string? place = "cn-4101") => new()
        {
            Id = id,
            RaisedAt = raised,
            Level = peak,
            PeakLevel = peak,
            History = [new AlertStep(raised, peak, "raised")],
            Headline = new BilingualText("郑州暴雨", "Rain in Zhengzhou"),
            Site = site,
            Topic = topic is null ? null : new AlertTopic(topic, new BilingualText(topic, topic)),
            Place = place is null ? null : new AlertPlace(place, new BilingualText(place, place)),
            Window = 6,
            Observed = 40,
            Expected = 4,
            Interval = new ExpectedInterval(1, 9),
            PValue = 1e-9,
            RatioLower = 4,
            Urgency = Urgency.Expected,
            Severity = Severity.Moderate,
            Certainty = Certainty.Likely,
            Kinds = new AlertKinds(38, 2),
            Exemplars = ["weibo/1"],
            StandDownCount = 12,
            Versions = new AlertVersions("default", 1, "1", null),
            Status = status,
            UpdatedAt = raised,
            Version = version,
        };

    public static string Id(int number) => number.ToString("d6", CultureInfo.InvariantCulture);

    private static Assessment Assessment(string id, Sentiment mood, CredibilityBand band, string[] topics, string[] places, string group) => new()
    {
        Id = id,
        Language = "zh",
        Credibility = new Credibility(0.1, band),
        Sentiment = new SentimentAssessment(mood, 0, new SentimentProbabilities(0.2, 0.6, 0.2)),
        Topics = [.. topics.Select(t => new TopicAssessment(t, 0.9))],
        Relevance = new Relevance(0.5),
        Places = [.. places.Select(p => new PlaceReference(p, p))],
        Group = group,
        ModelVersion = "test",
    };
}
