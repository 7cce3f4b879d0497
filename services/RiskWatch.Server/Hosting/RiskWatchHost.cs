using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RiskWatch.Adapters;
using RiskWatch.Adapters.Elasticsearch;
using RiskWatch.Adapters.Embedded;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Alerting;
using RiskWatch.Classification;
using RiskWatch.Classification.Stage;
using RiskWatch.Core.Control;
using RiskWatch.Core.Hosting;
using RiskWatch.Core.Log;
using RiskWatch.Core.Privacy;
using RiskWatch.Indexing;
using RiskWatch.Ingestion;
using RiskWatch.Notification;
using RiskWatch.Server.Jobs;
using RiskWatch.Web;
using Serilog;

namespace RiskWatch.Server.Hosting;

/// <summary>Puts the product together: adapters, services, and a worker for each stage of the roles that run here.</summary>
internal static class RiskWatchHost
{
    internal static readonly (string Section, Type Options)[] Known =
    [
        (RiskWatchOptions.Section, typeof(RiskWatchOptions)), (TopologyOptions.Section, typeof(TopologyOptions)), (StageWorkerOptions.Section, typeof(StageWorkerOptions)),
        (EmbeddedOptions.Section, typeof(EmbeddedOptions)), (KafkaOptions.Section, typeof(KafkaOptions)), (IngestionOptions.Section, typeof(IngestionOptions)),
        (PrivacyOptions.Section, typeof(PrivacyOptions)), (ClassificationOptions.Section, typeof(ClassificationOptions)), (AlertingOptions.Section, typeof(AlertingOptions)),
        (WebOptions.Section, typeof(WebOptions)), (ElasticsearchOptions.Section, typeof(ElasticsearchOptions)), (RetentionOptions.Section, typeof(RetentionOptions)),
        (TelemetryOptions.Section, typeof(TelemetryOptions)),
    ];

    /// <summary>The host of <c>run</c> and <c>demo</c>: services, and health; console and API where the web role runs.</summary>
    public static WebApplication Web(IConfigurationRoot configuration, IReadOnlySet<string> roles, Action<IServiceCollection>? more = null)
    {
        var options = ConfigurationCheck.Bind<RiskWatchOptions>(configuration, RiskWatchOptions.Section);
        var addresses = ListenAddresses.Of(options);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(RiskWatchHost).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseUrls(addresses.Urls);
        builder.Services.Configure<HostFilteringOptions>(filter => filter.AllowedHosts = addresses.Hosts);
        builder.WebHost.UseStaticWebAssets();
        Compose(builder.Services, configuration, options, roles, exclusive: true);
        var telemetry = ConfigurationCheck.Bind<TelemetryOptions>(configuration, TelemetryOptions.Section);
        Telemetry.Add(builder.Services, telemetry, InstanceOf(options), roles);
        builder.Services.AddSingleton<DependencyWatch>().AddHostedService(provider => provider.GetRequiredService<DependencyWatch>());
        if (roles.Contains(Roles.Ingestion))
        {
            builder.Services.AddPush();
        }

        if (roles.Contains(Roles.Web))
        {
            builder.Services.AddWeb();
        }
        else if (roles.Contains(Roles.Ingestion))
        {
            builder.Services.AddPushApi();
        }

        more?.Invoke(builder.Services);
        var app = builder.Build();
        if (roles.Contains(Roles.Web))
        {
            app.MapWeb();
        }
        else if (roles.Contains(Roles.Ingestion))
        {
            app.MapPushApi();
        }

        Health.Map(app);
        Telemetry.Map(app, telemetry);

        return app;
    }

    /// <summary>The host of <c>replay</c> and benchmarks: services without any address.</summary>
    public static IHost Plain(IConfigurationRoot configuration, IReadOnlySet<string> roles, Action<IServiceCollection>? more = null, bool exclusive = true)
    {
        var options = ConfigurationCheck.Bind<RiskWatchOptions>(configuration, RiskWatchOptions.Section);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(configuration);
        Compose(builder.Services, configuration, options, roles, exclusive);
        more?.Invoke(builder.Services);
        return builder.Build();
    }

    /// <summary>Runs until stopped; 0.</summary>
    /// <exception cref="PipelineFailedException">A service stopped with a failure, and the host with it.</exception>
    public static async Task<int> RunAsync(IHost host, CancellationToken cancel)
    {
        try
        {
            await host.StartAsync(cancel);
            await host.WaitForShutdownAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }

        return Failed(host) is { } failure ? throw new PipelineFailedException(failure) : 0;
    }

