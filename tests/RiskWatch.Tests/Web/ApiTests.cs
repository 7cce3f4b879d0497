using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>The REST API over HTTP.</summary>
public sealed class ApiTests(SeededHost seeded) : IClassFixture<SeededHost>
{
    private readonly WebHost _host = seeded.Host;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_OpenAPI_document_is_the_approved_one()
    {
        var document = await _host.Http.GetStringAsync("/openapi/v1.json", Cancel);

        Approved.Matches("tests/RiskWatch.Tests/approved/openapi.json", document);
    }

    [Fact]
    public async Task Alerts_come_in_the_contracts_own_form()
    {
        using var page = await GetAsync("/api/alerts?site=china&level=I");

        var alert = Assert.Single(page.RootElement.GetProperty("items").EnumerateArray());
        Assert.Equal(JsonSerializer.Serialize(SomeWeb.FloodAlert(), ContractsJson.Default.Alert), JsonSerializer.Serialize(alert.Deserialize(ContractsJson.Default.Alert), ContractsJson.Default.Alert));
        Assert.Equal("I", alert.GetProperty("level").GetString());
        Assert.Equal("open", alert.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Pages_follow_each_other_by_cursor()
    {
        using var first = await GetAsync("/api/alerts?limit=3");
        using var second = await GetAsync("/api/alerts?limit=3&cursor=" + first.RootElement.GetProperty("cursor").GetString());

        Assert.Equal(4, first.RootElement.GetProperty("items").GetArrayLength() + second.RootElement.GetProperty("items").GetArrayLength());
        Assert.False(second.RootElement.TryGetProperty("cursor", out _));
    }

    [Theory]
    [InlineData("/api/alerts?level=V", "level")]
    [InlineData("/api/alerts?status=open,gone", "status")]
    [InlineData("/api/alerts?from=yesterday", "from")]
    [InlineData("/api/alerts?from=2021-07-21&until=2021-07-20", "until")]
    [InlineData("/api/alerts?limit=0", "limit")]
    [InlineData("/api/alerts?sit=boston", "sit")]
    [InlineData("/api/records?author=somebody", "author")]
    [InlineData("/api/records/histogram?bucket=1", "bucket")]
    [InlineData("/api/trends?site=nowhere&from=2021-07-20&until=2021-07-21", "site")]
    [InlineData("/api/trends?site=china&until=2021-07-21", "from")]
    [InlineData("/api/forecast?site=nowhere", "site")]
    [InlineData("/api/forecast?site=china&hours=73", "hours")]
    [InlineData("/api/topics", "site")]
    public async Task What_is_wrong_is_named_as_the_caller_wrote_it(string path, string parameter)
    {
        using var answer = await _host.Http.GetAsync(path, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.True(problem.RootElement.GetProperty("errors").TryGetProperty(parameter, out _));
    }

    [Theory]
    [InlineData("/api/alerts/none")]
    [InlineData("/api/records/weibo/none")]
    [InlineData("/api/nothing")]
    public async Task What_is_not_there_is_a_problem_that_says_so(string path)
    {
        using var answer = await _host.Http.GetAsync(path, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Status_tells_tick_lag_and_sources_of_each_site()
    {
        using var status = await GetAsync("/api/status");

        var china = status.RootElement.GetProperty("sites").EnumerateArray().Single(s => s.GetProperty("site").GetString() == "china");
        Assert.Equal(180, china.GetProperty("lagSeconds").GetDouble());
        Assert.Equal("failing", china.GetProperty("sources")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task An_alert_is_followed_live()
    {
        using var stream = new StreamReader(await _host.Http.GetStreamAsync("/api/alerts/live?site=china", Cancel));
        Assert.Equal("event: ping", await stream.ReadLineAsync(Cancel));

        await _host.Log.AppendAsync([Entries.Of(SomeWeb.StormAlert()), Entries.Of(SomeWeb.FloodAlert())], Cancel);
        string? line;
        do
        {
            line = await stream.ReadLineAsync(Cancel);
        }
        while (line?.StartsWith("data: {\"id\"", StringComparison.Ordinal) != true);

        Assert.Equal(SomeWeb.FloodId, JsonSerializer.Deserialize(line["data: ".Length..], ContractsJson.Default.Alert)!.Id);
    }

    [Fact]
    public async Task Words_for_topics_and_places_come_in_both_languages()
    {
        using var topics = await GetAsync("/api/topics?site=china");
        using var places = await GetAsync("/api/places?site=boston&text=dorchester");

        Assert.Equal("洪涝", topics.RootElement.EnumerateArray().Single(t => t.GetProperty("id").GetString() == "disaster.flood").GetProperty("names").GetProperty("zh").GetString());
        Assert.Equal("us-ma-boston/dorchester", places.RootElement[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_trend_is_read_by_the_hour()
    {
        using var trend = await GetAsync("/api/trends?site=china&topic=disaster.flood&place=cn-41&from=2021-07-20T00:00Z&until=2021-07-20T06:00Z");

        Assert.Equal(6, trend.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Dead_letters_are_listed_without_their_bytes()
    {
        using var letters = await GetAsync("/api/deadletters");

        Assert.Equal(3, letters.RootElement.GetArrayLength());
        Assert.All(letters.RootElement.EnumerateArray(), l => Assert.False(l.TryGetProperty("bytes", out _)));
    }

    [Fact]
    public async Task A_page_of_another_origin_changes_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/alerts/{SomeWeb.FloodId}/acknowledge") { Content = JsonContent.Create(new { }) };
        request.Headers.Add("Origin", "http://elsewhere.example");

        using var answer = await _host.Http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(_host.Log.Appended(Topics.Signals));
    }

    private async Task<JsonDocument> GetAsync(string path) => JsonDocument.Parse(await _host.Http.GetStringAsync(path, Cancel));
}
