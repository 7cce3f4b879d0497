using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskWatch.Server.Hosting;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Scenarios;

/// <summary>Elasticsearch in trouble, through the roles: what can be waited for is waited for and named, what cannot be stored goes to the dead letters, the rest goes on.</summary>
public sealed class StoreTroubleTests : IAsyncLifetime
{
    private readonly string _prefix = "trouble" + Guid.NewGuid().ToString("N")[..8];
    private readonly HttpClient _server = new();
    private RunningProduct? _product;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RunningProduct Product => _product!;

    public async ValueTask InitializeAsync()
    {
        var server = Requirement.Server("RISKWATCH_TEST_ELASTICSEARCH", "elasticsearch");
        _server.BaseAddress = new Uri(server);
        _product = await RunningProduct.StartAsync(
            [Roles.Ingestion, Roles.Classification, Roles.Indexing, Roles.Web], Cancel, ("RiskWatch:Store", "elasticsearch"), ("RiskWatch:Elasticsearch:Urls", server),
            ("RiskWatch:Elasticsearch:Prefix", _prefix), ("RiskWatch:Elasticsearch:Replicas", "0"), ("RiskWatch:Elasticsearch:RetryFor", "00:00:01"), ("RiskWatch:Worker:LongestBackoff", "00:00:01"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_product is not null)
        {
            await _product.DisposeAsync();
            using var deleted = await _server.DeleteAsync(new Uri($"{_prefix}-*?expand_wildcards=all", UriKind.Relative), CancellationToken.None);
        }

        _server.Dispose();
    }

    [Fact]
    public async Task At_flood_stage_indexing_waits_names_it_and_goes_on_when_there_is_room()
    {
        await PushAsync("before", "2026-03-01T08:00:00Z");
        await UntilAsync(() => StoredAsync("before"));
        await BlockAsync("true");

        await PushAsync("during", "2026-03-01T08:01:00Z");
        await UntilAsync(() => Task.FromResult(Product.Said.Words.Any(w => w.Contains("takes no writes", StringComparison.Ordinal))));
        Assert.Contains(Product.Said.Words, w => w.Contains("indices are read-only; at flood stage, free disk space", StringComparison.Ordinal));
        Assert.False(await StoredAsync("during"));

        await BlockAsync("null");
        await UntilAsync(() => StoredAsync("during"));
        Assert.Empty(await LettersAsync());
    }

    [Fact]
    public async Task What_the_mapping_of_a_foreign_index_refuses_is_a_dead_letter_that_names_the_field_and_the_rest_is_stored()
    {
        using var made = await _server.PutAsJsonAsync(
            new Uri($"{_prefix}-records-2026.05", UriKind.Relative), JsonNode.Parse("""{ "mappings": { "properties": { "ticks": { "type": "boolean" } } } }"""), Cancel);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync(Cancel));

        await PushAsync("refused", "2026-05-01T08:00:00Z");
        await PushAsync("taken", "2026-04-01T08:00:00Z");
        await UntilAsync(() => StoredAsync("taken"));
        await UntilAsync(async () => (await LettersAsync()).Count > 0);

        var letter = Assert.Single(await LettersAsync());
        Assert.Equal("refusedByStore", (string?)letter!["reason"]);
        Assert.Contains("field [ticks]", (string?)letter["detail"], StringComparison.Ordinal);
        Assert.False(await StoredAsync("refused"));
    }

    private async Task PushAsync(string id, string published)
    {
        using var body = new StringContent(JsonSerializer.Serialize(new { id, source = "boston-311", kind = "hotline", published, text = "A tree is down" }), null, "application/x-ndjson");
        using var answer = await Product.Http.PostAsync("/api/records", body, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private async Task<bool> StoredAsync(string id)
    {
        using var answer = await Product.Http.GetAsync(new Uri($"/api/records/boston-311/{id}", UriKind.Relative), Cancel);
        return answer.IsSuccessStatusCode;
    }

    private async Task<JsonArray> LettersAsync() => (await Product.Http.GetFromJsonAsync<JsonArray>("/api/deadletters", Cancel))!;

    private async Task BlockAsync(string value)
    {
        using var body = new StringContent($$"""{ "index.blocks.read_only_allow_delete": {{value}} }""", null, "application/json");
        using var answer = await _server.PutAsync(new Uri($"{_prefix}-*/_settings?expand_wildcards=all", UriKind.Relative), body, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static Task UntilAsync(Func<Task<bool>> holds) => Eventually.HoldsAsync(holds, TimeSpan.FromMinutes(1), Cancel);
}
