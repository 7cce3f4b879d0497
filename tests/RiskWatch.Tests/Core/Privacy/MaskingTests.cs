using RiskWatch.Core.Privacy;
using Xunit;

namespace RiskWatch.Tests.Core.Privacy;

public sealed class MaskingTests
{
    [Theory]
    [InlineData("请打13812345678找我", "请打[PHONE]找我", "a Chinese mobile number")]
    [InlineData("call +86 138-1234-5678.", "call [PHONE].", "with country code and hyphens")]
    [InlineData("电话0591-87654321转", "电话[PHONE]转", "a Chinese landline")]
    [InlineData("(010) 6552 9988", "[PHONE]", "an area code in brackets")]
    [InlineData("客服400-820-8820", "客服[PHONE]", "a 400 number")]
    [InlineData("Call (617) 635-4500 now", "Call [PHONE] now", "North America")]
    [InlineData("617-635-4500", "[PHONE]", "North America with hyphens")]
    [InlineData("+44 20 7946 0958", "[PHONE]", "any other country with its plus sign")]
    [InlineData("订单20210720085112345678", "订单20210720085112345678", "an order number is no phone number")]
    [InlineData("拨打12345热线", "拨打12345热线", "the hotline's own number")]
    [InlineData("2021-07-20 08:51", "2021-07-20 08:51", "a date")]
    [InlineData("GDP 121,016.5", "GDP 121,016.5", "an amount")]
    [InlineData("身份证11010519491231002X", "身份证[ID]", "an ID card with a right check character")]
    [InlineData("110105194912310021", "110105194912310021", "a wrong check digit: any number of 18 digits")]
    [InlineData("老证110105491231002", "老证[ID]", "the old form of 15 digits")]
    [InlineData("车牌京A12345逃逸", "车牌[PLATE]逃逸", "a plate")]
    [InlineData("粤B·D12345", "[PLATE]", "a new-energy car with a dot")]
    [InlineData("京A市民", "京A市民", "no digits, no plate")]
    [InlineData("退出东京WTA500赛", "退出东京WTA500赛", "a tournament in Tokyo")]
    [InlineData("北京SKP2020年销售额", "北京SKP2020年销售额", "a shop in Peking and a year")]
    [InlineData("花费14700000000美元,8000000000分之一", "花费14700000000美元,8000000000分之一", "round amounts")]
    [InlineData("mail me: li.wei+x@mail.example.cn!", "mail me: [MAIL]!", "a mail address")]
    [InlineData("//@张三:转发 @李四_1 看", "//@…:转发 @… 看", "a forwarding chain")]
    [InlineData("thanks @alice@mastodon.social", "thanks @…", "a Mastodon handle")]
    [InlineData("@人民日报 报道", "@人民日报 报道", "an official one stays")]
    [InlineData("meet @ 5", "meet @ 5", "no handle after the sign")]
    [InlineData("plain words", "plain words", "nothing to mask")]
    public void It_masks_what_points_to_persons_and_nothing_else(string text, string expected, string because)
    {
        var masked = Masking.Apply(text, new HashSet<string> { "人民日报" });

        Assert.True(expected == masked, $"{because}: {masked}");
        Assert.True(Masking.Apply(masked, new HashSet<string> { "人民日报" }) == masked, because + ": not idempotent");
    }
}
