using CsCheck;
using RiskWatch.Core.Text;
using Xunit;

namespace RiskWatch.Tests.Core.Text;

public sealed class TextNormalizerTests
{
    [Theory]
    [InlineData("ＡＢＣ１２３", "ABC123", "full-width letters and digits fold")]
    [InlineData("郑\u200B州\uFEFF暴雨", "郑州暴雨", "zero-width characters go")]
    [InlineData("a\r\n\r\n b\t\u3000c ", "a b c", "line breaks and white space collapse")]
    [InlineData("a\u0007b\u0000c", "abc", "control characters go")]
    [InlineData("e\u200D\u0301", "\u00E9", "a letter and its accent meet once what hid them is gone")]
    [InlineData("你好，世界！", "你好,世界!", "full-width punctuation folds")]
    [InlineData("", "", "nothing stays nothing")]
    [InlineData(" \u200B\n", "", "invisible text is empty")]
    [InlineData("❤\uFE0F", "❤", "variation selectors are invisible")]
    public void Text_takes_one_form(string text, string expected, string because) =>
        Assert.True(expected == TextNormalizer.Normalize(text), because);

    [Fact]
    public void Broken_surrogates_are_replaced()
    {
        // Not rows of the theory: attributes hold UTF-8, which has no lone surrogates.
        Assert.Equal("\uFFFD", TextNormalizer.Normalize("\uD83D"));
        Assert.Equal("x\uFFFD\uFFFDy", TextNormalizer.Normalize("x\uDE00\uD83Dy"));
    }

    [Fact]
    public void Text_in_normal_form_comes_back_as_the_same_instance()
    {
        foreach (var text in new[] { "郑州暴雨", "plain words, here", "「提醒」《书》", "\U0001F600 ok", "été" })
        {
            Assert.Same(text, TextNormalizer.Normalize(text));
        }
    }

    [Fact]
    public void Clean_text_costs_no_allocation()
    {
        const string Clean = "郑州地铁4号线成水帘洞 and more words";
        TextNormalizer.Normalize(Clean);
        var before = GC.GetAllocatedBytesForCurrentThread();
        TextNormalizer.Normalize(Clean);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Normalising_twice_is_normalising_once() => Gen.Char.Array[0, 40].Sample(chars =>
    {
        var once = TextNormalizer.Normalize(new string(chars));
        return once == TextNormalizer.Normalize(once) && !once.Contains("  ", StringComparison.Ordinal);
    });

    [Fact]
    public void Every_single_character_is_stable_beside_letters_and_accents()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            foreach (var text in new[] { $"a{(char)c}\u0301", $"\u0301{(char)c} b", $"か{(char)c}\u3099\u1161" })
            {
                var once = TextNormalizer.Normalize(text);
                Assert.True(once == TextNormalizer.Normalize(once), $"U+{c:X4}");
            }
        }
    }
}
