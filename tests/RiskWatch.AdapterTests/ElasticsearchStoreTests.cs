using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RiskWatch.Adapters.Elasticsearch;
using RiskWatch.AdapterTests.Support;
using RiskWatch.Core.Store;
using static RiskWatch.AdapterTests.Support.SomeStored;

namespace RiskWatch.AdapterTests;

/// <summary>Elasticsearch, through the suite that all stores pass.</summary>
public sealed class ElasticsearchStoreTests(ElasticPrefix prefix) : ElasticCompliance(prefix)
{
    private protected override Flavor Flavor => Flavor.Elasticsearch;

    private protected override string Variable => "RISKWATCH_TEST_ELASTICSEARCH";
}

/// <summary>OpenSearch, through the suite that all stores pass.</summary>
public sealed class OpenSearchStoreTests(ElasticPrefix prefix) : ElasticCompliance(prefix)
{
    private protected override Flavor Flavor => Flavor.OpenSearch;

    private protected override string Variable => "RISKWATCH_TEST_OPENSEARCH";
}

/// <summary>The suite on a real server whose address an environment variable gives, and what only monthly indices can do wrong; every request against the API description.</summary>
public abstract class ElasticCompliance(ElasticPrefix prefix) : StoreCompliance, IClassFixture<ElasticPrefix>
{
    private string _url = "";

    private protected abstract Flavor Flavor { get; }

    private protected abstract string Variable { get; }

    private protected FakeTimeProvider Time { get; } = new(Noon);

    [Fact]
    public async Task What_was_written_is_there_for_another_process()
    {
        await WriteAsync(Write("1", "rain"));

        await using var again = Open();
        await again.PrepareAsync(Cancel);
        Assert.Single((await again.SearchRecordsAsync(new RecordQuery { Text = "rain" }, Cancel)).Items);
    }

    [Fact]
    public async Task Deletions_and_revisions_reach_every_month_kept()
    {
        await WriteAsync(Write("1", "rain", Noon.AddMonths(-5)), Write("2", "rain", Noon.AddMonths(-1)), Write("3", "rain", Noon.AddMonths(-2)));

        // The revision names another month, as one whose writer no longer knew it.
        await WriteAsync(Deletion("1", 2), Revise("2", 2, Contracts.CredibilityBand.LikelyFalse), Revise("3", 2, Contracts.CredibilityBand.Uncertain), Deletion("3", 3));

        Assert.Equal(["2"], await FindAsync("rain"));
        Assert.Equal(["2"], await FindAsync(new RecordQuery { Band = Contracts.CredibilityBand.LikelyFalse }));
        Assert.Equal(2, (await Store.GetRecordAsync("weibo", "2", Cancel))!.Version);
    }

    [Fact]
    public async Task A_deletion_is_forgotten_after_seven_days()
    {
        await WriteAsync(Deletion("1", 5));
        Time.Advance(TimeSpan.FromDays(6.9));
        await Store.PruneRecordsAsync(Noon.AddDays(-1), Cancel);
        await WriteAsync(Write("1", "rain", version: 4));
        Assert.Null(await Store.GetRecordAsync("weibo", "1", Cancel));

        Time.Advance(TimeSpan.FromDays(0.2));
        await Store.PruneRecordsAsync(Noon.AddDays(-1), Cancel);
        await WriteAsync(Write("1", "rain", version: 4));
        Assert.NotNull(await Store.GetRecordAsync("weibo", "1", Cancel));
    }

    [Fact]
    public async Task Pruning_deletes_whole_months_as_indices_and_what_is_written_again_is_there()
    {
        await WriteAsync(Write("1", "rain", Noon.AddMonths(-2)), Write("2", "rain", Noon.AddDays(-10)), Write("3", "rain"));

        Assert.Equal(2, await Store.PruneRecordsAsync(Noon.AddDays(-1), Cancel));
        Assert.Equal(["3"], await FindAsync("rain"));

        await WriteAsync(Write("1", "rain", Noon.AddMonths(-2), version: 2));
        Assert.Equal(["3", "1"], await FindAsync("rain"));
    }

    // All other tests here check every request too, where the description is at hand.
    [Fact]
    public async Task Every_request_is_one_of_the_API_description()
    {
        ApiDescription.Required();
        await WriteAsync(Write("1", "rain"), Deletion("2", 1));
        await Store.PruneRecordsAsync(new RecordCut(Noon, "china"), Cancel);
        Assert.Empty(await FindAsync("水 \"rain 水\""));
    }

    private protected override Task<IStore> CreateAsync()
    {
        _url = Requirement.Server(Variable, Flavor == Flavor.Elasticsearch ? "elasticsearch" : "opensearch");
        prefix.Url = _url;
        return Task.FromResult<IStore>(Open());
    }

    private protected override Task RefreshAsync() => ((ElasticsearchStore)Store).RefreshAsync(Cancel);

    private protected override Task CleanUpAsync() => prefix.DeleteIndicesAsync();

    private ElasticsearchStore Open()
    {
        var options = new ElasticsearchOptions { Urls = _url, Prefix = prefix.Name, Replicas = 0 };
        return new ElasticsearchStore(new CheckedTransport(new ElasticTransport(options, Flavor, TimeProvider.System), ApiDescription.Find()), options, Flavor, new TestGazetteer(), Time, NullLogger.Instance) { PageSize = 2 };
    }
}

/// <summary>Names that one class of tests shares, since templates take long to make; indices go after each test, templates at the end.</summary>
public sealed class ElasticPrefix : IAsyncLifetime
{
    public string Name { get; } = "t" + Guid.NewGuid().ToString("N")[..12];

    public string? Url { get; set; }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task DeleteIndicesAsync()
    {
        if (Url is null)
        {
            return;
        }

        using var http = new HttpClient { BaseAddress = new Uri(Url) };
        var indices = await http.GetStringAsync($"_cat/indices/{Name}-*?h=index", CancellationToken.None);
        if (indices.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } names)
        {
            await http.DeleteAsync(string.Join(',', names), CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Url is not null)
        {
            using var http = new HttpClient { BaseAddress = new Uri(Url) };
            await http.DeleteAsync($"_index_template/{Name}-*", CancellationToken.None);
        }
    }
}
