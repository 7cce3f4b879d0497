using RiskWatch.Classification;
using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Models;
using RiskWatch.Contracts;
using Xunit;

namespace RiskWatch.Tests.Classification;

public sealed class ExplainerTests
{
    private static readonly FastModel Model = FastModel.Load(FastModel.DefaultPath);
    private static readonly Explainer Explainer = new(Model, new EncoderStage(EncoderModel.Load(EncoderModel.DefaultFolder, Model, 100)));

    [Theory]
    [InlineData("紧急通知!速转!吃了会致癌,已经死了很多人,专家证实,千万不要再吃了", "zh")]
    [InlineData("#BREAKING They hide the cure from us 😡, share before it is deleted http://t.co/abc", "en")]
    public void Parts_lie_where_they_say_and_pull_as_they_say(string text, string language)
    {
        var explanation = Explainer.Explain(text, language, ClassificationStageKind.Fast);
        Assert.NotEmpty(explanation.False);
        Model.Score(text, language, out var whole);
        foreach (var part in explanation.False.Concat(explanation.Negative))
        {
            Assert.Equal(part.Text, text.Substring(part.Start, part.Length));
        }

        var strongest = explanation.False[0];
        Model.Score(text.Remove(strongest.Start, strongest.Length), language, out var without);
        Assert.Equal(strongest.Weight > 0, whole.FalseEvidence > without.FalseEvidence);
    }

    [Fact]
    public void The_words_of_a_mood_explain_it() =>
        Assert.Contains(Explainer.Explain("今天的服务太恶心了,气死我了", "zh", ClassificationStageKind.Fast).Negative, p => p.Weight > 0 && (p.Text.Contains("恶心", StringComparison.Ordinal) || p.Text.Contains('气', StringComparison.Ordinal)));

    [Theory]
    [InlineData("")]
    [InlineData("\uD83D")]
    [InlineData("\uDE00\uD83D ")]
    [InlineData("🤷🏽‍♀️👨‍👩‍👧")]
    public void No_text_makes_it_throw(string text) => Assert.True(Explainer.Explain(text, "zh", ClassificationStageKind.Fast).False.Count <= Explainer.Most);

    [Fact]
    public void A_language_that_nobody_trained_has_no_explanation() => Assert.Empty(Explainer.Explain("Сегодня дождь", "ru", ClassificationStageKind.Fast).False);

    [Theory]
    [InlineData("今天好开心,哈哈哈哈", "zh", "positive")]
    [InlineData("what a wonderful day, love this so much", "en", "positive")]
    [InlineData("气死我了,太恶心了", "zh", "negative")]
    public void What_the_encoder_decided_is_explained_by_labelled_texts_like_it(string text, string language, string most)
    {
        var explanation = Explainer.Explain(text, language, ClassificationStageKind.Encoder);

        Assert.Empty(explanation.False);
        Assert.Equal(LabelledNeighbours.Most, explanation.FalseNeighbours!.Count);
        Assert.All(explanation.FalseNeighbours, n => Assert.Contains(n.Label, (string[])["true", "false"]));
        Assert.Equal(explanation.MoodNeighbours!.OrderByDescending(n => n.Similarity), explanation.MoodNeighbours);
        Assert.Equal(most, explanation.MoodNeighbours!.GroupBy(n => n.Label).MaxBy(g => g.Count())!.Key);
        Assert.All(explanation.MoodNeighbours!, n => Assert.InRange(n.Similarity, 0.3, 1));
    }

    [Fact]
    public void Without_an_encoder_for_the_language_the_fast_heads_explain() =>
        Assert.NotEmpty(new Explainer(Model, new EncoderStage(null)).Explain("千万不要再吃了", "zh", ClassificationStageKind.Encoder).False);
}
