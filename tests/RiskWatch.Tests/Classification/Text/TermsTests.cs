using RiskWatch.Classification.Text;
using Xunit;

namespace RiskWatch.Tests.Classification.Text;

public sealed class TermsTests
{
    [Theory]
    [InlineData("#城东大火# 现场", "城东大火", "a Chinese hashtag")]
    [InlineData("他读了《城市之光》。", "城市之光", "a title in brackets")]
    [InlineData("【紧急通知】今晚停水", "紧急通知", "a headline in brackets")]
    [InlineData("大家叫它“毒跑道”", "毒跑道", "a quoted phrase")]
    [InlineData("watch #DamBreak now", "dambreak", "an English hashtag")]
    [InlineData("people around Riverside Park are waiting", "riverside park", "a run of capitalised words")]
    public void Marked_phrases_are_terms(string text, string term, string because) => Assert.True(Terms.Of(text).Contains(term), because);

    [Fact]
    public void Two_English_hashtags_are_not_a_phrase_between_them() =>
        Assert.Equal(["fire", "flood"], Terms.Of("#fire and then #flood"));

    [Fact]
    public void There_are_at_most_eight_and_no_term_twice()
    {
        var terms = Terms.Of("#一二# #三四# #五六# #七八# #九十# #甲乙# #丙丁# #戊己# #庚辛# #一二#");
        Assert.Equal(8, terms.Count);
        Assert.Equal(terms.Distinct(), terms);
    }

    [Fact]
    public void Titles_that_share_words_share_terms()
    {
        var one = Terms.Of("城东化工厂突发大火");
        var other = Terms.Of("城东化工厂突发大火!");
        var longer = Terms.Of("直击城东化工厂突发大火现场");
        Assert.Equal(one, other);
        Assert.NotEmpty(one.Intersect(longer));
    }

    [Fact]
    public void Of_a_long_text_what_it_repeats_comes_first()
    {
        const string Letter = "丽景湾花园三期旁边一直施工到凌晨，夜里噪声扰民严重，孩子睡眠不足，老人血压升高，住户联名写信也没有结果，物业推给施工方，施工方推给街道，街道又推给城管，请核查丽景湾花园工地的夜间许可。";
        var terms = Terms.Of(Letter);
        Assert.Equal(8, terms.Count);
        Assert.Contains(terms[0], new[] { "丽景湾花", "景湾花园" });
        Assert.All(terms, t => Assert.Equal(4, t.Length));
    }

    [Fact]
    public void Formulae_of_letters_are_no_terms() =>
        Assert.DoesNotContain("相关部门", Terms.Of(string.Concat(Enumerable.Repeat("希望相关部门尽快解决此事，谢谢！", 6))));
}
