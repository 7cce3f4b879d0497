using RiskWatch.Classification.Models;
using RiskWatch.Classification.Training;
using RiskWatch.Contracts;
using Xunit;

namespace RiskWatch.Tests.Classification.Models;

public class FastModelTests
{
    private static readonly FastModel Model = FastModel.Load(FastModel.DefaultPath);

    [Theory]
    [InlineData("今天真开心，谢谢大家的帮助，太好了！", "zh", Sentiment.Positive)]
    [InlineData("气死我了，这垃圾公司太恶心了", "zh", Sentiment.Negative)]
    [InlineData("So happy and grateful, what a great day, love it", "en", Sentiment.Positive)]
    [InlineData("This is terrible, I hate it, worst service ever", "en", Sentiment.Negative)]
    public void The_mood_of_plain_texts_is_seen(string text, string language, Sentiment mood)
    {
        Model.Score(text, language, out var s);
        var seen = s.Negative > s.Neutral && s.Negative > s.Positive ? Sentiment.Negative : s.Positive > s.Neutral ? Sentiment.Positive : Sentiment.Neutral;
        Assert.Equal(mood, seen);
        Assert.Equal(1, s.Negative + s.Neutral + s.Positive, 1e-4f);
    }

    [Theory]
    [InlineData(0, 0.2, 0.5, 0.3)]
    [InlineData(1, 0.1, 0, 0.9)]
    [InlineData(0.5, 0.15, 0.25, 0.6)]
    public void A_text_that_may_be_a_review_has_the_moods_of_both(float review, float negative, float neutral, float positive)
    {
        var scores = new FastScores { Negative = 0.2f, Neutral = 0.5f, Positive = 0.3f, Review = review, ReviewPositive = 0.9f };

        FastFamily.MixMoods(ref scores);

        Assert.Equal((negative, neutral, positive), (MathF.Round(scores.Negative, 4), MathF.Round(scores.Neutral, 4), MathF.Round(scores.Positive, 4)));
    }

    [Theory]
    [InlineData("Power is out on our whole street again, anyone know when it comes back?", CredibilityBand.Credible)]
    [InlineData("OMG that concert last night was insane, can't believe they played for three hours", CredibilityBand.Credible)]
    [InlineData("Drinking hot water with lemon and garlic every 15 minutes kills the coronavirus, doctors in Wuhan confirm", CredibilityBand.LikelyFalse)]
    [InlineData("Video shows Bill Gates admitting that the COVID-19 vaccine contains a microchip to track people", CredibilityBand.LikelyFalse)]
    public void Talk_is_not_taken_for_a_false_claim(string text, CredibilityBand band)
    {
        Model.Score(text, "en", out var scores);

        Assert.Equal(band, Model.Credibility(scores, 0.02).Band);
    }

    [Theory]
    [InlineData(4, 1, 0.02, 0.527)]
    [InlineData(4, 0, 0.02, 0.0525)]
    [InlineData(4, 0, 0.5, 0.731)]
    [InlineData(0.5, 0, 0.5, 0.622)]
    [InlineData(-3, 0, 0.5, 0.047)]
    public void Of_another_kind_of_text_much_evidence_is_no_more_than_little(float evidence, float claim, double prior, double probability) =>
        Assert.Equal(probability, new FastScores { FalseEvidence = evidence, Claim = claim }.FalseProbability(prior), 1e-3);

    [Fact]
    public void A_message_goes_to_its_department()
    {
        Model.Score("化工厂夜里偷排废气，气味刺鼻，污染河水，请环保局查处", "zh", out var s);
        Assert.Equal("环境保护", Model.Departments[s.Department]);
        Assert.InRange(s.DepartmentProbability, 0.3f, 1f);
    }

    [Fact]
    public void The_false_probability_follows_the_share_to_expect()
    {
        Model.Score("紧急通知！速转！吃了会致癌，已经死了很多人，专家证实，千万不要再吃了", "zh", out var s);
        var (rare, even) = (Model.Credibility(s, 0.02).FalseProbability, Model.Credibility(s, 0.5).FalseProbability);
        Assert.True(rare < even, $"{rare} < {even}");
        Assert.Equal(Math.Log(0.02 / 0.98), Math.Log(rare / (1 - rare)) - Math.Log(even / (1 - even)), 1e-4);
    }

