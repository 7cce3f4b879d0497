using Microsoft.Extensions.DependencyInjection;

namespace RiskWatch.Adapters;

/// <summary>Wires adapters into the host.</summary>
public static class AdaptersService
{
    /// <summary>Adds what the role needs.</summary>
    public static IServiceCollection AddAdapters(this IServiceCollection services) => services;
}
