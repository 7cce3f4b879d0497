using CsCheck;
using RiskWatch.Classification.Text;
using Xunit;

namespace RiskWatch.Tests.Classification.Text;

public sealed class KeywordAutomatonTests
{
    [Theory]
    [InlineData("a fire broke out", "fire", "a word is found")]
    [InlineData("the firefighter", "", "a word within a word is not")]
    [InlineData("FIRE!", "fire", "case does not matter")]
    [InlineData("floods and flooding", "flood*,flood*", "a star lets a word grow")]
    [InlineData("下载app看暴雨", "app,暴雨", "Chinese around English is an edge, and needs none itself")]
    [InlineData("大暴雨", "大暴雨,暴雨", "of keywords that end together the longest comes first")]
    [InlineData("1120", "", "digits have edges as well")]
    public void Keywords_are_found_at_word_edges(string text, string expected, string because)
    {
        string[] keywords = ["fire", "flood", "flood*", "app", "暴雨", "大暴雨", "112"];
        var hits = new List<KeywordHit>();
        new KeywordAutomaton(keywords).Find(text, hits);
        Assert.True(expected == string.Join(',', hits.Select(hit => keywords[hit.Keyword])), because);
    }

    [Fact]
    public void It_finds_what_a_search_for_each_keyword_finds() => Gen.Select(
        Gen.Char["甲乙丙"].Array[1, 4].Select(c => new string(c)).Array[1, 8].Select(k => k.Distinct().ToArray()),
        Gen.Char["甲乙丙"].Array[0, 30].Select(c => new string(c))).Sample((keywords, text) =>
    {
        var hits = new List<KeywordHit>();
        new KeywordAutomaton(keywords).Find(text, hits);
        var plain =
            from k in Enumerable.Range(0, keywords.Length)
            from start in Enumerable.Range(0, Math.Max(0, text.Length - keywords[k].Length + 1))
            where string.CompareOrdinal(text, start, keywords[k], 0, keywords[k].Length) == 0
            select new KeywordHit(k, start, keywords[k].Length);
        return hits.ToHashSet().SetEquals(plain) && hits.Count == plain.Count();
    });
}
