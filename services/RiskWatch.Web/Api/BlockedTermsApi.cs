using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Api;

/// <summary>Body that blocks a term.</summary>
/// <param name="Site">Site.</param>
/// <param name="Term">The term as its alert shows it.</param>
/// <param name="Reason">Why; at most 500 characters.</param>
/// <param name="By">Who; at most 60 characters. Default <c>api</c>.</param>
internal sealed record BlockBody(string Site, string Term, string? Reason = null, string? By = null);

/// <summary>Emergent terms that operators keep from raising alerts.</summary>
internal static class BlockedTermsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("terms");
        group.MapGet("/blocked-terms", (ControlDesk desk) => TypedResults.Ok(desk.BlockedTerms())).WithName("getBlockedTerms").WithSummary("Terms that raise no alerts, each with its id, who blocked it and why.");
        group.MapPost("/blocked-terms", BlockAsync).WithName("blockTerm").WithSummary("Keeps a term from raising alerts; an open alert of it ends with the next tick.").Acts();
        group.MapDelete("/blocked-terms/{id}", UnblockAsync).WithName("unblockTerm").WithSummary("Lets it raise alerts again.").Acts();
    }

    private static async Task<IResult> BlockAsync(BlockBody body, ControlDesk desk, SiteStatusProvider sites, CancellationToken cancel) => ActingApi.Check(new Parameters(), body.By, null)
        ?? ActingApi.Answer(await desk.BlockAsync(new BlockedTerm(body.Site, body.Term, body.Reason?.Trim() ?? ""), sites.EarliestDecided(), ActingApi.By(body.By), cancel), "site", "", "");

    private static async Task<IResult> UnblockAsync(string id, [FromQuery] string? by, ControlDesk desk, SiteStatusProvider sites, CancellationToken cancel) => ActingApi.Check(new Parameters(), by, null)
        ?? ActingApi.Answer(await desk.UnblockAsync(id, sites.EarliestDecided(), ActingApi.By(by), cancel), "id", $"There is no blocked term '{id}'.", "");
}
