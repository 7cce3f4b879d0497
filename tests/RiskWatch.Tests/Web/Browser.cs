using Microsoft.Playwright;
using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>A real browser without a window: Debian's chromium, or what <c>RISKWATCH_TEST_BROWSER</c> names. Its test is skipped where there is none, unless <c>RISKWATCH_REQUIRE</c> asks for <c>browser</c>.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private const float Patience = 30_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts it, or skips the test with the reason.</summary>
    public static async Task<Browser> StartAsync()
    {
        var path = Environment.GetEnvironmentVariable("RISKWATCH_TEST_BROWSER") ?? "/usr/bin/chromium";
        var required = (Environment.GetEnvironmentVariable("RISKWATCH_REQUIRE") ?? "").Split(',', StringSplitOptions.TrimEntries).Contains("browser");
        if (!File.Exists(path))
        {
            Assert.False(required, $"RISKWATCH_REQUIRE asks for a browser and there is none at {path}.");
            Assert.Skip($"There is no browser at {path}; install chromium or name one in RISKWATCH_TEST_BROWSER.");
        }

        // A browser beside many builds is slow; a test that waits long enough is not.
        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = Flags });
        return new Browser(playwright, browser);
    }

    /// <summary>Opens a page as somebody with that language and theme does. What the page's scripts throw ends up in <paramref name="errors"/>.</summary>
    public async Task<IPage> OpenAsync(Uri address, string language, string theme, List<string> errors, int width = 1440, int height = 900)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { Locale = language, ViewportSize = new ViewportSize { Width = width, Height = height } });
        await context.AddCookiesAsync([new Cookie { Name = "rw-theme", Value = theme, Url = address.GetLeftPart(UriPartial.Authority) }]);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add(message.Text);
            }
        };
        await page.GotoAsync(address.ToString());
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
