using RiskWatch.Classification;
using RiskWatch.Classification.Models;
using Xunit;

namespace RiskWatch.Tests.Classification;

public sealed class ExplainerTests
{
    private static readonly FastModel Model = FastModel.Load(FastModel.DefaultPath);
    private static readonly Explainer Explainer = new(Model);

    [Theory]
    [InlineData("紧急通知!速转!吃了会致癌,已经死了很多人,专家证实,千万不要再吃了", "zh")]
    [InlineData("#BREAKING They hide the cure from us 😡, share before it is deleted http://t.co/abc", "en")]
    public void Parts_lie_where_they_say_and_pull_as_they_say(string text, string language)
    {
        var explanation = Explainer.Explain(text, language);
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
        Assert.Contains(Explainer.Explain("今天的服务太恶心了,气死我了", "zh").Negative, p => p.Weight > 0 && (p.Text.Contains("恶心", StringComparison.Ordinal) || p.Text.Contains('气', StringComparison.Ordinal)));

    [Theory]
    [InlineData("")]
    [InlineData("\uD83D")]
    [InlineData("\uDE00\uD83D ")]
    [InlineData("🤷🏽‍♀️👨‍👩‍👧")]
    public void No_text_makes_it_throw(string text) => Assert.True(Explainer.Explain(text, "zh").False.Count <= Explainer.Most);

    [Fact]
    public void A_language_that_nobody_trained_has_no_explanation() => Assert.Empty(Explainer.Explain("Сегодня дождь", "ru").False);
}
