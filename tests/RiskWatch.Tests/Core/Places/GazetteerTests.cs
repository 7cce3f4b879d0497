using RiskWatch.Contracts;
using RiskWatch.Core.Places;
using Xunit;

namespace RiskWatch.Tests.Core.Places;

public sealed class GazetteerTests
{
    [Theory]
    [InlineData("cn-410102", "cn-4101", "a district lies in its city")]
    [InlineData("cn-4101", "cn-41", "a city lies in its province")]
    [InlineData("cn-110101", "cn-11", "a municipality has no level between")]
    [InlineData("cn-500229", "cn-50", "nor have its counties")]
    [InlineData("cn-419001", "cn-41", "a county-level city under the province lies in it")]
    [InlineData("cn-41", "cn", "a province lies in the country")]
    [InlineData("cn", null, "the country is a root")]
    [InlineData("us-ma-boston/dorchester", "us-ma-boston", "a neighbourhood lies in its city")]
    [InlineData("us-ma-boston", null, "Boston is a root")]
    [InlineData("atlantis", null, "what is unknown has no parent")]
    public void A_parent_is_one_level_up(string code, string? parent, string because) => Assert.True(parent == Gazetteer.Default.Parent(code), because);

    [Fact]
    public void Places_have_names_in_both_languages()
    {
        Assert.Equal(new BilingualText("河南省", "Henan"), Gazetteer.Default.Names("cn-41"));
        Assert.Equal(new BilingualText("郑州市", "Zhengzhou"), Gazetteer.Default.Names("cn-4101"));
        Assert.Equal("巩义市", Gazetteer.Default.Names("cn-410181").En);
        Assert.Equal("atlantis", Gazetteer.Default.Names("atlantis").En);
    }

    [Fact]
    public void Ancestors_go_from_the_place_to_the_root()
    {
        Assert.Equal(["cn-410181", "cn-4101", "cn-41", "cn"], Gazetteer.Default.WithAncestors("cn-410181"));
        Assert.Equal(["atlantis"], Gazetteer.Default.WithAncestors("atlantis"));
    }

    [Fact]
    public void Every_place_reaches_a_root() =>
        Assert.All(Gazetteer.Default.Places, place => Assert.Contains(Gazetteer.Default.WithAncestors(place.Code)[^1], (string[])["cn", "us-ma-boston", "city-a", "world"]));

    [Fact]
    public void A_missing_parent_or_a_second_entry_is_refused()
    {
        var root = new GazetteerPlace("x", null, new BilingualText("x", "x"));
        Assert.Throws<InvalidDataException>(() => new Gazetteer([root, root]));
        Assert.Throws<InvalidDataException>(() => new Gazetteer([root with { Code = "y", Parent = "z" }]));
    }
}
