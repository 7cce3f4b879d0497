using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RiskWatch.Classification;
using RiskWatch.Classification.Models;
using RiskWatch.Alerting.Detection.Forecasts;
using RiskWatch.Core.Forecasts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Ingest;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using RiskWatch.Core.Status;
using RiskWatch.Core.Store;
using RiskWatch.Core.Text;
using RiskWatch.Web;
using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>The console and API on a free port of this machine, over fakes seeded by <see cref="SomeWeb"/>.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebHost(WebApplication app, FakeStore store, FakeLog log, FakeControl control, SourceStatusRegistry sources)
    {
        (_app, Store, Log, Control, Sources) = (app, store, log, control, sources);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public FakeStore Store { get; }

    public FakeLog Log { get; }

    public FakeControl Control { get; }

    public SourceStatusRegistry Sources { get; }

    public static async Task<WebHost> StartAsync(IPushReceiver? receiver = null, TimeProvider? time = null, Action<IServiceCollection>? more = null)
    {
        // The server's name finds its static files.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "riskwatch", ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").UseStaticWebAssets();
        time ??= TimeProvider.System;
        var (store, log, control, sources) = (new FakeStore(), new FakeLog(time), new FakeControl(SomeWeb.Control()), new SourceStatusRegistry());
        builder.Services.AddSingleton(time).AddSingleton<IStore>(store).AddSingleton<IEventLog>(log).AddSingleton<IControlTable>(control)
            .AddSingleton<ISourceStatusRegistry>(sources).AddSingleton<IGazetteer>(Gazetteer.Default).AddSingleton<ITaxonomy, FakeTaxonomy>()
            .AddSingleton<IForecaster, SeriesForecaster>().AddSingleton<IExplainer>(new Explainer(FastModel.Load(FastModel.DefaultPath), new EncoderStage(null)));
        if (receiver is not null)
        {
            builder.Services.AddSingleton(receiver);
        }

        builder.Services.AddWeb();
        more?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapWeb();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WebHost(app, store, log, control, sources);
    }

    /// <summary>Fills store, log and registry with a flood, a storm and what lies around them.</summary>
    public async Task<WebHost> SeedAsync()
    {
        Store.Alerts.AddRange(SomeWeb.Alerts());
        Store.Records.AddRange(SomeWeb.Records());
        Store.Hours.AddRange(SomeWeb.Hours());
        foreach (var source in SomeWeb.SourceStates())
        {
            Sources.Report(source);
        }

        await Log.AppendAsync([.. SomeWeb.Ticks().Select(Entries.Of), .. SomeWeb.DeadLetters().Select(Entries.Of)], TestContext.Current.CancellationToken);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
