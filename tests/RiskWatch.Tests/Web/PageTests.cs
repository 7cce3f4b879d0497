using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RiskWatch.Tests.Web;

/// <summary>The console as people use it, in a real browser.</summary>
public sealed class PageTests
{
    private static readonly string? Shots = Environment.GetEnvironmentVariable("RISKWATCH_TEST_SHOTS");

    [Theory]
    [InlineData("zh-CN", "dark", "河南洪涝声量突增", "为什么发出", "反面证据", "显示数据表")]
    [InlineData("en-US", "light", "Floods in Henan", "Why it was raised", "What speaks against it", "Show as table")]
    public async Task A_warning_is_followed_from_the_feed_to_its_evidence(string language, string theme, string headline, string why, string counter, string twin)
    {
        await using var browser = await Browser.StartAsync();
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(host.Address, language, theme, errors);

        await Expect(page.Locator($"[data-alert='{SomeWeb.FloodId}']")).ToContainTextAsync(headline);
        await page.Locator($"[data-alert='{SomeWeb.FloodId}'] a").ClickAsync();

        await Expect(page.Locator("[data-panel=why]")).ToContainTextAsync(why);
        await Expect(page.Locator("[data-panel=why]")).ToContainTextAsync("312");
        await Expect(page.Locator("[data-panel=counter]")).ToContainTextAsync(counter);
        await Expect(page.Locator("[data-panel=exemplars] [data-record='weibo-hotsearch/1']")).ToContainTextAsync("郑州暴雨");
        await Expect(page.Locator("[data-chart=observed] svg")).ToBeVisibleAsync();
        await page.GetByText(twin).ClickAsync();
        await Expect(page.Locator("[data-chart=observed] tbody tr")).ToHaveCountAsync(72);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Screenshots()
    {
        Assert.SkipWhen(Shots is null, "Set RISKWATCH_TEST_SHOTS to a folder to take screenshots.");
        await using var browser = await Browser.StartAsync();
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        string[] paths = ["/", "/alerts/" + SomeWeb.FloodId, "/search?site=china&from=2021-07-18T00:00Z&until=2021-07-21T00:00Z", "/trends?site=china&topic=disaster.flood&place=cn-41&from=2021-07-17T00:00Z&until=2021-07-21T00:00Z", "/status", "/deadletters", "/rules"];
        foreach (var (language, theme) in new[] { ("zh-CN", "dark"), ("en-US", "light") })
        {
            foreach (var path in paths)
            {
                List<string> errors = [];
                var page = await browser.OpenAsync(new Uri(host.Address, path), language, theme, errors);
                await page.WaitForTimeoutAsync(1_500);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = $"{Shots}/{path.Split('?')[0].Trim('/').Split('/')[0].PadLeft(1, '_')}-{language[..2]}.png", FullPage = true });
                await page.Context.CloseAsync();
                errors.ForEach(e => TestContext.Current.TestOutputHelper?.WriteLine(path + " " + e));
            }
        }
    }
}
