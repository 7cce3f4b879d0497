using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>The typed calls that the store makes: each one request, its answer read and checked.</summary>
internal sealed class ElasticClient(IElasticTransport transport, Flavor flavor) : IDisposable
{
    private const string KeepAlive = "1m";

    public Flavor Flavor => flavor;

    /// <summary>Checks that the server is what the configuration says.</summary>
    /// <exception cref="StoreConfigurationException">It is something else, or too old.</exception>
    public async Task CheckProductAsync(CancellationToken cancel)
    {
        var response = await transport.SendAsync(ElasticRequest.Get(""), cancel).ConfigureAwait(false);
        var info = response.Ok ? TryRead(response, ElasticJson.Default.InfoAnswer)?.Version : null;
        var isElasticsearch = response.Product == "Elasticsearch";
        var isOpenSearch = info?.Distribution == "opensearch";
        if (info?.Number is null || (flavor == Flavor.Elasticsearch ? !isElasticsearch : !isOpenSearch))
        {
            var found = isOpenSearch ? "OpenSearch: say opensearch" : isElasticsearch ? "Elasticsearch: say elasticsearch" : "neither Elasticsearch nor OpenSearch: check RiskWatch:Elasticsearch:Urls";
            throw new StoreConfigurationException($"RiskWatch:Store says {(flavor == Flavor.Elasticsearch ? "elasticsearch" : "opensearch")}, but what answers is {found}.");
        }

        var least = flavor == Flavor.Elasticsearch ? 8 : 2;
        if (!int.TryParse(info.Number.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) || major < least)
        {
            throw new StoreConfigurationException($"The store's server has version {info.Number}; {least} or later is needed.");
        }
    }

    /// <summary>Version and hash of a template, null where there is none.</summary>
    public async Task<TemplateBody?> TemplateAsync(string name, CancellationToken cancel)
    {
        var response = await transport.SendAsync(ElasticRequest.Get($"_index_template/{name}"), cancel).ConfigureAwait(false);
        return response.Status == 404 ? null : Read(response, ElasticJson.Default.TemplatesAnswer).IndexTemplates?.FirstOrDefault(t => t.Name == name)?.IndexTemplate;
    }

    public Task PutTemplateAsync(string name, JsonObject template, CancellationToken cancel) => DoneAsync(ElasticRequest.Of(HttpMethod.Put, $"_index_template/{name}", template), cancel);

    public Task PutMappingAsync(string index, JsonObject mappings, CancellationToken cancel) => DoneAsync(ElasticRequest.Of(HttpMethod.Put, $"{index}/_mapping", mappings), cancel);

    /// <summary>Indices that match a pattern, with the version of their mappings.</summary>
    public async Task<IReadOnlyDictionary<string, TemplateMeta?>> MappingsAsync(string pattern, CancellationToken cancel)
    {
        var response = await transport.SendAsync(ElasticRequest.Get($"{pattern}/_mapping"), cancel).ConfigureAwait(false);
        return response.Status == 404 ? new Dictionary<string, TemplateMeta?>() : Read(response, ElasticJson.Default.DictionaryStringMappingAnswer).ToDictionary(m => m.Key, m => m.Value.Mappings?.Meta);
    }

    /// <summary>Names of the indices that match a pattern.</summary>
    public async Task<IReadOnlyCollection<string>> IndicesAsync(string pattern, CancellationToken cancel)
    {
        var response = await transport.SendAsync(ElasticRequest.Get($"{pattern}/_alias"), cancel).ConfigureAwait(false);
        return response.Status == 404 ? [] : Read(response, ElasticJson.Default.DictionaryStringAliasAnswer).Keys;
    }

    /// <summary>Makes an index where it is missing.</summary>
    public async Task CreateIndexAsync(string index, JsonObject body, CancellationToken cancel)
    {
        var response = await transport.SendAsync(ElasticRequest.Of(HttpMethod.Put, index, body), cancel).ConfigureAwait(false);
        if (!response.Ok && ElasticErrors.Of(response).Type is not "resource_already_exists_exception")
        {
            throw Unexpected(response);
        }
    }

    public async Task DeleteIndexAsync(string index, CancellationToken cancel)
    {
        var response = await transport.SendAsync(new ElasticRequest(HttpMethod.Delete, index), cancel).ConfigureAwait(false);
        if (!response.Ok && response.Status != 404)
        {
            throw Unexpected(response);
        }
    }

    /// <summary>Makes all that was written visible to searches.</summary>
    public async Task RefreshAsync(string indices, CancellationToken cancel)
    {
        var response = await transport.SendAsync(new ElasticRequest(HttpMethod.Post, $"{indices}/_refresh"), cancel).ConfigureAwait(false);
        if (!response.Ok && response.Status != 404)
        {
            throw Unexpected(response);
        }
    }

    public async Task<long> CountAsync(string index, CancellationToken cancel)
    {
        var response = await transport.SendAsync(ElasticRequest.Get($"{index}/_count"), cancel).ConfigureAwait(false);
        return response.Status == 404 ? 0 : Read(response, ElasticJson.Default.CountAnswer).Count;
    }

