using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskWatch.Classification.Claims;
using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Models;
using RiskWatch.Classification.Places;
using RiskWatch.Classification.Stage;
using RiskWatch.Classification.Taxonomies;
using RiskWatch.Core.Control;
using RiskWatch.Core.Hosting;
using RiskWatch.Core.Places;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification;

/// <summary>Wires classification into the host.</summary>
public static class ClassificationService
{
    /// <summary>Adds what the role needs.</summary>
    public static IServiceCollection AddClassification(this IServiceCollection services)
    {
        services.AddSingleton(Gazetteer.Default);
        services.AddSingleton<IGazetteer>(Gazetteer.Default);
        services.AddSingleton(_ => Taxonomy.BuiltIn());
        services.AddSingleton<ITaxonomy>(sp => sp.GetRequiredService<Taxonomy>());
        services.AddSingleton<PlaceNames>();
        services.AddSingleton<PlaceResolver>();
        services.AddSingleton(sp => FastModel.Load(sp.GetRequiredService<IOptions<ClassificationOptions>>().Value.Model ?? FastModel.DefaultPath));
        services.AddSingleton(Encoder);
        services.AddSingleton<IExplainer, Explainer>();
        services.AddSingleton<IScorer>(Scorer);
        services.AddSingleton<IClassifier, Classifier>();
        services.AddSingleton<ClaimBook>();
        services.AddOptions<ClassificationOptions>().BindConfiguration(ClassificationOptions.Section, b => b.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ClassificationOptions>, ClassificationOptionsValidator>();
        services.AddSingleton<HeldContributions>();
        services.AddSingleton<ClassificationMetrics>();
        return services.AddStage("classification", ClassificationStage.Stage, sp => new ClassificationStage(
            sp.GetRequiredService<IClassifier>(),
            sp.GetRequiredService<ClaimBook>(),
            sp.GetRequiredService<IControlTable>(),
            sp.GetRequiredService<IOptions<ClassificationOptions>>().Value,
            sp.GetRequiredService<HeldContributions>(),
            sp.GetRequiredService<ClassificationMetrics>(),
            sp.GetRequiredService<ILogger<ClassificationStage>>()));
    }

    private static ModelScorer Scorer(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<ClassificationOptions>>().Value;
        var fast = provider.GetRequiredService<FastModel>();
        if (provider.GetRequiredService<EncoderStage>().Model is not { } encoder)
        {
            return new ModelScorer(fast);
        }

        var budget = options.EncoderSheds ? new EncoderBudget(options.EncoderCores, provider.GetService<TimeProvider>() ?? TimeProvider.System) : EncoderBudget.Unlimited;
        return new ModelScorer(fast, encoder, options.EncoderFrom, budget, provider.GetRequiredService<ClassificationMetrics>().Encoder);
    }

    private static EncoderStage Encoder(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<ClassificationOptions>>().Value;
        if (options.EncoderCores == 0)
        {
            return new EncoderStage(null);
        }

        var fast = provider.GetRequiredService<FastModel>();
        var folder = options.Encoder ?? EncoderModel.DefaultFolder;
        var model = EncoderModel.Load(folder, fast, options.EncoderVectors);
        if (model is null)
        {
            ClassificationLog.NoEncoder(provider.GetRequiredService<ILogger<ModelScorer>>(), fast.Version, folder);
        }

        return new EncoderStage(model);
    }
}

/// <summary>The encoder stage, where there is one.</summary>
/// <param name="Model">It; null: the fast stage alone.</param>
internal sealed record EncoderStage(EncoderModel? Model) : IDisposable
{
    public void Dispose() => Model?.Dispose();
}
