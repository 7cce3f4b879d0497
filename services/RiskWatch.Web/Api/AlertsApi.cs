using System.ComponentModel;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;
using RiskWatch.Web.Live;

namespace RiskWatch.Web.Api;

/// <summary>Parameters of <c>GET /api/alerts</c>.</summary>
internal sealed record AlertParameters(
    [property: Description("Site id.")] string? Site,
    [property: Description("Statuses, separated by commas: provisional, open, ended, closed, withdrawn, confirmed. Default: all but withdrawn.")] string? Status,
    [property: Description("At least this level at its peak: IV, III, II or I.")] string? Level,
    [property: Description("Topic id.")] string? Topic,
    [property: Description("Gazetteer code.")] string? Place,
    [property: Description("Raised at or after; ISO 8601.")] string? From,
    [property: Description("Raised before; ISO 8601.")] string? Until,
    [property: Description("At most this many, 1 to 1,000. Default 50.")] string? Limit,
    [property: Description("Cursor of the page before.")] string? Cursor);

/// <summary>Reads alerts, and follows them live.</summary>
internal static class AlertsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/alerts").WithTags("alerts");
        group.MapGet("/", ListAsync).WithName("listAlerts").WithSummary("Alerts, last raised first.").ProducesValidationProblem();
        group.MapGet("/live", Live).WithName("followAlerts").WithSummary("Follows the alerts as server-sent events: 'alert' (an alert's whole state), 'tick' (how far a site is decided), 'reload' (read the list again) and 'ping'.");
        group.MapGet("/{id}", GetAsync).WithName("getAlert").WithSummary("One alert with its evidence.").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<Page<Alert>>, ValidationProblem>> ListAsync([AsParameters] AlertParameters given, IStore store, CancellationToken cancel)
    {
        var parameters = new Parameters();
        var query = new AlertQuery
        {
            Site = parameters.Text("site", given.Site),
            Statuses = parameters.Members<AlertStatus>("status", given.Status),
            MinimumLevel = parameters.Member<AlertLevel>("level", given.Level),
            Topic = parameters.Text("topic", given.Topic),
            Place = parameters.Text("place", given.Place),
            From = parameters.Time("from", given.From),
            Until = parameters.Time("until", given.Until),
            Limit = parameters.Number("limit", given.Limit, 50, 1, 1_000),
            Cursor = parameters.Text("cursor", given.Cursor),
        };
        parameters.Ordered(query.From, query.Until);
        return parameters.Problem() is { } problem ? problem : TypedResults.Ok(await store.SearchAlertsAsync(query, cancel));
    }

    private static async Task<Results<Ok<Alert>, ProblemHttpResult>> GetAsync([Description("Alert id.")] string id, AlertReader alerts, CancellationToken cancel) =>
        await alerts.GetAsync(id, cancel) is { } alert ? TypedResults.Ok(alert) : Problems.NotFound("id", $"There is no alert '{id}'.");

    private static ServerSentEventsResult<object> Live([Description("Only this site.")] string? site, AlertFeed feed, TimeProvider time, IOptions<WebOptions> options, IHostApplicationLifetime host, CancellationToken cancel) =>
        TypedResults.ServerSentEvents(EventsAsync(site, feed, time, options.Value.PingInterval, host.ApplicationStopping, cancel));

    private static async IAsyncEnumerable<SseItem<object>> EventsAsync(string? site, AlertFeed feed, TimeProvider time, TimeSpan pingInterval, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancel)
    {
        // A listener never goes by itself; the server would wait for it when it stops.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancel);
        using var subscription = feed.Subscribe();
        yield return new SseItem<object>(new { }, "ping");
        while (!either.IsCancellationRequested)
        {
            var change = await NextAsync(subscription, time, pingInterval, either.Token);
            if (change is null && either.IsCancellationRequested)
            {
                yield break;
            }

            if (change is null)
            {
                yield return new SseItem<object>(new { }, "ping");
                continue;
            }

            if (change.Reload)
            {
                yield return new SseItem<object>(new { }, "reload");
            }

            foreach (var alert in change.Alerts.Where(a => site is null || a.Site == site))
            {
                yield return new SseItem<object>(alert, "alert");
            }

            foreach (var tick in change.Ticks.Where(t => site is null || t.Site == site))
            {
                yield return new SseItem<object>(tick, "tick");
            }
        }
    }

    private static async Task<FeedChange?> NextAsync(FeedSubscription subscription, TimeProvider time, TimeSpan patience, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            return await subscription.NextAsync(both.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
