using Microsoft.Extensions.DependencyInjection;
using RiskWatch.Core.Log;

namespace RiskWatch.Core.Hosting;

/// <summary>A stage that a role runs; the host starts its workers.</summary>
/// <param name="Role">Role of DESIGN §5: ingestion, classification, alerting, indexing, …</param>
/// <param name="Definition">Name and input.</param>
/// <param name="Create">Makes one instance per worker.</param>
public sealed record StageRegistration(string Role, StageDefinition Definition, Func<IServiceProvider, IStage> Create);

/// <summary>Registers stages.</summary>
public static class StageRegistrationExtensions
{
    /// <summary>Adds a stage to a role; the host decides whether it runs here and with how many workers.</summary>
    public static IServiceCollection AddStage(this IServiceCollection services, string role, StageDefinition definition, Func<IServiceProvider, IStage> create) =>
        services.AddSingleton(new StageRegistration(role, definition, create));
}
