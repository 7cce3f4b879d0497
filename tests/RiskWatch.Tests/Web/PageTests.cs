using Microsoft.Extensions.Time.Testing;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RiskWatch.Tests.Web;

/// <summary>The console as people use it, in a real browser.</summary>
public sealed class PageTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string? Shots = Environment.GetEnvironmentVariable("RISKWATCH_TEST_SHOTS");

    // What makes the page wider than the window, where it is.
    private const string TooWide = """
        (() => {
          const wide = document.documentElement.clientWidth;
          return document.documentElement.scrollWidth <= wide ? "" : [...document.querySelectorAll("body *")]
            .filter((e) => e.getBoundingClientRect().right > wide + 1).map((e) => `${e.tagName} ${e.className}`).slice(0, 8).join("; ");
        })()
        """;

    private static readonly (string Path, string Ready)[] Pages =
    [
        ("/", "[data-alert]"),
        ("/alerts/" + SomeWeb.FloodId, "[data-chart] svg"),
        ("/search?site=china&from=2021-07-18T00:00Z&until=2021-07-21T00:00Z", "[data-chart] svg"),
        ("/trends?site=china&topic=disaster.flood&place=cn-41&from=2021-07-17T00:00Z&until=2021-07-21T00:00Z", "[data-chart] svg"),
        ("/status", "[data-site=china] tbody tr"),
        ("/deadletters", "[data-letter]"),
        ("/rules", "[data-rule]"),
    ];

    [Theory]
    [InlineData("zh-CN", "dark", "河南洪涝声量突增", "为什么发出", "反面证据", "显示数据表", "帖子领先热线约3小时")]
    [InlineData("en-US", "light", "Floods in Henan", "Why it was raised", "What speaks against it", "Show as table", "posts led the hotline by some 3 h")]
    public async Task A_warning_is_followed_from_the_feed_to_its_evidence(string language, string theme, string headline, string why, string counter, string twin, string lead)
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(host.Address, language, theme, errors);

        await Expect(page.Locator($"[data-alert='{SomeWeb.FloodId}']")).ToContainTextAsync(headline);
        await page.Locator($"[data-alert='{SomeWeb.FloodId}'] a").ClickAsync();

        await Expect(page.Locator("[data-panel=why]")).ToContainTextAsync(why);
        await Expect(page.Locator("[data-panel=why]")).ToContainTextAsync("312");
        await Expect(page.Locator("[data-fact=lead]")).ToContainTextAsync(lead);
        await Expect(page.Locator("[data-panel=counter]")).ToContainTextAsync(counter);
        await Expect(page.Locator("[data-panel=exemplars] [data-record='weibo-hotsearch/1']")).ToContainTextAsync("郑州暴雨");
        await Expect(page.Locator("[data-chart=observed] svg")).ToBeVisibleAsync();
        await page.GetByText(twin).ClickAsync();
        await Expect(page.Locator("[data-chart=observed] tbody tr")).ToHaveCountAsync(72);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_new_warning_appears_without_reload_and_is_opened_by_keys()
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(host.Address, "en-US", "dark", errors);
        await Expect(page.Locator("[data-alert]")).ToHaveCountAsync(4);

        await host.Log.AppendAsync([Entries.Of(SomeWeb.FloodAlert() with { Id = "feedfeedfeedfeed", RaisedAt = SomeWeb.FloodAlert().RaisedAt.AddHours(5), Headline = new("新", "Dam near Anyang") })], TestContext.Current.CancellationToken);
        await Expect(page.Locator("[data-alert=feedfeedfeedfeed]")).ToContainTextAsync("Dam near Anyang");
        await Expect(page.Locator("#rw-announce")).ToContainTextAsync("Dam near Anyang");
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("?");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("k");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page).ToHaveURLAsync(new Uri(host.Address, "/alerts/1111222233334444").ToString());
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_site_that_stands_still_says_so_and_a_store_that_is_down_is_no_empty_feed()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await (await WebHost.StartAsync(time: time)).SeedAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(host.Address, "en-US", "light", errors);
        await Expect(page.Locator("[data-alert]")).ToHaveCountAsync(4);
        await Expect(page.Locator("[data-standstill]")).ToHaveCountAsync(0);

        time.Advance(TimeSpan.FromMinutes(6));
        await Expect(page.Locator("[data-standstill=china]")).ToContainTextAsync("stands still");
        host.Store.Down = true;
        await page.ReloadAsync();

        await Expect(page.Locator(".rw-error")).ToContainTextAsync("store cannot answer");
        await Expect(page.Locator(".rw-empty")).ToHaveCountAsync(0);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_warning_is_acknowledged_and_closed_with_a_verdict_and_the_language_is_kept()
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(new Uri(host.Address, "/alerts/" + SomeWeb.FloodId), "en-US", "light", errors);

        await page.Locator("[data-language]").ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
        await page.Locator("[data-field=person]").FillAsync("小梅");
        await page.Locator("[data-act=acknowledge]").ClickAsync();
        await Expect(page.Locator("[data-answer]")).ToContainTextAsync("已记录");
        await page.Locator("[data-field=verdict]").SelectOptionAsync("FalseAlarm");
        await page.Locator("[data-act=close]").ClickAsync();
        await Expect(page.Locator("[data-act=close]")).ToBeEnabledAsync();
        for (var tries = 0; tries < 100 && host.Log.Appended(Topics.Signals).Count < 2; tries++)
        {
            // The button is enabled before its click has come round over the wire, too.
            await page.WaitForTimeoutAsync(100);
        }

        var actions = host.Log.Appended(Topics.Signals).Select(e => Entries.Read(e, ContractsJson.Default.AlertAction)).ToList();
        Assert.Equal([AlertActionKind.Acknowledge, AlertActionKind.Close], actions.Select(a => a.Kind));
        Assert.All(actions, a => Assert.Equal(("小梅", SomeWeb.FloodId, "china"), (a.By, a.AlertId, a.Site)));
        Assert.Equal(Verdict.FalseAlarm, actions[1].Verdict);
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("zh-CN", "dark")]
    [InlineData("en-US", "light")]
    public async Task Every_page_opens_without_an_error(string language, string theme)
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(host.Address, language, theme, errors);
        foreach (var (path, ready) in Pages)
        {
            await page.GotoAsync(new Uri(host.Address, path).ToString());
            await Expect(page.Locator(ready).First).ToBeVisibleAsync();
            await ShotAsync(page, path, language[..2]);
        }

        Assert.Empty(errors);
    }

    [Theory]
    [InlineData(1400)]
    [InlineData(1280)]
    [InlineData(1024)]
    [InlineData(390)]
    public async Task No_page_scrolls_sideways(int width)
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        host.Store.Alerts.Add(SomeWeb.StormAlert() with
        {
            Id = "9999222233334444",
            Level = AlertLevel.III,
            PeakLevel = AlertLevel.I,
            Status = AlertStatus.Open,
            Place = new("us-ma-boston/fenway", new("芬威", "Fenway / Kenmore / Audubon Circle / Longwood")),
            Headline = new("芬威:出租房交付状况,7天内25条,通常不到1条", "Rental Unit Delivery Conditions in Fenway / Kenmore / Audubon Circle / Longwood: 25 within 7 days, usually fewer than 1"),
        });
        List<string> errors = [];
        var page = await browser.OpenAsync(host.Address, "en-US", "light", errors, width);
        foreach (var (path, ready) in Pages)
        {
            await page.GotoAsync(new Uri(host.Address, path).ToString());
            await Expect(page.Locator(ready).First).ToBeVisibleAsync();

            await ShotAsync(page, path, width.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal((path, ""), (path, await page.EvaluateAsync<string>(TooWide)));
        }

        Assert.Empty(errors);
    }

    [Fact]
    public async Task The_alert_page_says_first_highest_and_present_level()
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(new Uri(host.Address, "/alerts/" + SomeWeb.FloodId), "en-US", "light", errors);

        var levels = page.Locator("[data-panel=levels] > div");
        await Expect(levels.Nth(0)).ToContainTextAsync("III Yellow 2021-07-20 16:16");
        await Expect(levels.Nth(1)).ToContainTextAsync("I Red reached 2021-07-20 16:50");
        await Expect(levels.Nth(2)).ToContainTextAsync("I Red since 2021-07-20 16:50");
        await page.GotoAsync(new Uri(host.Address, "/alerts/" + SomeWeb.StormId).ToString());
        await Expect(levels.Nth(2)).ToContainTextAsync("Ended 2011-08-29 14:00");
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_searchs_address_holds_the_search_and_a_search_written_into_the_address_is_made()
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(new Uri(host.Address, "/search?q=决堤&site=china&sentiment=negative"), "en-US", "light", errors);

        await Expect(page.Locator("[data-record]")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-search]")).ToHaveValueAsync("决堤");
        await Expect(page.Locator("[data-filter=sentiment]")).ToHaveValueAsync("negative");
        await page.Locator("[data-search]").FillAsync("启动防汛");
        await page.Locator("[data-filter=sentiment]").SelectOptionAsync("");
        await page.Locator("button[type=submit]").ClickAsync();
        await Expect(page.Locator("[data-record='weibo-hotsearch/2']")).ToBeVisibleAsync();
        Assert.Equal("/search?text=" + Uri.EscapeDataString("启动防汛") + "&site=china", new Uri(page.Url).PathAndQuery);
        await page.ReloadAsync();
        await Expect(page.Locator("[data-record]")).ToHaveCountAsync(1);
        await page.GoBackAsync();
        await Expect(page.Locator("[data-search]")).ToHaveValueAsync("决堤");
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Arrows_go_through_the_rows_once_somebody_is_among_them_and_the_row_is_seen()
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(host.Address, "en-US", "dark", errors);
        await Expect(page.Locator("[data-alert]")).ToHaveCountAsync(4);

        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("[data-alert]:focus-within")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("ArrowDown");
        var row = page.Locator($"[data-alert='{SomeWeb.FloodId}']:focus-within");
        await Expect(row).ToHaveCountAsync(1);
        await Expect(row.Locator("td").First).Not.ToHaveCSSAsync("box-shadow", "none");
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Rules_are_edited_with_messages_that_name_the_place()
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(new Uri(host.Address, "/rules"), "en-US", "dark", errors);
        var editor = page.Locator("[data-editor=rules]");

        await editor.Locator("[data-act=edit]").ClickAsync();
        var text = await editor.Locator("textarea").InputValueAsync();
        await editor.Locator("textarea").FillAsync(text.Replace("\"quietHours\": 2", "\"quietHours\": 0", StringComparison.Ordinal));
        await editor.Locator("[data-act=validate]").ClickAsync();
        await Expect(editor.Locator(".rw-errors")).ToContainTextAsync("[0].quietHours");
        await editor.Locator("textarea").FillAsync(text.Replace("\"quietHours\": 2", "\"quietHours\": 3", StringComparison.Ordinal));
        await editor.Locator("[data-act=apply]").ClickAsync();
        await Expect(editor.Locator("[data-answer]")).ToContainTextAsync("1 change");

        Assert.Equal(3, Entries.Read(Assert.Single(host.Log.Appended(Topics.Control)), ContractsJson.Default.ControlEntry).Rule!.QuietHours);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_dead_letter_is_dropped_and_a_record_corrected()
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(new Uri(host.Address, "/deadletters"), "en-US", "light", errors);

        await page.Locator("[data-letter='00000000000000d2'] [data-act=drop]").ClickAsync();
        await page.Locator("[data-act=drop-sure]").ClickAsync();
        await Expect(page.Locator("[data-letter]")).ToHaveCountAsync(2);
        await page.GotoAsync(new Uri(host.Address, "/search?site=china&band=likely-false").ToString());
        await Expect(page.Locator("[data-record]")).ToHaveCountAsync(1);
        await page.Locator("[data-why]").ClickAsync();
        await Expect(page.Locator("[data-explanation] .rw-part").First).ToBeVisibleAsync();
        await page.Locator("[data-why]").ClickAsync();
        await Expect(page.Locator("[data-explanation]")).ToHaveCountAsync(0);
        await page.Locator("[data-correct]").ClickAsync();
        await page.Locator("[data-correction] [data-field=false]").SelectOptionAsync("false");
        await page.Locator("[data-correction] button[type=submit]").ClickAsync();
        await Expect(page.Locator("[data-answer]")).ToContainTextAsync("recorded");

        Assert.False(Entries.Read(Assert.Single(host.Log.Appended(Topics.Records)), ContractsJson.Default.Correction).FalseInformation);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_missed_warning_is_reported_where_a_series_is_looked_at_and_a_term_blocked_on_its_alert()
    {
        await using var host = await (await WebHost.StartAsync()).SeedAsync();
        List<string> errors = [];
        var page = await browser.OpenAsync(new Uri(host.Address, "/trends?site=china&topic=disaster.flood&place=cn-41&from=2021-07-17T00:00Z&until=2021-07-21T00:00Z"), "en-US", "light", errors);

        // The chart is drawn once the page is live.
        await Expect(page.Locator("[data-chart] svg").First).ToBeVisibleAsync();
        await page.Locator("[data-panel=misses] summary").ClickAsync();
        await page.Locator("[data-panel=misses] [data-field=onset]").FillAsync("2021-07-20T08:00");
        await page.Locator("[data-panel=misses] [data-field=note]").FillAsync("metro flooded");
        await page.Locator("[data-panel=misses] [data-act=report]").ClickAsync();
        await Expect(page.Locator("[data-panel=misses] [data-answer]")).ToContainTextAsync("recorded");
        await page.GetByLabel("From").FillAsync("2021-07-18T08:00");
        await page.GetByLabel("Until").FillAsync("2021-07-20T08:00");
        await page.Locator("form[role=search] button[type=submit]").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("from=2021-07-18T00.*until=2021-07-20T00"));
        await page.GotoAsync(new Uri(host.Address, "/alerts/1111222233334444").ToString());
        await page.Locator("[data-act=block]").ClickAsync();
        await Expect(page.Locator("[data-answer]")).ToContainTextAsync("blocked");

        var entries = host.Log.Appended(Topics.Control).Select(e => Entries.Read(e, ContractsJson.Default.ControlEntry)).ToList();
        var onset = new DateTimeOffset(2021, 7, 20, 8, 0, 0, TimeSpan.FromHours(8));
        Assert.Equal(new MissedWarning("china", "disaster.flood", "cn-41", onset, onset.AddDays(1), "metro flooded"), entries[0].Miss);
        Assert.Equal(new BlockedTerm("china", "地铁五号线", ""), entries[1].BlockedTerm);
        Assert.Empty(errors);
    }

    private static Task ShotAsync(IPage page, string path, string of) => Shots is null
        ? Task.CompletedTask
        : page.ScreenshotAsync(new PageScreenshotOptions { Path = $"{Shots}/{path.Split('?')[0].Trim('/').Split('/')[0].PadLeft(1, '_')}-{of}.png", FullPage = true });
}
