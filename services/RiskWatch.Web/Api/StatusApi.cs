using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using RiskWatch.Contracts;
using RiskWatch.Web.Live;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Api;

/// <summary>How everything does.</summary>
/// <param name="At">Wall clock of the answer.</param>
/// <param name="LiveFeed">False while the alerts topic cannot be followed.</param>
/// <param name="Sites">Each site: tick, lag, sources, open alerts.</param>
internal sealed record StatusView(DateTimeOffset At, bool LiveFeed, IReadOnlyList<SiteStatus> Sites);

/// <summary>Tick, lag and sources of each site, so that no alerts and a standstill do not look alike.</summary>
internal static class StatusApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/status", GetAsync).WithName("getStatus").WithTags("status").WithSummary("Each site's decided tick, lag and sources, and whether it stands still.");

    private static async Task<Ok<StatusView>> GetAsync(SiteStatusProvider sites, AlertFeed feed, TimeProvider time, CancellationToken cancel) =>
        TypedResults.Ok(new StatusView(time.GetUtcNow(), !feed.Interrupted, await sites.AllAsync(cancel)));
}
