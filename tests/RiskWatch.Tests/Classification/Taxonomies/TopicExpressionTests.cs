using RiskWatch.Classification.Taxonomies;
using RiskWatch.Contracts;
using Xunit;

namespace RiskWatch.Tests.Classification.Taxonomies;

public sealed class TopicExpressionTests
{
    [Theory]
    [InlineData("fire smoke", "smoke everywhere", true, "side by side is or")]
    [InlineData("fire or smoke", "smoke everywhere", true, "or may be written")]
    [InlineData("fire and smoke", "smoke everywhere", false, "and wants both")]
    [InlineData("rain fire and smoke", "rain", true, "and binds more than or")]
    [InlineData("fire and not drill", "fire drill", false, "not takes away")]
    [InlineData("(fire smoke) and alarm", "an alarm, some smoke", true, "parentheses group")]
    [InlineData("\"open fire\"", "they open fire", true, "a phrase")]
    [InlineData("\"open fire\"", "fire in the open", false, "a phrase keeps its order")]
    [InlineData("\"and\"", "this and that", true, "a quoted operator is a word")]
    [InlineData("雨 near/3 停", "雨大停课", true, "near, in this order")]
    [InlineData("雨 near/3 停", "停课大雨", true, "near, in the other order")]
    [InlineData("雨 near/3 停", "雨下了一整天以后停了", false, "too far apart")]
    [InlineData("(雨 雪) near/5 (停课 停运)", "大雪停运", true, "near joins lists")]
    [InlineData("ＡＢＣ", "abc", true, "words are normalised")]
    public void Expressions_mean_what_they_say(string expression, string text, bool matches, string because)
    {
        var taxonomy = Taxonomy.Parse($"topics:\n  - id: t\n    names: {{ zh: t, en: t }}\n    en: >-\n      {expression}\n");
        Assert.True(matches == (taxonomy.Of(Some(text), Site(), text).Count == 1), because);
    }

    [Theory]
    [InlineData("(a b", 6, 7, "not closed")]
    [InlineData("a and", 6, 12, "missing")]
    [InlineData("a ) b", 6, 9, "Unexpected")]
    [InlineData("a near/x b", 6, 9, "near/")]
    [InlineData("(a and b) near/3 c", 6, 17, "near joins")]
    [InlineData("\"a", 6, 7, "quotation")]
    [InlineData("not a", 6, 7, "without any")]
    public void A_mistake_is_told_with_its_line_and_column(string expression, int line, int column, string says)
    {
        var error = Assert.Throws<TaxonomyException>(() => Taxonomy.Parse($"# one\ntopics:\n  - id: t\n    names: {{ zh: t, en: t }}\n    en: >-\n      {expression}\n"));
        Assert.Equal(line, error.Line);
        Assert.Contains(says.Split(' ')[0], error.Message, StringComparison.Ordinal);
        Assert.True(error.Column >= 1 && error.Column <= column, error.Message);
    }

    [Theory]
    [InlineData("topics:\n  - id: a\n    names: { zh: a, en: a }\n    parent: b\n", "parent", 2)]
    [InlineData("topics:\n  - id: a\n    names: { zh: a, en: a }\n  - id: a\n    names: { zh: a, en: a }\n", "already", 4)]
    [InlineData("topics:\n  - id: a\n    name: x\n", "Unknown key", 3)]
    [InlineData("topics: [", "", 1)]
    [InlineData("", "list", 1)]
    public void A_broken_taxonomy_is_refused(string yaml, string says, int line)
    {
        var error = Assert.Throws<TaxonomyException>(() => Taxonomy.Parse(yaml));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.True(error.Line >= line, error.Message);
    }

    [Fact]
    public void Ten_thousand_expressions_find_their_one()
    {
        var topics = Enumerable.Range(0, 10_000).Select(i => $"  - id: t{i}\n    names: {{ zh: t, en: t }}\n    en: word{i} and not never{i}\n");
        var taxonomy = Taxonomy.Parse("topics:\n" + string.Concat(topics));
        const string Text = "only word4321 here";
        Assert.Equal("t4321", taxonomy.Of(Some(Text), Site(), Text).Single().Id);
    }

    internal static Record Some(string text, string? category = null) => new() { Id = "1", Source = "s", Published = DateTimeOffset.UnixEpoch, Text = text, Category = category };

    internal static Site Site(params CategoryTopic[] categories) => new() { Id = "x", Names = new("x", "x"), TimeZone = "Asia/Shanghai", GazetteerRoot = "cn", Languages = ["zh"], Categories = categories };
}
