using Microsoft.Extensions.DependencyInjection;

namespace RiskWatch.Classification;

/// <summary>Wires classification into the host.</summary>
public static class ClassificationService
{
    /// <summary>Adds what the role needs.</summary>
    public static IServiceCollection AddClassification(this IServiceCollection services) => services;
}
