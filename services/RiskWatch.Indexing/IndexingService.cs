using Microsoft.Extensions.DependencyInjection;
using RiskWatch.Core.Hosting;
using RiskWatch.Core.Store;

namespace RiskWatch.Indexing;

/// <summary>Wires indexing into the host: one stage a topic, since a stage has one input.</summary>
public static class IndexingService
{
    /// <summary>Role of the three stages.</summary>
    public const string Role = "indexing";

    /// <summary>Adds what the role needs; the host provides the store.</summary>
    public static IServiceCollection AddIndexing(this IServiceCollection services) => services
        .AddStage(Role, IndexRecordsStage.Stage, provider => new IndexRecordsStage(provider.GetRequiredService<IStore>()))
        .AddStage(Role, IndexAlertsStage.Stage, provider => new IndexAlertsStage(provider.GetRequiredService<IStore>()))
        .AddStage(Role, IndexTrendsStage.Stage, provider => new IndexTrendsStage(provider.GetRequiredService<IStore>()));
}