    /// <summary>Documents as they are now, refreshed or not; missing ones and missing indices left out.</summary>
    public async Task<IReadOnlyList<Hit>> GetManyAsync(IReadOnlyList<(string Index, string Id)> ids, CancellationToken cancel)
    {
        const int most = 5_000;
        var found = new List<Hit>();
        foreach (var some in ids.Chunk(most))
        {
            var docs = new JsonArray([.. some.Select(d => new JsonObject { ["_index"] = d.Index, ["_id"] = d.Id })]);
            var response = await transport.SendAsync(ElasticRequest.Of(HttpMethod.Post, "_mget", new JsonObject { ["docs"] = docs }), cancel).ConfigureAwait(false);
            found.AddRange((Read(response, ElasticJson.Default.MultiGetAnswer).Docs ?? []).Where(d => d.Found == true));
        }

        return found;
    }

    /// <summary>One page of a search; of nothing where no index of the alias is there yet.</summary>
    public async Task<SearchAnswer> SearchAsync(string alias, JsonObject body, CancellationToken cancel)
    {
        var response = await transport.SendAsync(ElasticRequest.Of(HttpMethod.Post, $"{alias}/_search?ignore_unavailable=true&allow_partial_search_results=false", body), cancel).ConfigureAwait(false);
        return Complete(response);
    }

    /// <summary>All pages of a search on one state of the indices. The body has a size and a sort without ties, or is continued by <paramref name="next"/>.</summary>
    public async IAsyncEnumerable<SearchAnswer> PagesAsync(string alias, JsonObject body, Func<JsonObject, SearchAnswer, bool> next, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        if (await OpenAsync(alias, cancel).ConfigureAwait(false) is not { } point)
        {
            yield break;
        }

        try
        {
            SearchAnswer page;
            do
            {
                // The answer may name another point in time; always the last one counts.
                body["pit"] = new JsonObject { ["id"] = point, ["keep_alive"] = KeepAlive };
                page = Complete(await transport.SendAsync(ElasticRequest.Of(HttpMethod.Post, "_search?allow_partial_search_results=false", body), cancel).ConfigureAwait(false));
                point = page.PitId ?? point;
                yield return page;
            }
            while (next(body, page));
        }
        finally
        {
            var close = flavor == Flavor.Elasticsearch
                ? ElasticRequest.Of(HttpMethod.Delete, "_pit", new JsonObject { ["id"] = point })
                : ElasticRequest.Of(HttpMethod.Delete, "_search/point_in_time", new JsonObject { ["pit_id"] = new JsonArray(point) });
            await transport.SendAsync(close, CancellationToken.None).ConfigureAwait(false);
        }
    }

    public Task<ElasticResponse> BulkAsync(ReadOnlyMemory<byte> lines, CancellationToken cancel) =>
        transport.SendAsync(new ElasticRequest(HttpMethod.Post, "_bulk?filter_path=errors,items.*.status,items.*.error", lines, Lines: true), cancel);

    /// <summary>A request to the lifecycle API, which may be missing.</summary>
    public Task<ElasticResponse> SendAsync(ElasticRequest request, CancellationToken cancel) => transport.SendAsync(request, cancel);

    public void Dispose() => transport.Dispose();

    /// <summary>Reads an answer, which must be a success.</summary>
    public static T Read<T>(ElasticResponse response, JsonTypeInfo<T> type)
        where T : class
    {
        if (!response.Ok)
        {
            throw Unexpected(response);
        }

        return TryRead(response, type) ?? throw new TransientStoreException("The store's server sent an answer that is no JSON of the expected form; something stands between.");
    }

    /// <summary>What a failure means to who called.</summary>
    public static Exception Unexpected(ElasticResponse response)
    {
        var error = ElasticErrors.Of(response);
        var text = string.Create(CultureInfo.InvariantCulture, $"status {response.Status}, {error.Words}");
        return response.Status is >= 500 or 429 || error.IsBlock
            ? new TransientStoreException($"The store's server cannot serve: {text}.")
            : new StoreConfigurationException($"The store's server refuses a request: {text}. Index templates or settings may have been changed by hand.");
    }

    private static T? TryRead<T>(ElasticResponse response, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(response.Body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SearchAnswer Complete(ElasticResponse response)
    {
        var answer = Read(response, ElasticJson.Default.SearchAnswer);
        return answer.TimedOut || answer.Shards is { Failed: > 0 } ? throw new TransientStoreException("The store's server could not search all of its shards.") : answer;
    }

    private async Task<string?> OpenAsync(string alias, CancellationToken cancel)
    {
        var path = flavor == Flavor.Elasticsearch ? $"{alias}/_pit?keep_alive={KeepAlive}" : $"{alias}/_search/point_in_time?keep_alive={KeepAlive}";
        var response = await transport.SendAsync(new ElasticRequest(HttpMethod.Post, path), cancel).ConfigureAwait(false);
        if (response.Status == 404)
        {
            return null;
        }

        var answer = Read(response, ElasticJson.Default.PointInTimeAnswer);
        return answer.PitId ?? answer.Id ?? throw new TransientStoreException("The store's server opened no point in time.");
    }

    private async Task DoneAsync(ElasticRequest request, CancellationToken cancel)
    {
        var response = await transport.SendAsync(request, cancel).ConfigureAwait(false);
        if (!response.Ok)
        {
            throw Unexpected(response);
        }
    }
}
