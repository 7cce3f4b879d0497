using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Core.Ingest;
using RiskWatch.Core.Log;
using RiskWatch.Core.Privacy;
using RiskWatch.Core.Status;
using RiskWatch.Ingestion.Push;
using RiskWatch.Ingestion.Replay;

namespace RiskWatch.Ingestion;

/// <summary>Wires ingestion into the host.</summary>
public static class IngestionService
{
    /// <summary>Name of the stage in dead letters.</summary>
    public const string Stage = "ingestion";

    /// <summary>The shares of sources: group, topic and state of whoever owns them. No stage worker runs it.</summary>
    public static StageDefinition Shares { get; } = new(Stage, Topics.Leases, HasState: true);

    /// <summary>Adds secrets, replay and the retry of dead letters. A process that runs the role <c>ingestion</c> adds <see cref="AddPush"/> to it.</summary>
    public static IServiceCollection AddIngestion(this IServiceCollection services)
    {
        services.AddOptions<IngestionOptions>().BindConfiguration(IngestionOptions.Section, b => b.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<IngestionOptions>, IngestionOptionsValidator>();
        services.AddOptions<PrivacyOptions>().BindConfiguration(PrivacyOptions.Section, b => b.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PrivacyOptions>, PrivacyOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISourceStatusRegistry, SourceStatusRegistry>();
        services.TryAddSingleton<IDeadLetterVault>(sp => AesDeadLetterVault.Open(sp.GetRequiredService<IOptions<PrivacyOptions>>().Value));
        services.TryAddSingleton<IPseudonymSecrets>(sp => PseudonymSecrets(sp.GetRequiredService<IOptions<PrivacyOptions>>().Value, sp.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IDeadLetterRetry, DeadLetterRetry>();
        services.AddSingleton<ReplayWorker>();
        return services;
    }

    /// <summary>Adds the push receiver and the owner of the pushed sources; not beside a replay, which owns all shares.</summary>
    public static IServiceCollection AddPush(this IServiceCollection services) => services
        .AddSingleton<PushCounters>()
        .AddSingleton<IPushReceiver, PushReceiver>()
        .AddHostedService<PushMarkWorker>();

    /// <summary>Secrets from configuration where weeks are given there, else the file <c>pseudonyms.secrets</c>.</summary>
    private static IPseudonymSecrets PseudonymSecrets(PrivacyOptions options, TimeProvider time) => options.WeekSecrets.Count > 0
        ? new ConfiguredPseudonymSecrets(options, time)
        : new PseudonymSecretsFile(Path.Combine(options.Folder, "pseudonyms.secrets"), options.Lateness, time);
}

/// <summary>Checks the options; errors name the key.</summary>
[OptionsValidator]
internal sealed partial class IngestionOptionsValidator : IValidateOptions<IngestionOptions>;

/// <summary>Checks the options; errors name the key.</summary>
[OptionsValidator]
internal sealed partial class PrivacyOptionsValidator : IValidateOptions<PrivacyOptions>;