    [Theory]
    [InlineData("", "zh")]
    [InlineData("   ", "en")]
    [InlineData("http://t.cn/abc", "zh")]
    [InlineData("Сегодня дождь", "ru")]
    [InlineData("???", "und")]
    public void What_cannot_be_read_is_uncertain(string text, string language)
    {
        Model.Score(text, language, out var s);
        if (!s.Scored)
        {
            Assert.Equal(CredibilityBand.Uncertain, Model.Credibility(s, 0.02).Band);
            Assert.Equal(0.02, Model.Credibility(s, 0.02).FalseProbability, 1e-6);
        }

        Assert.Equal(text == "???" || text.Length == 0 || language == "ru" || string.IsNullOrWhiteSpace(text) || text.StartsWith("http", StringComparison.Ordinal), !s.Scored);
    }

    [Fact]
    public void Scoring_allocates_nothing()
    {
        var texts = SomeTexts.Generated(200).Select(r => r.Text).ToArray();
        Score(texts);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Score(texts);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Score(string[] texts)
        {
            foreach (var text in texts)
            {
                Model.Score(text, LanguageIdentifier.Identify(text), out _);
            }
        }
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        var texts = SomeTexts.Generated(500).Select(r => r.Text).ToArray();
        var expected = texts.Select(Score).ToArray();
        var seen = new float[texts.Length];
        Parallel.For(0, texts.Length, i => seen[i] = Score(texts[i]));
        Assert.Equal(expected, seen);

        static float Score(string text)
        {
            Model.Score(text, "zh", out var s);
            return s.FalseEvidence;
        }
    }

    [Fact]
    public void The_committed_evaluation_meets_the_bounds()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Model", "evaluation.json");
        var evaluation = Evaluation.FromJson(File.ReadAllText(file));
        double F1(string language, string head, string set) => evaluation.Heads.Single(h => h.Language == language && h.Head == head && h.Set.EndsWith(set, StringComparison.Ordinal)).MacroF1;
        Assert.InRange(F1("zh", "falseInformation", "ced"), 0.75, 1);
        Assert.InRange(F1("zh", "sentiment", "usual"), 0.68, 1);
        Assert.InRange(F1("zh", "sentiment", "virus"), 0.74, 1);
        Assert.InRange(F1("zh", "department", "att2"), 0.87, 1);
        Assert.InRange(F1("en", "falseInformation", "constraint"), 0.94, 1);
        double Encoded(string language, string head, string set) => evaluation.EncoderHeads.Single(h => h.Language == language && h.Head == head && h.Set.EndsWith(set, StringComparison.Ordinal)).MacroF1;
        Assert.InRange(Encoded("zh", "falseInformation", "ced"), 0.815, 1);
        Assert.InRange(Encoded("zh", "sentiment", "usual"), 0.72, 1);
        Assert.InRange(Encoded("zh", "sentiment", "virus"), 0.77, 1);
        Assert.InRange(Encoded("en", "falseInformation", "constraint"), 0.945, 1);
        Assert.InRange(Encoded("en", "sentiment", "2017"), 0.64, 1);
        Assert.All(evaluation.BaseRate, b => Assert.InRange(b.LikelyFalse, 0, 0.01));
    }

    [Fact]
    public void Rounding_weights_to_bytes_moves_a_committed_figure_by_two_rows_or_a_seventh_of_a_point_at_most()
    {
        var evaluation = Evaluation.FromJson(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Model", "evaluation.json")));

        Assert.NotEmpty(evaluation.Heads);
        // Where 465 rows are all there are, one of them is .2 points.
        Assert.All(evaluation.Heads, h => Assert.True(h.RoundingMoves <= Math.Max(0.0015, 2.5 / h.Rows), $"{h.Language} {h.Head} on {h.Set}: {h.RoundingMoves} of {h.Rows} rows"));
    }
}
