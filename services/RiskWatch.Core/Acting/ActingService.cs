using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;

namespace RiskWatch.Core.Acting;

/// <summary>Wires the desks at which people act; the API, the console and the command line use the same.</summary>
public static class ActingService
{
    /// <summary>Adds the desks; may be called more than once. They need <c>IEventLog</c>, <c>IStore</c>, <c>IControlTable</c>, <c>IGazetteer</c>, <c>ITaxonomy</c> and, to retry dead letters, <see cref="IDeadLetterRetry"/>.</summary>
    public static IServiceCollection AddActing(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AlertDesk>();
        services.TryAddSingleton<RecordDesk>();
        services.TryAddSingleton(provider => new ControlDesk(
            provider.GetRequiredService<IEventLog>(), provider.GetRequiredService<IControlTable>(), provider.GetRequiredService<IGazetteer>(), provider.GetRequiredService<ITaxonomy>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new DeadLetterDesk(
            provider.GetRequiredService<IEventLog>(), provider.GetService<IDeadLetterRetry>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
