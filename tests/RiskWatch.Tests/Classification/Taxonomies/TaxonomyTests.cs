using RiskWatch.Classification.Taxonomies;
using RiskWatch.Contracts;
using Xunit;

namespace RiskWatch.Tests.Classification.Taxonomies;

public sealed class TaxonomyTests
{
    private const string Yaml = """
        topics:
          - id: disaster
            names: { zh: 灾害, en: Disaster }
            en: disaster
          - id: flood
            parent: disaster
            names: { zh: 洪水, en: Flood }
            en: flood* rain water
          - id: fire
            parent: disaster
            names: { zh: 火, en: Fire }
            en: fire smoke
          - id: noise
            names: { zh: 噪音, en: Noise }
            en: noise
          - id: other
            names: { zh: 其他, en: Other }
        """;

    private static readonly Taxonomy Small = Taxonomy.Parse(Yaml);

    private static readonly Site Boston = TopicExpressionTests.Site(
        new CategoryTopic("311", "Tree Emergencies", "tree-emergencies", new("树", "Trees"), "trees"),
        new CategoryTopic(null, "Trees", "trees", new("树木", "All trees")),
        new CategoryTopic("311", "Burning", "fire", new("x", "x")));

    [Fact]
    public void Topics_come_with_their_ancestors() =>
        Assert.Equal(["flood", "disaster"], Topics("a flood", Boston));

    [Fact]
    public void The_topic_with_more_of_its_words_is_more_probable_and_comes_first() =>
        Assert.Equal(["flood", "disaster", "fire", "noise"], Topics("flood rain fire noise", Boston));

    [Fact]
    public void At_most_four_topics_are_kept_and_none_without_its_ancestors()
    {
        const string More = "\n  - id: a\n    parent: other\n    names: { zh: a, en: a }\n    en: apple\n  - id: b\n    parent: a\n    names: { zh: b, en: b }\n    en: banana\n";
        var taxonomy = Taxonomy.Parse(Yaml + More);
        const string Text = "flood rain noise noise banana";
        var kept = taxonomy.Of(TopicExpressionTests.Some(Text), Boston, Text).Select(t => t.Id).ToList();
        Assert.Equal(["flood", "disaster", "noise"], kept);
    }

    [Fact]
    public void What_a_long_text_says_first_comes_first()
    {
        var text = "noise at night. " + new string('x', 200) + " flood rain";
        Assert.Equal(["noise", "flood", "disaster"], Topics(text, Boston));
    }

    [Fact]
    public void A_listed_category_is_a_topic_with_its_parents() =>
        Assert.Equal(["tree-emergencies", "trees"], Topics("something", Boston, "tree emergencies", "311"));

    [Fact]
    public void A_category_of_another_source_is_not_listed() =>
        Assert.Equal(["other"], Topics("something", Boston, "Tree Emergencies", "elsewhere"));

    [Fact]
    public void A_category_may_feed_a_topic_of_the_taxonomy()
    {
        Assert.Equal(["fire", "disaster"], Topics("something", Boston, "Burning", "311"));
        Assert.Equal("Fire", Small.Names(Boston, "fire").En);
    }

    [Fact]
    public void Other_is_for_records_with_an_unlisted_category_and_no_topic_alone()
    {
        Assert.Equal(["other"], Topics("something", Boston, "Unheard Of", "311"));
        Assert.Equal(["noise"], Topics("noise", Boston, "Unheard Of", "311"));
        Assert.Empty(Topics("something", Boston));
    }

    [Fact]
    public void A_sites_topics_list_parents_before_children()
    {
        Assert.Equal(["disaster", "flood", "fire", "noise", "other", "trees", "tree-emergencies", "likely-false"], Small.Topics(Boston));
        Assert.Equal("trees", Small.Parent(Boston, "tree-emergencies"));
        Assert.Null(Small.Parent(null, "tree-emergencies"));
        Assert.Equal("everything", Small.Names(Boston, "*").En);
        Assert.Equal("Likely false information", Small.Names(Boston, SeriesTopics.LikelyFalse).En);
        Assert.Equal("unknown", Small.Names(Boston, "unknown").En);
    }

    [Fact]
    public void Categories_that_are_each_others_parents_do_not_hang()
    {
        var site = TopicExpressionTests.Site(new CategoryTopic(null, "A", "a", new("a", "a"), "b"), new CategoryTopic(null, "B", "b", new("b", "b"), "a"));
        Assert.Equal(2, Topics("x", site, "A", "s").Count);
        Assert.Equal(8, Small.Topics(site).Count);
    }

    private static List<string> Topics(string text, Site site, string? category = null, string source = "311") =>
        [.. Small.Of(TopicExpressionTests.Some(text, category) with { Source = source }, site, text).Select(t => t.Id)];
}
