using Microsoft.Extensions.DependencyInjection;

namespace RiskWatch.Alerting;

/// <summary>Wires alerting into the host.</summary>
public static class AlertingService
{
    /// <summary>Adds what the role needs.</summary>
    public static IServiceCollection AddAlerting(this IServiceCollection services) => services;
}
