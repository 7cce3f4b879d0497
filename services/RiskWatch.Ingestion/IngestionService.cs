using Microsoft.Extensions.DependencyInjection;

namespace RiskWatch.Ingestion;

/// <summary>Wires ingestion into the host.</summary>
public static class IngestionService
{
    /// <summary>Adds what the role needs.</summary>
    public static IServiceCollection AddIngestion(this IServiceCollection services) => services;
}
