using RiskWatch.Classification.Places;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;
using Xunit;

namespace RiskWatch.Tests.Classification.Places;

public sealed class PlaceResolverTests
{
    private static readonly PlaceResolver Resolver = new(new PlaceNames(Gazetteer.Default));

    [Theory]
    [InlineData("郑州市今天大雨", "cn-4101", "a full name")]
    [InlineData("郑州地铁停运", "cn-4101", "a short name")]
    [InlineData("河南郑州地铁停运", "cn-4101", "the smaller place takes in the larger")]
    [InlineData("河南多地大雨", "cn-41", "a province")]
    [InlineData("北京朝阳一小区停水", "cn-110105", "a common word is a district behind its city")]
    [InlineData("朝阳区一小区停水", "cn-110105", "a shared full name means the one in the larger place")]
    [InlineData("长春市朝阳区停水", "cn-220104", "unless its own city stands beside it")]
    [InlineData("长春暴雨,朝阳区一小区停水", "cn-220104", "or elsewhere in the text")]
    [InlineData("朝阳升起来了", "", "a common word alone is none")]
    [InlineData("世界和平", "", "nor is this one")]
    [InlineData("盛大庆祝活动", "", "a name across two words is none")]
    [InlineData("已经完成都市圈规划", "", "nor here")]
    [InlineData("山西安全生产", "cn-14", "names are read from the left")]
    [InlineData("上海南京东路人多", "cn-31", "a street is not a city")]
    [InlineData("南京路面积水", "cn-3201", "its road surface is")]
    [InlineData("越南通报疫情", "", "another country is none")]
    [InlineData("陕西紫阳山洪", "cn-610924", "a county behind its province")]
    [InlineData("海南和河南驰援,郑州收到物资", "cn-4101,cn-46", "the most specific place comes first")]
    [InlineData("rain in Zhengzhou today", "cn-4101", "English names")]
    [InlineData("Boston flooded", "", "places outside the site do not count")]
    [InlineData("香港湾仔停电", "cn-810002", "Hong Kong")]
    [InlineData("内蒙古额尔古纳", "cn-150784", "autonomous regions by their short names")]
    public void Texts_name_places(string text, string codes, string because) =>
        Assert.Equal((because, codes), (because, string.Join(',', Resolver.Resolve(text, null, "cn", english: false).Select(p => p.Code))));

    [Theory]
    [InlineData("Dorchester", "us-ma-boston/dorchester", "by name")]
    [InlineData("Allston / Brighton", "us-ma-boston/allston-brighton", "by slug")]
    [InlineData("Fenway / Kenmore / Audubon Circle / Longwood", "us-ma-boston/fenway-kenmore-audubon-circle-longwood", "by a long slug")]
    [InlineData("Springfield", "", "an unknown name is no place")]
    [InlineData(" ", "", "an empty one neither")]
    public void The_place_that_the_source_names_counts(string name, string code, string because) =>
        Assert.True(code == string.Join(',', Resolver.Resolve("Tree Emergencies", new RecordPlace(name), "us-ma-boston", english: true).Select(p => p.Code)), because);

    [Fact]
    public void The_sources_place_comes_before_those_of_the_text()
    {
        var places = Resolver.Resolve("Pothole near South Boston line", new RecordPlace("Dorchester"), "us-ma-boston", english: true);
        Assert.Equal(["Dorchester", "South Boston"], places.Select(p => p.Name));
    }

    [Fact]
    public void A_street_named_like_a_neighbourhood_is_none() =>
        Assert.Empty(Resolver.Resolve("Pothole on Dorchester Ave", null, "us-ma-boston", english: true));

    [Fact]
    public void Addresses_in_the_place_field_are_read()
    {
        Assert.Equal("cn-410105", Resolver.Resolve("停水", new RecordPlace("河南省郑州市金水区"), "cn", english: false)[0].Code);
        Assert.Empty(Resolver.Resolve("停水", new RecordPlace("A市B区"), "cn", english: false));
    }

    [Fact]
    public void A_site_below_the_country_sees_its_own_places_only()
    {
        Assert.Equal("cn-4101", Resolver.Resolve("北京和郑州大雨", null, "cn-4101", english: false).Single().Code);
        Assert.Empty(Resolver.Resolve("北京大雨", null, "nowhere", english: false));
    }
}
