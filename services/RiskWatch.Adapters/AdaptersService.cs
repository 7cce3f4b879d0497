using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RiskWatch.Adapters.Elasticsearch;
using RiskWatch.Adapters.Embedded;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters;

/// <summary>Which log and store a process uses.</summary>
/// <param name="Log"><c>sqlite</c> or <c>kafka</c>.</param>
/// <param name="Store"><c>sqlite</c>, <c>elasticsearch</c>, <c>opensearch</c> or <c>none</c>.</param>
/// <param name="DataDirectory">Folder of the embedded files; made where missing.</param>
/// <param name="Embedded">Options of the embedded log.</param>
/// <param name="Kafka">Options of Kafka.</param>
/// <param name="Elasticsearch">Options of Elasticsearch and OpenSearch.</param>
public sealed record AdapterChoice(string Log, string Store, string DataDirectory, EmbeddedOptions Embedded, KafkaOptions Kafka, ElasticsearchOptions Elasticsearch);

/// <summary>Wires log and store into the host: the only place that knows which adapters exist.</summary>
public static class AdaptersService
{
    /// <summary>Adds <see cref="IEventLog"/> and, unless the store is <c>none</c>, <see cref="IStore"/>.</summary>
    /// <exception cref="LogConfigurationException">The data folder cannot be made or written.</exception>
    public static IServiceCollection AddAdapters(this IServiceCollection services, AdapterChoice choice)
    {
        if (choice.Log == "kafka")
        {
            services.AddSingleton<IEventLog>(provider => new KafkaEventLog(choice.Kafka, provider.GetRequiredService<ILogger<KafkaEventLog>>()));
        }
        else
        {
            services.AddSingleton(provider => new SqliteEventLog(
                InDataDirectory(choice, "log.db"), choice.Embedded, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SqliteEventLog>>()));
            services.AddSingleton<IEventLog>(provider => provider.GetRequiredService<SqliteEventLog>());
            services.AddHostedService<EmbeddedMaintenance>();
        }

        if (choice.Store is "elasticsearch" or "opensearch")
        {
            services.AddSingleton<IStore>(provider => new ElasticsearchStore(
                choice.Elasticsearch, choice.Store == "opensearch" ? Flavor.OpenSearch : Flavor.Elasticsearch, provider.GetRequiredService<IGazetteer>(),
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ElasticsearchStore>>()));
        }

        if (choice.Store == "sqlite")
        {
            services.AddSingleton<IStore>(provider => new SqliteStore(InDataDirectory(choice, "store.db"), provider.GetRequiredService<IGazetteer>(), provider.GetRequiredService<TimeProvider>())
            {
                MaximumPages = choice.Embedded.MaxStoreFileBytes > 0 ? (int)Math.Clamp(choice.Embedded.MaxStoreFileBytes / SqliteStore.PageBytes, 1, int.MaxValue) : null,
            });
        }

        return services;
    }

    private static string InDataDirectory(AdapterChoice choice, string file)
    {
        try
        {
            Directory.CreateDirectory(choice.DataDirectory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogConfigurationException($"RiskWatch:Data is '{choice.DataDirectory}', which cannot be made: {e.Message} Choose another folder with --data.", e);
        }

        return Path.Combine(choice.DataDirectory, file);
    }
}
