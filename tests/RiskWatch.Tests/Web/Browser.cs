using Microsoft.Playwright;
using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>A real browser without a window: Debian's chromium, or what <c>RISKWATCH_TEST_BROWSER</c> names. Its test is skipped where there is none, unless <c>RISKWATCH_REQUIRE</c> asks for <c>browser</c>.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private const float Patience = 30_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _missing;

    public async ValueTask InitializeAsync()
    {
        var path = Environment.GetEnvironmentVariable("RISKWATCH_TEST_BROWSER") ?? "/usr/bin/chromium";
        if (!File.Exists(path))
        {
            _missing = $"There is no browser at {path}; install chromium or name one in RISKWATCH_TEST_BROWSER.";
            return;
        }

        // A browser beside many builds is slow; a test that waits long enough is not.
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = Flags });
    }

    /// <summary>Opens a page, or skips the test where there is no browser, as somebody with that language and theme does. What the page's scripts throw ends up in <paramref name="errors"/>.</summary>
    public async Task<IPage> OpenAsync(Uri address, string language, string theme, List<string> errors, int width = 1440, int height = 900)
    {
        if (_missing is { } reason)
        {
            var required = (Environment.GetEnvironmentVariable("RISKWATCH_REQUIRE") ?? "").Split(',', StringSplitOptions.TrimEntries).Contains("browser");
            Assert.False(required, reason);
            Assert.Skip(reason);
        }

        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { Locale = language, ViewportSize = new ViewportSize { Width = width, Height = height } });
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
        if (_browser is { } browser)
        {
            await browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
