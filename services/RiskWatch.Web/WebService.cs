using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MudBlazor;
using MudBlazor.Services;
using RiskWatch.Core.Acting;
using RiskWatch.Core.Stability;
using RiskWatch.Core.Status;
using RiskWatch.Web.Api;
using RiskWatch.Web.Components;
using RiskWatch.Web.Live;
using RiskWatch.Web.Status;

namespace RiskWatch.Web;

/// <summary>Wires the console and the REST API into the host.</summary>
public static class WebService
{
    /// <summary>
    /// Adds what the role needs. The host also registers <c>IStore</c>, <c>IEventLog</c>, <c>IControlTable</c>, <c>IGazetteer</c>, <c>ITaxonomy</c> and
    /// <see cref="TimeProvider"/>; where it runs ingestion too, <c>IPushReceiver</c>.
    /// </summary>
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services.AddOptions<WebOptions>().BindConfiguration(WebOptions.Section, b => b.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebOptions>, WebOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISourceStatusRegistry, SourceStatusRegistry>();
        services.AddSingleton<AlertFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<AlertFeed>());
        services.AddSingleton<AlertReader>();
        services.AddSingleton<SiteStatusProvider>();
        services.AddSingleton<SiteDirectory>();
        services.AddSingleton<ControlDocuments>();
        services.AddSingleton<ExemplarReader>();
        services.AddSingleton<TrendReader>();
        services.AddSingleton<ForecastReader>();
        services.TryAddSingleton<StabilityReader>();
        services.AddActing();
        services.AddApi();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(o =>
        {
            o.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            o.SnackbarConfiguration.VisibleStateDuration = 4_000;
        });
        return services;
    }

    /// <summary>Adds what <c>POST /api/records</c> needs in a process that runs ingestion without the console.</summary>
    public static IServiceCollection AddPushApi(this IServiceCollection services) => services.AddApi();

    /// <summary>Maps <c>POST /api/records</c> alone.</summary>
    public static WebApplication MapPushApi(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<SameOriginMiddleware>();
        app.MapPush();
        return app;
    }

    /// <summary>Maps API, OpenAPI document, console and their static files. Call it once, after the host's own middleware.</summary>
    public static WebApplication MapWeb(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseExceptionHandler();
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal), api => api.UseStatusCodePages());
        app.UseMiddleware<SameOriginMiddleware>();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapApi();
        app.MapPreferences();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
