using RiskWatch.Classification.Models;
using Xunit;

namespace RiskWatch.Tests.Classification.Models;

public class TextFoldingTests
{
    [Theory]
    [InlineData("ＡＢＣ１２３", "abc123", "full-width forms are undone")]
    [InlineData("謠\u200B言", "谣言", "zero-width characters go, traditional characters become simplified")]
    [InlineData("【快讯】#武汉# 加油", "快讯 武汉 加油", "brackets and hashtag marks go, their words stay")]
    [InlineData("看这里http://t.cn/A6PqoMKY 真的吗", "看这里 真的吗", "links go")]
    [InlineData("//@张三:不信", " :不信", "names go")]
    [InlineData("好！！！！！！", "好!!!", "runs are cut")]
    [InlineData("a  \r\n b", "a b", "white space is one space")]
    [InlineData("疫·情·爆·发·了", "疫情爆发了", "signs between characters go")]
    [InlineData("疫😀情😀爆😀发😀,😀真😀的", "疫情爆发,真的", "emoji between characters go")]
    [InlineData("c o v i d   i s   h e r e", "covid is here", "spaces between letters go, those between words stay")]
    [InlineData("疫*情-爆~发.了", "疫情爆发了", "different signs go as well")]
    [InlineData("春天,夏天,秋天", "春天,夏天,秋天", "commas between words stay")]
    [InlineData("好😀今天", "好😀今天", "one emoji stays")]
    [InlineData("соvіd vассіnе", "covid vaccine", "letters that look Latin become Latin")]
    [InlineData("ｈｔｔｐ：／／ｔ．ｃｏ／ａ ok", "ok", "full-width links go")]
    [InlineData("h\u200Bttp://t.co/a\u200Bb ok", "ok", "links with zero-width characters go")]
    [InlineData("见http://t.cn/A6PqoMKY，真的", "见 ,真的", "a full-width comma is no part of a link")]
    public void What_is_not_content_is_folded_away(string text, string folded, string because)
    {
        var buffer = new char[TextFolding.Limit];
        Assert.True(Fold(text, buffer).EndsWith(folded, StringComparison.Ordinal), $"{because}: '{Fold(text, buffer)}'");
    }

    [Fact]
    public void Broken_surrogates_go() => Assert.Equal("ok 😀", Fold("ok\uD83D \uDE00😀", new char[TextFolding.Limit]));

    [Fact]
    public void Any_text_fits_its_buffers()
    {
        var random = new Random(3);
        var scratch = ScoringScratch.Current;
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Create(random.Next(i), random, (span, r) =>
            {
                foreach (ref var c in span)
                {
                    c = (char)(r.Next(4) == 0 ? r.Next(0x10000) : 0x20 + r.Next(0x60));
                }
            });
            Assert.InRange(scratch.Features(text).Length, 0, FeatureHasher.Limit);
        }

        Assert.InRange(scratch.Features(new string('a', 1_000_000)).Length, 0, FeatureHasher.Limit);
        Assert.InRange(scratch.Features(string.Concat(Enumerable.Repeat("ab ", 300_000))).Length, 1, FeatureHasher.Limit);
    }

    private static string Fold(string text, char[] buffer) => new(buffer, 0, TextFolding.Fold(text, buffer));
}
