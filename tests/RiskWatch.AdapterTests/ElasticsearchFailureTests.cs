using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RiskWatch.Adapters.Elasticsearch;
using RiskWatch.AdapterTests.Support;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;
using static RiskWatch.AdapterTests.Support.SomeStored;

namespace RiskWatch.AdapterTests;

/// <summary>What the adapter does when the server is busy, away, full or another one: a scripted server, every request checked against the API description where it is at hand.</summary>
public sealed class ElasticsearchFailureTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly ScriptedServer _server = new();
    private readonly List<IDisposable> _made = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _made.ForEach(m => m.Dispose());
    }

    [Fact]
    public async Task A_busy_server_is_given_the_time_it_asks_for_and_smaller_requests()
    {
        _server.On("POST /_bulk", new Answer(429, """{"error":{"type":"es_rejected_execution_exception","reason":"x"}}""", RetryAfter: 7), new Answer(200, """{"errors":false}"""));
        var store = await PreparedAsync();
        var before = store.BulkBytes;

        var started = _time.GetUtcNow();
        Assert.Empty(await PassingTimeAsync(store.WriteRecordsAsync([Write("1", "rain")], Cancel)));

        Assert.True(_time.GetUtcNow() - started >= TimeSpan.FromSeconds(7));
        Assert.True(store.BulkBytes < before);
        Assert.Equal(2, _server.Bodies("POST /_bulk").Distinct().Count() + 1);
    }

    [Fact]
    public async Task Of_a_bulk_that_failed_in_part_only_the_busy_items_are_sent_again_and_only_the_refused_ones_are_rejected()
    {
        _server.On(
            "POST /_bulk",
            new Answer(200, """
                {"errors":true,"items":[{"index":{"status":201}},{"index":{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"busy"}}},
                {"index":{"status":400,"error":{"type":"document_parsing_exception","reason":"[1:5] failed to parse field [record.id] of type [keyword]. Preview of field's value: 'secret words'"}}},
                {"index":{"status":409,"error":{"type":"version_conflict_engine_exception","reason":"newer"}}}]}
                """),
            new Answer(200, """{"errors":false}"""));
        var store = await PreparedAsync();

        var rejection = Assert.Single(await PassingTimeAsync(store.WriteRecordsAsync([.. Enumerable.Range(0, 4).Select(i => Write(Id(i), "secret words"))], Cancel)));

        Assert.Equal((2, "weibo/000002"), (rejection.Index, rejection.Id));
        Assert.Contains("field [record.id]", rejection.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", rejection.Reason, StringComparison.Ordinal);
        var again = _server.Bodies("POST /_bulk")[1];
        Assert.Contains("weibo/000001", again, StringComparison.Ordinal);
        Assert.DoesNotContain("weibo/000000", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_server_is_waited_for_and_named()
    {
        _server.On("POST /_bulk", new Answer(200, """
            {"errors":true,"items":[{"index":{"status":429,"error":{"type":"cluster_block_exception","reason":"index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];"}}}]}
            """));
        var store = await PreparedAsync();

        var error = await Assert.ThrowsAsync<TransientStoreException>(() => PassingTimeAsync(store.WriteRecordsAsync([Write("1", "rain")], Cancel)));
        Assert.Contains("disk space", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_large_is_cut_and_a_single_document_that_is_too_large_is_rejected()
    {
        _server.On("POST /_bulk", new Answer(413, ""), new Answer(200, """{"errors":false}"""), new Answer(413, ""), new Answer(200, """{"errors":false}"""));
        var store = await PreparedAsync();

        var rejection = Assert.Single(await PassingTimeAsync(store.WriteRecordsAsync([Write("1", "rain"), Write("2", "snow")], Cancel)));
        Assert.Equal(1, rejection.Index);
        Assert.Contains("larger", rejection.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_down_is_passed_by()
    {
        await using var gone = new ScriptedServer();
        var url = gone.Url;
        await gone.DisposeAsync();

        var store = await PreparedAsync($"{url},{_server.Url}");
        Assert.Empty(await store.WriteRecordsAsync([Write("1", "rain")], Cancel));
        Assert.NotEmpty(_server.Bodies("POST /_bulk"));
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_waited_for_and_named()
    {
        var store = await PreparedAsync();
        var url = _server.Url;
        await _server.DisposeAsync();

        var error = await Assert.ThrowsAsync<TransientStoreException>(() => PassingTimeAsync(store.WriteRecordsAsync([Write("1", "rain")], Cancel)));
        Assert.Contains(url, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_and_a_gateway_without_a_node_are_tried_again()
    {
        _server.On("POST /_bulk", new Answer(200, "", Reset: true), new Answer(503, "no node"), new Answer(200, """{"errors":false}"""));
        var store = await PreparedAsync();

        Assert.Empty(await PassingTimeAsync(store.WriteRecordsAsync([Write("1", "rain")], Cancel)));
        Assert.Equal(3, _server.Bodies("POST /_bulk").Count);
    }

    [Theory]
    [InlineData(Flavor.Elasticsearch, null, """{"version":{"number":"8.19.0"}}""", "neither")]
    [InlineData(Flavor.Elasticsearch, null, """{"version":{"number":"2.19.0","distribution":"opensearch"}}""", "say opensearch")]
    [InlineData(Flavor.OpenSearch, "Elasticsearch", """{"version":{"number":"8.19.0"}}""", "say elasticsearch")]
    [InlineData(Flavor.Elasticsearch, "Elasticsearch", """{"version":{"number":"7.17.0"}}""", "8 or later")]
    [InlineData(Flavor.Elasticsearch, null, "<html>", "neither")]
    public async Task Another_product_is_refused_at_the_start(Flavor flavor, string? product, string body, string expected)
    {
        _server.On("GET /", new Answer(200, body, Product: product));

        var error = await Assert.ThrowsAsync<StoreConfigurationException>(() => Open(_server.Url, flavor).PrepareAsync(Cancel));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_credentials_are_named_and_right_ones_are_sent()
    {
        _server.On("GET /", new Answer(401, "{}"));

        var error = await Assert.ThrowsAsync<StoreConfigurationException>(() => Open(_server.Url, change: o => o.ApiKey = "id:key").PrepareAsync(Cancel));
        Assert.Contains("RiskWatch:Elasticsearch:ApiKey", error.Message, StringComparison.Ordinal);
        Assert.Contains("Authorization: ApiKey " + Convert.ToBase64String("id:key"u8), _server.Requests.First().Headers, StringComparison.Ordinal);
        Assert.Contains("Accept: application/vnd.elasticsearch+json;compatible-with=8", _server.Requests.First().Headers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true, true)]
    [InlineData("127.0.0.1", false, false)]
    [InlineData("127.0.0.2", true, false)]
    public async Task A_certificate_must_chain_to_the_pinned_authority_and_be_for_the_host(string host, bool pinned, bool trusted)
    {
        using var authority = new Authority();
        using var other = new Authority();
        using var certificate = authority.Issue(IPAddress.Parse(host));
        await using var server = new ScriptedServer(certificate);
        var store = Open(server.Url, change: o => o.CaFingerprint = (pinned ? authority : other).Fingerprint);

        if (trusted)
        {
            await store.PrepareAsync(Cancel);
        }
        else
        {
            Assert.Contains("CaFingerprint", (await Assert.ThrowsAsync<StoreConfigurationException>(() => store.PrepareAsync(Cancel))).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET /_index_template/riskwatch-records", """{"index_templates":[{"name":"riskwatch-records","index_template":{"version":99,"_meta":{"riskwatch":99}}}]}""", "newer RiskWatch")]
    [InlineData("GET /_index_template/riskwatch-records", """{"index_templates":[{"name":"riskwatch-records","index_template":{"version":1}}]}""", "not RiskWatch's")]
    [InlineData("GET /riskwatch-records-*/_mapping", """{"riskwatch-records-2021.07":{"mappings":{"properties":{}}}}""", "riskwatch-records-2021.07")]
    [InlineData("GET /riskwatch-records-*/_mapping", """{"riskwatch-records-2021.07":{"mappings":{"_meta":{"riskwatch":99}}}}""", "newer RiskWatch")]
    public async Task Templates_and_indices_of_others_are_named_at_the_start(string request, string answer, string expected)
    {
        _server.On(request, new Answer(200, answer));

        Assert.Contains(expected, (await Assert.ThrowsAsync<StoreConfigurationException>(() => Open(_server.Url).PrepareAsync(Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lifecycle_policy_is_made_where_there_is_one_and_a_month_is_as_old_as_its_records()
    {
        var store = await PreparedAsync();
        await store.WriteRecordsAsync([Write("1", "rain", new DateTimeOffset(2021, 7, 5, 0, 0, 0, TimeSpan.Zero))], Cancel);

        Assert.Contains("\"delete\":{\"min_age\":\"434d\"", Assert.Single(_server.Bodies("PUT /_ilm/policy/riskwatch-months")), StringComparison.Ordinal);
        Assert.Contains(new DateTimeOffset(2021, 8, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture), Assert.Single(_server.Bodies("PUT /riskwatch-records-2021.07")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lifecycle_policy_of_OpenSearch_replaces_the_version_that_was_read()
    {
        _server.On("GET /", new Answer(200, """{"version":{"number":"2.19.0","distribution":"opensearch"}}""", Product: null));
        _server.On("GET /_plugins/_ism", new Answer(200, """{"_seq_no":4,"_primary_term":2}"""));
        await Open(_server.Url, Flavor.OpenSearch).PrepareAsync(Cancel);

        Assert.Contains(_server.Requests, r => r.Line == "PUT /_plugins/_ism/policies/riskwatch-months?if_seq_no=4&if_primary_term=2");
    }

    [Fact]
    public async Task The_last_point_in_time_is_used_and_closed()
    {
        _server.On("POST /riskwatch-trends/_pit", new Answer(200, """{"id":"p1"}"""));
        _server.On("POST /_search", new Answer(200, Trend("p2", "[1]")), new Answer(200, """{"pit_id":"p3","hits":{"hits":[]}}"""));
        var store = await PreparedAsync();

        Assert.Single(await store.TrendAsync(new SeriesId("china", "flood", "cn-41"), Noon, Noon.AddHours(1), Cancel));

        Assert.Contains("\"p1\"", _server.Bodies("POST /_search")[0], StringComparison.Ordinal);
        Assert.Contains("\"p2\"", _server.Bodies("POST /_search")[1], StringComparison.Ordinal);
        Assert.Contains("\"search_after\":[1]", _server.Bodies("POST /_search")[1], StringComparison.Ordinal);
        Assert.Contains("\"p3\"", Assert.Single(_server.Bodies("DELETE /_pit")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"timed_out":true,"hits":{"hits":[]}}""")]
    [InlineData("""{"timed_out":false,"_shards":{"failed":1},"hits":{"hits":[]}}""")]
    [InlineData("not json")]
    public async Task Half_an_answer_is_no_answer(string answer)
    {
        _server.On("POST /riskwatch-records/_search", new Answer(200, answer));
        var store = await PreparedAsync();

        await Assert.ThrowsAsync<TransientStoreException>(() => store.SearchRecordsAsync(new RecordQuery(), Cancel));
    }

    [Fact]
    public void A_failed_node_rests_longer_each_time()
    {
        var pool = new NodePool([new Uri("http://a/"), new Uri("http://b/")], _time);
        var (a, b) = (new Uri("http://a/"), new Uri("http://b/"));
        pool.Failed(a);
        Assert.Equal([b, b, b], [pool.Next(), pool.Next(), pool.Next()]);

        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Contains(a, new[] { pool.Next(), pool.Next() });
        pool.Failed(a);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal([b, b], [pool.Next(), pool.Next()]);
        _time.Advance(TimeSpan.FromSeconds(25));
        Assert.Contains(a, new[] { pool.Next(), pool.Next() });
    }

    private static string Trend(string point, string sort) =>
        $$$"""{"pit_id":"{{{point}}}","hits":{"hits":[{"_index":"i","_id":"1","sort":{{{sort}}},"_source":{"trend":{{{Encoding.UTF8.GetString(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Hour(Noon, 1), ContractsJson.Default.HistoryHour))}}}}}]}}""";

    private async Task<ElasticsearchStore> PreparedAsync(string? urls = null)
    {
        var store = Open(urls ?? _server.Url);
        await store.PrepareAsync(Cancel);
        return store;
    }

    private ElasticsearchStore Open(string urls, Flavor flavor = Flavor.Elasticsearch, Action<ElasticsearchOptions>? change = null)
    {
        var options = new ElasticsearchOptions { Urls = urls, Timeout = TimeSpan.FromMinutes(10), RetryFor = TimeSpan.FromMinutes(5) };
        change?.Invoke(options);
        var transport = new CheckedTransport(new ElasticTransport(options, flavor, _time), ApiDescription.Find());
        _made.Add(transport);
        return new ElasticsearchStore(transport, options, flavor, new TestGazetteer(), _time, NullLogger.Instance) { PageSize = 1 };
    }

    // Waits pass by themselves, a second in a few milliseconds.
    private async Task<T> PassingTimeAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(4), TimeProvider.System, Cancel));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        return await task;
    }
}
