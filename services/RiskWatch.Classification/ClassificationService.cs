using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskWatch.Classification.Stage;
using RiskWatch.Core.Control;
using RiskWatch.Core.Hosting;

namespace RiskWatch.Classification;

/// <summary>Wires classification into the host.</summary>
public static class ClassificationService
{
    /// <summary>Adds what the role needs.</summary>
    public static IServiceCollection AddClassification(this IServiceCollection services)
    {
        services.AddOptions<ClassificationOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ClassificationOptions>, ClassificationOptionsValidator>();
        services.AddSingleton<HeldContributions>();
        services.AddSingleton<ClassificationMetrics>();
        return services.AddStage("classification", ClassificationStage.Stage, sp => new ClassificationStage(
            sp.GetRequiredService<IClassifier>(),
            sp.GetRequiredService<IControlTable>(),
            sp.GetRequiredService<IOptions<ClassificationOptions>>().Value,
            sp.GetRequiredService<HeldContributions>(),
            sp.GetRequiredService<ClassificationMetrics>(),
            sp.GetRequiredService<ILogger<ClassificationStage>>()));
    }
}
