using System.Net;
using Xunit;

namespace RiskWatch.Tests.Web;

public sealed class HostingTests(SeededHost seeded) : IClassFixture<SeededHost>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.css")]
    [InlineData("/_content/RiskWatch.Web/riskwatch.js")]
    [InlineData("/_content/Vizor.ECharts/js/vizor-echarts-bundle-min.js")]
    public async Task The_console_serves_its_pages_and_files_itself(string path)
    {
        using var answer = await seeded.Host.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("script-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }
}
