using RiskWatch.Classification.Models;
using RiskWatch.Classification.Training;
using Xunit;

namespace RiskWatch.Tests.Classification.Training;

/// <summary>How texts are disguised for <c>evaluate --disguises</c>, and which disguises folding undoes.</summary>
public sealed class DisguisesTests
{
    private const string Chinese = "中国铁路局说火车今天停运，老人和孩子在医院门口等了八个小时 COVID";
    private const string English = "The hospital says patients wait for eight hours";

    public static TheoryData<string, string> Undone() => new()
    {
        { "full-width letters", English },
        { "full-width letters", Chinese },
        { "zero-width between characters", English },
        { "zero-width between characters", Chinese },
        { "traditional characters", Chinese },
        { "radicals and compatibility characters", Chinese },
    };

    public static TheoryData<string> Names() => [.. Disguises.All.Skip(1).Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Undone))]
    public void Folding_undoes(string name, string text)
    {
        var disguised = Of(name).Apply(text);

        Assert.NotEqual(text, disguised);
        Assert.Equal(Folded(text), Folded(disguised));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_changes_a_text_and_always_the_same_way(string name)
    {
        var disguise = Of(name);
        var text = disguise.Languages.Contains("zh") ? Chinese : English;

        Assert.NotEqual(text, disguise.Apply(text));
        Assert.Equal(disguise.Apply(text), disguise.Apply(text));
    }

    [Fact]
    public void A_fifth_of_the_characters_is_altered()
    {
        var text = string.Concat(Enumerable.Range(0, 200).Select(i => (char)('一' + i)));

        var altered = Of("20 % of the characters altered").Apply(text);

        Assert.Equal(text.Length, altered.Length);
        Assert.InRange(text.Zip(altered).Count(pair => pair.First != pair.Second), 25, 55);
    }

    [Fact]
    public void Marks_of_a_source_go_and_its_words_stay()
    {
        var bare = Disguises.All[0].Apply("【快讯】\u200B武汉今天封城 https://t.cn/A6x @人民日报 #新冠肺炎# 请转发");

        Assert.Contains("武汉今天封城", bare, StringComparison.Ordinal);
        Assert.Contains("请转发", bare, StringComparison.Ordinal);
        Assert.All(new[] { "【", "\u200B", "t.cn", "人民日报", "新冠肺炎" }, mark => Assert.DoesNotContain(mark, bare, StringComparison.Ordinal));
    }

    private static Disguise Of(string name) => Disguises.All.Single(d => d.Name == name);

    private static string Folded(string text)
    {
        var folded = new char[TextFolding.Limit];
        return new string(folded, 0, TextFolding.Fold(text, folded));
    }
}
