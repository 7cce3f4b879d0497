using System.Globalization;
using System.Text.Json.Nodes;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>The policy that deletes whole months: index lifecycle management of Elasticsearch, index state management of OpenSearch.</summary>
internal sealed class IndexLifecycle(ElasticClient client, ElasticsearchOptions options, IndexNames names)
{
    private string Age => string.Create(CultureInfo.InvariantCulture, $"{options.KeepMonths * 31}d");

    /// <summary>Writes the policy; false where the server has no such API.</summary>
    public async Task<bool> PutAsync(CancellationToken cancel)
    {
        var request = client.Flavor == Flavor.Elasticsearch
            ? ElasticRequest.Of(HttpMethod.Put, $"_ilm/policy/{names.Policy}", Ilm())
            : ElasticRequest.Of(HttpMethod.Put, $"_plugins/_ism/policies/{names.Policy}{await HeldAsync(cancel).ConfigureAwait(false)}", Ism());
        var response = await client.SendAsync(request, cancel).ConfigureAwait(false);

        // "no handler found": a build without it. 409: another process wrote the same at the same time.
        return response.Ok || response.Status == 409 ? true : response.Status is 400 or 404 or 405 or 500 && ElasticErrors.Of(response).Type.Length == 0 ? false : throw ElasticClient.Unexpected(response);
    }

    private JsonObject Ilm() => new()
    {
        ["policy"] = new JsonObject
        {
            ["_meta"] = new JsonObject { ["riskwatch"] = IndexTemplates.Version },
            ["phases"] = new JsonObject
            {
                ["hot"] = new JsonObject { ["actions"] = new JsonObject() },
                ["delete"] = new JsonObject { ["min_age"] = Age, ["actions"] = new JsonObject { ["delete"] = new JsonObject() } },
            },
        },
    };

    private JsonObject Ism() => new()
    {
        ["policy"] = new JsonObject
        {
            ["description"] = string.Create(CultureInfo.InvariantCulture, $"RiskWatch {IndexTemplates.Version}: whole months are deleted"),
            ["default_state"] = "kept",
            ["states"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "kept",
                    ["actions"] = new JsonArray(),
                    ["transitions"] = new JsonArray(new JsonObject { ["state_name"] = "deleted", ["conditions"] = new JsonObject { ["min_index_age"] = Age } }),
                },
                new JsonObject { ["name"] = "deleted", ["actions"] = new JsonArray(new JsonObject { ["delete"] = new JsonObject() }), ["transitions"] = new JsonArray() }),
            ["ism_template"] = new JsonArray(new JsonObject { ["index_patterns"] = new JsonArray([.. IndexNames.Monthly.Select(f => JsonValue.Create(names.Pattern(f)))]), ["priority"] = 100 }),
        },
    };

    // A policy of OpenSearch is only replaced by who names the version it replaces.
    private async Task<string> HeldAsync(CancellationToken cancel)
    {
        var held = await client.SendAsync(ElasticRequest.Get($"_plugins/_ism/policies/{names.Policy}"), cancel).ConfigureAwait(false);
        return held.Ok && ElasticClient.Read(held, ElasticJson.Default.PolicyAnswer) is { SequenceNumber: { } number, PrimaryTerm: { } term }
            ? string.Create(CultureInfo.InvariantCulture, $"?if_seq_no={number}&if_primary_term={term}") : "";
    }
}
