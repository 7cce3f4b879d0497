using RiskWatch.Classification.Text;
using Xunit;

namespace RiskWatch.Tests.Classification.Text;

public sealed class NearDuplicateGroupTests
{
    [Theory]
    [InlineData("城东化工厂起火，现场浓烟滚滚", "城东化工厂起火 现场浓烟滚滚!!!", "punctuation and spacing go")]
    [InlineData("城东化工厂起火", "城东化工厂起火 http://t.cn/A6xyz?a=b", "links go")]
    [InlineData("城东化工厂起火", "//@张三_李: 城东化工厂起火", "forwarding marks and names go")]
    [InlineData("城东化工厂起火", "转发微博 城东化工厂起火 @人民日报 ", "the mark of a bare repost goes")]
    [InlineData("#突发#城东化工厂起火【速看】", "突发 城东化工厂起火 速看", "brackets and hashtag marks go")]
    [InlineData("城东化工厂起火😭🔥[泪][doge]", "城东化工厂起火", "emoji and their codes go")]
    [InlineData("城东3号楼起火2人受伤", "城东5号楼起火10人受伤", "digits go")]
    [InlineData("Fire at MAIN street", "rt @someone: fire at main street", "case and RT go")]
    [InlineData("Fire at main street", "Fire at main street via @Local_News", "via goes")]
    [InlineData("Fire at main street", "@a@social.example.org Fire at main street", "a name with its server goes")]
    [InlineData("ＦＩＲＥ at main", "fire at main", "full-width letters fold")]
    public void What_does_not_change_the_story_does_not_change_the_group(string one, string other, string because) =>
        Assert.True(NearDuplicateGroup.Of(one) == NearDuplicateGroup.Of(other), because);

    [Fact]
    public void Other_words_are_another_group() => Assert.NotEqual(NearDuplicateGroup.Of("城东化工厂起火"), NearDuplicateGroup.Of("城西化工厂起火"));

    [Fact]
    public void Where_nothing_is_left_the_text_itself_decides()
    {
        Assert.NotEqual(NearDuplicateGroup.Of("转发微博"), NearDuplicateGroup.Of("😭😭"));
        Assert.Equal(NearDuplicateGroup.Of("😭😭"), NearDuplicateGroup.Of(" 😭😭\n"));
        Assert.Equal(16, NearDuplicateGroup.Of("").Length);
    }

    [Fact]
    public void The_group_is_the_same_in_every_version() => Assert.Equal("d284e246cb7d0d1b", NearDuplicateGroup.Of("城东化工厂起火"));
}
