using System.Net;
using System.Text.Json;
using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>The API over a store that does what it must not, or nothing at all.</summary>
public sealed class ApiFailureTests : IAsyncLifetime
{
    private WebHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await (await WebHost.StartAsync()).SeedAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task No_author_leaves_by_the_API_even_where_one_slipped_into_the_store()
    {
        var slipped = _host.Store.Records[0];
        _host.Store.Records[0] = slipped with { Record = slipped.Record with { Author = "somebody" } };

        Assert.DoesNotContain("somebody", await _host.Http.GetStringAsync("/api/records?limit=1000", Cancel), StringComparison.Ordinal);
        Assert.DoesNotContain("somebody", await _host.Http.GetStringAsync("/api/records/weibo-hotsearch/1", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_cannot_answer_is_no_empty_answer()
    {
        _host.Store.Down = true;

        using var answer = await _host.Http.GetAsync("/api/records", Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Whether_the_tick_moves_is_told_while_the_store_is_down()
    {
        _host.Store.Down = true;

        using var status = JsonDocument.Parse(await _host.Http.GetStringAsync("/api/status", Cancel));

        var china = status.RootElement.GetProperty("sites").EnumerateArray().Single(s => s.GetProperty("site").GetString() == "china");
        Assert.Equal(180, china.GetProperty("lagSeconds").GetDouble());
        Assert.Equal(JsonValueKind.Null, china.GetProperty("openAlerts").ValueKind);
    }
}
