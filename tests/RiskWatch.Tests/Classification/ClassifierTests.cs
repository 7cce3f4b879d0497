using RiskWatch.Classification;
using RiskWatch.Classification.Models;
using RiskWatch.Classification.Places;
using RiskWatch.Classification.Taxonomies;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;
using Xunit;

namespace RiskWatch.Tests.Classification;

public sealed class ClassifierTests
{
    private static readonly Classifier Classifier = new(new FixedScorer(), Taxonomy.BuiltIn(), new PlaceResolver(new PlaceNames(Gazetteer.Default)));
    private static readonly Site China = new() { Id = "china", Names = new("中国", "China"), TimeZone = "Asia/Shanghai", GazetteerRoot = "cn", Languages = ["zh"] };

    [Fact]
    public void A_post_is_assessed_whole()
    {
        var classified = Classifier.Classify(Post("【最新】郑州暴雨,地铁停运"), China);
        Assert.Equal("cn-4101", classified.Assessment.Places[0].Code);
        Assert.Contains("flood", classified.Assessment.Topics.Select(t => t.Id));
        Assert.Contains("disaster", classified.Assessment.Topics.Select(t => t.Id));
        Assert.Contains("最新", classified.Terms);
        Assert.Equal(16, classified.Assessment.Group.Length);
        Assert.Equal("fixed", classified.Assessment.ModelVersion);
        Assert.False(classified.Doubts);
        Assert.True(classified.OwnWords);
    }

    [Fact]
    public void The_built_in_model_reads_mood_and_language_and_keeps_to_the_prior()
    {
        var scorer = new ModelScorer(FastModel.Load(FastModel.DefaultPath));
        var angry = scorer.Read("太气人了,小区停水三天没人管,投诉也没用", null, 0.02, RecordKind.Post);
        Assert.Equal("zh", angry.Language);
        Assert.Equal(Sentiment.Negative, angry.Sentiment.Label);
        Assert.NotNull(angry.Department);
        Assert.Equal(Sentiment.Positive, scorer.Read("I love this, what a wonderful day, thank you all!", null, 0.02, RecordKind.Post).Sentiment.Label);
        Assert.True(scorer.Read("they hide the cure from us, share before it is deleted", null, 0.5, RecordKind.Post).Credibility.FalseProbability > scorer.Read("they hide the cure from us, share before it is deleted", null, 0.02, RecordKind.Post).Credibility.FalseProbability);
        var nothing = scorer.Read("😭😭", "fr", 0.02, RecordKind.Post);
        Assert.Equal(("fr", CredibilityBand.Uncertain, Sentiment.Neutral), (nothing.Language, nothing.Credibility.Band, nothing.Sentiment.Label));
        Assert.Equal(0.02, nothing.Credibility.FalseProbability, 6);
    }

    [Fact]
    public void A_hotline_record_is_never_discounted()
    {
        var assessment = Classifier.Classify(Post("外星人入侵") with { Kind = RecordKind.Hotline }, China).Assessment;
        Assert.Equal(new Credibility(0, CredibilityBand.Credible), assessment.Credibility);
    }

    [Fact]
    public void Title_and_text_count_once()
    {
        var both = Classifier.Classify(Post("城东起火了,很大的烟") with { Title = "城东起火了" }, China).Assessment;
        Assert.Equal(Classifier.Classify(Post("城东起火了,很大的烟"), China).Assessment.Group, both.Group);
        var title = Classifier.Classify(Post("") with { Title = "郑州暴雨" }, China).Assessment;
        Assert.Equal("cn-4101", title.Places[0].Code);
    }

    [Fact]
    public void A_bare_repost_has_no_words_of_its_own()
    {
        Assert.False(Classifier.Classify(Post("转发微博") with { RepostOf = "0" }, China).OwnWords);
        Assert.True(Classifier.Classify(Post("转发微博"), China).OwnWords);
        var doubt = Classifier.Classify(Post("真的吗?//@张三:城东起火") with { RepostOf = "0" }, China);
        Assert.True(doubt.Doubts && doubt.OwnWords);
        Assert.False(Classifier.Classify(Post("好惨//@张三:真的吗?") with { RepostOf = "0" }, China).Doubts);
    }

    [Fact]
    public void Doubts_raise_the_false_probability_and_never_lower_it()
    {
        foreach (var own in new[] { 0, 1, 200, 5000, 9999, 10_000 })
        {
            var before = own / 10_000.0;
            Assert.Equal(before, Classifier.WithDoubts(own, 0).FalseProbability);
            for (var doubts = 1; doubts < 100_000; doubts *= 3)
            {
                var after = Classifier.WithDoubts(own, doubts).FalseProbability;
                Assert.InRange(after, before, 1);
                before = after;
            }
        }

        Assert.InRange(Classifier.WithDoubts(200, 10).FalseProbability, 0.1, 0.25);
        Assert.Equal(CredibilityBand.LikelyFalse, Classifier.WithDoubts(200, 1000).Band);
        Assert.Equal(CredibilityBand.Credible, Classifier.WithDoubts(0, 1000).Band);
    }

    [Fact]
    public void No_text_makes_it_throw()
    {
        string[] texts = ["", " ", "\0\0", "😭😭", "\uD83D", "\uDE00\uD83D", "@", "#", "##", "[", "【", "//@", "RT @", "http://", new string('a', 1 << 20), string.Concat(Enumerable.Repeat("暴雨致", 350_000)), new string('#', 1 << 20)];
        foreach (var text in texts)
        {
            var classified = Classifier.Classify(Post(text) with { Title = text.Length < 100 ? text : null, Place = new RecordPlace(text.Length < 100 ? text : ""), Category = "" }, China);
            Assert.Equal(16, classified.Assessment.Group.Length);
            Assert.True(classified.Terms.Count <= 8);
        }
    }

    [Fact]
    public void The_same_record_is_assessed_alike_on_many_threads()
    {
        var post = Post("#突发# 郑州暴雨 Hurricane Irene 《城市》");
        var expected = Text(Classifier.Classify(post, China));
        Assert.All(Enumerable.Range(0, 200).AsParallel().Select(_ => Text(Classifier.Classify(post, China))).ToList(), text => Assert.Equal(expected, text));
    }

    private static string Text(Classified c) => string.Join('|', c.Assessment.Group, string.Join(',', c.Terms), string.Join(',', c.Assessment.Topics), string.Join(',', c.Assessment.Places));

    private static Record Post(string text) => new() { Id = "1", Source = "s", Published = DateTimeOffset.UnixEpoch, Text = text };

    private sealed class FixedScorer : IScorer
    {
        public string Version => "fixed";

        public Reading Read(string text, string? claimed, double prior, RecordKind kind) =>
            new("zh", new Credibility(prior, CredibilityBand.Uncertain), new SentimentAssessment(Sentiment.Neutral, 0, new SentimentProbabilities(0, 1, 0)), null, 0.5);

        public float[]? Encode(string text, string language) => null;

        public CredibilityBand Band(double falseProbability) => falseProbability >= 0.5 ? CredibilityBand.LikelyFalse : falseProbability < 0.1 ? CredibilityBand.Credible : CredibilityBand.Uncertain;
    }
}
