using Microsoft.Extensions.DependencyInjection;

namespace RiskWatch.Indexing;

/// <summary>Wires indexing into the host.</summary>
public static class IndexingService
{
    /// <summary>Adds what the role needs.</summary>
    public static IServiceCollection AddIndexing(this IServiceCollection services) => services;
}
