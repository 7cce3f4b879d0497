using RiskWatch.Classification.Encoders;
using Xunit;

namespace RiskWatch.Tests.Classification.Encoders;

public sealed class EncoderTokenizerTests
{
    private static readonly EncoderTokenizer Chinese = Of("zh");
    private static readonly EncoderTokenizer English = Of("en");
    private static readonly string[] ChineseWords = Vocabulary("zh");
    private static readonly string[] EnglishWords = Vocabulary("en");

    [Theory]
    [InlineData("nba总决赛", "nba 总 决 赛", "Latin words are found, characters stand alone")]
    [InlineData("笑死😂了", "笑 死 😂 了", "the vocabulary has this emoji")]
    [InlineData("难受😭", "难 受 大 哭", "the vocabulary lacks this one, so a word stands for it")]
    [InlineData("😭", "大 哭", "an emoji alone")]
    [InlineData("好𠮷", "好", "a character that neither vocabulary nor table has is left out")]
    public void Chinese_texts_become_these_pieces(string text, string pieces, string because) =>
        Assert.True(Pieces(Chinese.Ids(text), ChineseWords) == $"[CLS] {pieces} [SEP]", because);

    [Theory]
    [InlineData("café is open", "cafe is open", "accents are not unknown")]
    [InlineData("so sad 😭", "so sad crying", "a word stands for the emoji")]
    [InlineData("i ❤ it", "i love it", "so it does for one of the basic plane")]
    [InlineData("unbelievability", "un ##bel ##ie ##va ##bility", "rare words fall into pieces")]
    public void English_texts_become_these_pieces(string text, string pieces, string because) =>
        Assert.True(Pieces(English.Ids(text), EnglishWords) == $"[CLS] {pieces} [SEP]", because);

    [Fact]
    public void Long_texts_are_cut_and_still_end()
    {
        var ids = Chinese.Ids(new string('好', 5000));
        Assert.Equal(EncoderTokenizer.Longest, ids.Length);
        Assert.Equal("[SEP]", ChineseWords[ids[^1]]);
    }

    private static string Pieces(long[] ids, string[] words) => string.Join(' ', ids.Select(i => words[i]));

    private static string[] Vocabulary(string language) => File.ReadAllLines(Path.Combine(EncoderModel.DefaultFolder, language + ".vocab.txt"));

    private static EncoderTokenizer Of(string language) => EncoderTokenizer.Of(File.ReadAllBytes(Path.Combine(EncoderModel.DefaultFolder, language + ".vocab.txt")), language);
}
