using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RiskWatch.Alerting.Detection;
using RiskWatch.Alerting.Detection.Forecasts;
using RiskWatch.Alerting.Warning;
using RiskWatch.Core.Forecasts;
using RiskWatch.Core.Hosting;

namespace RiskWatch.Alerting;

/// <summary>Wires alerting into the host: the stages <c>detection</c> and <c>warning</c>.</summary>
public static class AlertingService
{
    /// <summary>Role of both stages.</summary>
    public const string Role = "alerting";

    /// <summary>Adds what the role needs. The host provides the log's topology, control table, gazetteer and taxonomy.</summary>
    public static IServiceCollection AddAlerting(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<AlertingOptions>, AlertingOptionsValidator>();
        services.AddOptions<AlertingOptions>().BindConfiguration(AlertingOptions.Section, b => b.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IForecaster, SeriesForecaster>();
        return services
            .AddStage(Role, DetectionStage.Stage, provider => ActivatorUtilities.CreateInstance<DetectionStage>(provider))
            .AddStage(Role, WarningStage.Stage, provider => ActivatorUtilities.CreateInstance<WarningStage>(provider));
    }
}

/// <summary>Checks the ranges at start, naming the key.</summary>
[OptionsValidator]
internal sealed partial class AlertingOptionsValidator : IValidateOptions<AlertingOptions>;
