using RiskWatch.Classification.Taxonomies;
using Xunit;

namespace RiskWatch.Tests.Classification.Taxonomies;

/// <summary>Example sentences of our own with the topic that each must have, and sentences that must have none.</summary>
public sealed class BuiltInTopicsTests
{
    private static readonly Taxonomy BuiltIn = Taxonomy.BuiltIn();

    [Theory]
    [InlineData("昨夜城北遭遇暴雨,多条道路积水", "flood")]
    [InlineData("水库今早开始泄洪,下游村民转移", "flood")]
    [InlineData("台风将在周五登陆沿海", "storm")]
    [InlineData("突降冰雹砸坏大棚", "storm")]
    [InlineData("凌晨发生4级地震,震感明显", "earthquake")]
    [InlineData("连日阴雨引发山体滑坡", "landslide")]
    [InlineData("老厂房起火,浓烟滚滚", "fire")]
    [InlineData("工人在高温天气里患热射病", "extreme-temperature")]
    [InlineData("高速上三车追尾致两人受伤", "traffic-accident")]
    [InlineData("一列货运火车脱轨", "rail-air-accident")]
    [InlineData("化工厂氨气泄漏,附近居民疏散", "work-safety")]
    [InlineData("男子在夜市持刀伤人被抓", "violence")]
    [InlineData("老师猥亵学生被立案", "sexual-offence")]
    [InlineData("我妈被电信网络诈骗骗走十万", "fraud")]
    [InlineData("八岁男孩放学后走失", "missing-person")]
    [InlineData("派出所对我的报案一直推诿不受理", "police")]
    [InlineData("数十名业主拉横幅维权", "protest")]
    [InlineData("本市新增确诊病例两例", "epidemic")]
    [InlineData("社区今天组织老人接种疫苗", "vaccine")]
    [InlineData("学校食堂饭菜里吃出虫子", "food-safety")]
    [InlineData("县医院误诊导致病情延误", "hospital")]
    [InlineData("早高峰环线堵车一个小时", "congestion")]
    [InlineData("地铁二号线信号故障停运半小时", "public-transit")]
    [InlineData("暴风雪致多个航班取消", "rail-air-travel")]
    [InlineData("村口道路破损严重坑洼不平", "roads")]
    [InlineData("我们巷子的路灯坏了三个月", "street-lights")]
    [InlineData("小区门口每天有人乱停车,停车难", "parking")]
    [InlineData("物业不作为,小区电梯故障无人修", "property-management")]
    [InlineData("开发商延期交房,楼盘成了烂尾楼", "unfinished-housing")]
    [InlineData("村里拆迁补偿款一直没有发", "demolition")]
    [InlineData("老板拖欠农民工工资半年", "wage-arrears")]
    [InlineData("公司大规模裁员", "layoffs")]
    [InlineData("高考期间有人作弊被查处", "exams")]
    [InlineData("孩子在学校遭到校园欺凌", "campus-safety")]
    [InlineData("培训机构关门,学费退费无门", "tutoring")]
    [InlineData("工厂夜里排放废气,异味刺鼻", "air-quality")]
    [InlineData("楼下酒吧深夜噪音扰民", "noise")]
    [InlineData("门前的河水发黑发臭,有死鱼", "water-pollution")]
    [InlineData("小区垃圾几天没人清运", "waste")]
    [InlineData("遛狗不牵绳,孩子被狗咬伤", "pests")]
    [InlineData("公园健身器材损坏无人维修", "trees-parks")]
    [InlineData("整条街昨晚停电五小时", "power")]
    [InlineData("家里停水两天了,自来水发黄", "water-supply")]
    [InlineData("小区天然气管道不通", "gas")]
    [InlineData("供暖期暖气不热", "heating")]
    [InlineData("全镇断网,通信中断", "telecom")]
    [InlineData("猪肉价格连续上涨,菜价翻倍,涨价太快", "prices")]
    [InlineData("理财平台暴雷无法兑付", "finance")]
    [InlineData("原副市长受贿被双开", "misconduct")]
    [InlineData("流动摊贩占道经营,城管不来", "city-management")]
    [InlineData("老家的低保申请总是不批", "welfare")]
    [InlineData("退休老人的养老金为何没有到账", "elderly")]
    [InlineData("警方辟谣:网上传言不实", "rumour")]
    [InlineData("Flash flooding closed three streets", "flood")]
    [InlineData("The hurricane left trees down across town", "storm")]
    [InlineData("A house fire injured two on Elm Street", "fire")]
    [InlineData("Police are looking for a suspect after a stabbing", "violence")]
    [InlineData("Don't fall for this phone scam", "fraud")]
    [InlineData("Thousands without power tonight", "power")]
    [InlineData("Street light outages on our corner", "street-lights")]
    [InlineData("Request for pothole repair", "roads")]
    [InlineData("Rodent activity behind the restaurant", "pests")]
    [InlineData("The landlord refuses to fix the mold", "housing")]
    [InlineData("Missed trash and recycling pickup", "waste")]
    [InlineData("Water main break, no water on our block", "water-supply")]
    [InlineData("Teachers protest outside city hall", "protest")]
    [InlineData("New covid cases reported in the county", "epidemic")]
    [InlineData("This miracle cure story is misinformation", "rumour")]
    public void A_sentence_has_its_topic(string text, string topic)
    {
        var topics = BuiltIn.Of(TopicExpressionTests.Some(text), TopicExpressionTests.Site(), text).Select(t => t.Id).ToList();
        Assert.True(topics.Contains(topic), $"{text}: {string.Join(", ", topics)}");
    }

    [Theory]
    [InlineData("今天的晚霞真好看")]
    [InlineData("新歌明天上线,敬请期待")]
    [InlineData("女排三比零取胜")]
    [InlineData("他被打动了,当场落泪")]
    [InlineData("这支舞台风很稳")]
    [InlineData("周末去公园野餐")]
    [InlineData("I love this song so much")]
    [InlineData("Great game last night, what a finish")]
    [InlineData("The firewall update is out")]
    public void A_sentence_about_something_else_has_none(string text) =>
        Assert.Empty(BuiltIn.Of(TopicExpressionTests.Some(text), TopicExpressionTests.Site(), text));

    [Fact]
    public void There_are_thirty_topics_and_more_with_two_names_each()
    {
        var topics = BuiltIn.Topics(null);
        Assert.True(topics.Count >= 30);
        Assert.All(topics, topic => Assert.NotEqual(BuiltIn.Names(null, topic).Zh, BuiltIn.Names(null, topic).En));
        Assert.All(topics, topic => Assert.True(BuiltIn.Parent(null, topic) is not { } parent || topics.IndexOf(parent) < topics.IndexOf(topic)));
    }
}

internal static class ListExtensions
{
    public static int IndexOf(this IReadOnlyList<string> list, string item) => list.ToList().IndexOf(item);
}