    /// <summary>The failure of the first service that failed, null while all are well.</summary>
    public static Exception? Failed(IHost host) => host.Services.GetServices<IHostedService>().OfType<BackgroundService>()
        .Select(service => service.ExecuteTask?.Exception?.GetBaseException()).FirstOrDefault(e => e is not null and not OperationCanceledException);

    /// <summary>Checks the whole configuration, also what this process does not use.</summary>
    /// <exception cref="ConfigurationException">A key is unknown or its value is wrong; the message names it.</exception>
    public static void Check(IConfiguration configuration)
    {
        ConfigurationCheck.RefuseUnknown(configuration, Known);
        foreach (var (section, options) in Known)
        {
            ConfigurationCheck.Bind(configuration, section, options);
        }
    }

    private static void Compose(IServiceCollection services, IConfigurationRoot configuration, RiskWatchOptions options, IReadOnlySet<string> roles, bool exclusive)
    {
        Check(configuration);
        var topology = ConfigurationCheck.Bind<TopologyOptions>(configuration, TopologyOptions.Section);
        var worker = ConfigurationCheck.Bind<StageWorkerOptions>(configuration, StageWorkerOptions.Section);
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSerilog(Telemetry.CreateLogger(options, ConfigurationCheck.Bind<TelemetryOptions>(configuration, TelemetryOptions.Section), InstanceOf(options)), dispose: true);
        services.AddSingleton(new InstanceName(InstanceOf(options))).AddSingleton(new RunningRoles(roles));
        services.AddSingleton(options).AddSingleton(topology).AddSingleton(Options.Create(topology)).AddSingleton(worker);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<StageMetrics>();
        services.AddSingleton(new BuiltInEntries(BuiltInControl.Entries));
        // Somebody waits for the answer of a verb; a service may come before its servers.
        services.AddSingleton(new StartPatience(exclusive ? TimeSpan.FromMinutes(5) : TimeSpan.Zero));
        if (exclusive && options.Log == "sqlite")
        {
            services.AddSingleton(_ => DataLock.Take(Path.GetFullPath(options.Data)));
        }

        services.AddAdapters(new AdapterChoice(
            options.Log, options.Store, Path.GetFullPath(options.Data),
            ConfigurationCheck.Bind<EmbeddedOptions>(configuration, EmbeddedOptions.Section), ConfigurationCheck.Bind<KafkaOptions>(configuration, KafkaOptions.Section),
            ConfigurationCheck.Bind<ElasticsearchOptions>(configuration, ElasticsearchOptions.Section)));
        services.AddSingleton<ControlTable>();
        services.AddSingleton<IControlTable>(provider => provider.GetRequiredService<ControlTable>());
        services.AddHostedService<LogStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<ControlTable>());
        services.AddIngestion().AddClassification().AddAlerting().AddNotification();
        if (options.Store != "none")
        {
            services.AddIndexing();
            if (roles.Contains(Roles.Jobs))
            {
                services.AddJobs(ConfigurationCheck.Bind<RetentionOptions>(configuration, RetentionOptions.Section));
            }
        }

        if (options.Classify == "none")
        {
            services.Replace(ServiceDescriptor.Singleton<IClassifier, TrivialClassifier>());
        }
        else if (options.Classify == "heads")
        {
            services.Replace(ServiceDescriptor.Singleton<IClassifier, HeadsClassifier>());
            services.PostConfigure<ClassificationOptions>(classification => classification.EncoderCores = 0);
        }
        else if (options.Classify == "fast")
        {
            services.PostConfigure<ClassificationOptions>(classification => classification.EncoderCores = 0);
        }

        services.PostConfigure<PrivacyOptions>(privacy => privacy.Folder = privacy.Folder.Length > 0 ? privacy.Folder : Path.Combine(Path.GetFullPath(options.Data), "secrets"));
        AddWorkers(services, worker, InstanceOf(options), roles);
    }

    private static string InstanceOf(RiskWatchOptions options) => options.Instance ?? Environment.MachineName;

    // Stages of all roles are registered everywhere, so that every process knows all topics; workers run for the roles of this one.
    private static void AddWorkers(IServiceCollection services, StageWorkerOptions options, string instance, IReadOnlySet<string> roles)
    {
        var stages = services.Select(s => s.ImplementationInstance).OfType<StageRegistration>().Where(s => roles.Contains(s.Role)).ToList();
        foreach (var stage in stages)
        {
            for (var i = 0; i < options.WorkersPerStage; i++)
            {
                var memberId = $"{instance}/{i}";
                services.AddSingleton<IHostedService>(provider => new StageWorker(
                    provider.GetRequiredService<IEventLog>(), stage.Create(provider), memberId, options, provider.GetRequiredService<IDeadLetterVault>(),
                    provider.GetRequiredService<StageMetrics>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<StageWorker>>()));
            }
        }
    }
}
