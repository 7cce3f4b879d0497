using Microsoft.Extensions.DependencyInjection;

namespace RiskWatch.Web;

/// <summary>Wires web into the host.</summary>
public static class WebService
{
    /// <summary>Adds what the role needs.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services) => services;
}
