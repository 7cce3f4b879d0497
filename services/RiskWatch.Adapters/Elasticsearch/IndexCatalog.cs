using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>Which monthly indices there are; makes and checks templates, the lifecycle policy and months.</summary>
internal sealed class IndexCatalog(ElasticClient client, ElasticsearchOptions options, IndexNames names, ILogger logger)
{
    private readonly IndexTemplates _templates = new(options, client.Flavor, names);
    private readonly ConcurrentDictionary<string, byte> _known = new(StringComparer.Ordinal);
    private bool _lifecycle;

    /// <summary>Makes or checks everything that writes rely on.</summary>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        _lifecycle = options.Lifecycle && await new IndexLifecycle(client, options, names).PutAsync(cancel).ConfigureAwait(false);
        if (options.Lifecycle && !_lifecycle)
        {
            AdaptersLog.LifecycleMissing(logger, options.KeepMonths);
        }

        foreach (var family in Enum.GetValues<IndexFamily>())
        {
            await PrepareAsync(family, cancel).ConfigureAwait(false);
        }

        await EnsureAsync(IndexFamily.Deleted, names.Deleted, cancel).ConfigureAwait(false);
    }

    /// <summary>Makes an index where it is missing.</summary>
    public async Task EnsureAsync(IndexFamily family, string index, CancellationToken cancel)
    {
        if (_known.ContainsKey(index))
        {
            return;
        }

        var settings = new JsonObject();
        if (_lifecycle && client.Flavor == Flavor.Elasticsearch && names.StartOf(family, index) is { } month)
        {
            // A month that is filled late is as old as its records.
            settings["settings"] = new JsonObject { ["index"] = new JsonObject { ["lifecycle"] = new JsonObject { ["origination_date"] = month.AddMonths(1).ToUnixTimeMilliseconds() } } };
        }

        await client.CreateIndexAsync(index, settings, cancel).ConfigureAwait(false);
        _known[index] = 0;
    }

    /// <summary>An index went away.</summary>
    public void Forget(string index) => _known.TryRemove(index, out _);

    /// <summary>Months of a family, as the server has them now.</summary>
    public async Task<IReadOnlyList<string>> MonthsAsync(IndexFamily family, CancellationToken cancel)
    {
        var indices = await client.IndicesAsync(names.Pattern(family), cancel).ConfigureAwait(false);
        return [.. indices.Where(i => names.StartOf(family, i) is not null).Order(StringComparer.Ordinal)];
    }

    private async Task PrepareAsync(IndexFamily family, CancellationToken cancel)
    {
        var name = names.Alias(family);
        var template = _templates.Of(family, _lifecycle);
        var held = await client.TemplateAsync(name, cancel).ConfigureAwait(false);
        if (held is not null && held.Meta?.Riskwatch is null)
        {
            throw new StoreConfigurationException($"The index template {name} is there but not RiskWatch's: give another RiskWatch:Elasticsearch:Prefix.");
        }

        RefuseNewer($"The index template {name}", held?.Version);
        if (held is null || held.Version < IndexTemplates.Version || held.Meta?.Hash != (string?)template["_meta"]!["hash"])
        {
            await client.PutTemplateAsync(name, template, cancel).ConfigureAwait(false);
        }

        foreach (var (index, meta) in await client.MappingsAsync(names.Pattern(family), cancel).ConfigureAwait(false))
        {
            if (meta?.Riskwatch is not { } version)
            {
                throw new StoreConfigurationException($"The index {index} is there but not RiskWatch's: delete or rename it, or give another RiskWatch:Elasticsearch:Prefix.");
            }

            RefuseNewer($"The index {index}", version);
            if (version < IndexTemplates.Version)
            {
                await client.PutMappingAsync(index, IndexTemplates.Mappings(family), cancel).ConfigureAwait(false);
            }

            _known[index] = 0;
        }
    }

    private static void RefuseNewer(string what, long? version)
    {
        if (version > IndexTemplates.Version)
        {
            throw new StoreConfigurationException(string.Create(CultureInfo.InvariantCulture, $"{what} has version {version}, this build knows {IndexTemplates.Version}: run the newer RiskWatch that wrote it, or give another RiskWatch:Elasticsearch:Prefix."));
        }
    }
}
