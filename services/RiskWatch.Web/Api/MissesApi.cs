using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Api;

/// <summary>Body of the report of a missed warning.</summary>
/// <param name="Site">Site.</param>
/// <param name="Onset">When it began.</param>
/// <param name="End">When it was over; default: a day after onset.</param>
/// <param name="Topic">Topic id; default: everything.</param>
/// <param name="Place">Gazetteer code; default: the whole site.</param>
/// <param name="Note">What happened; at most 500 characters.</param>
/// <param name="By">Who; at most 60 characters. Default <c>api</c>.</param>
internal sealed record MissBody(string Site, DateTimeOffset Onset, DateTimeOffset? End = null, string? Topic = null, string? Place = null, string? Note = null, string? By = null);

/// <summary>Warnings that did not come, as staff report them.</summary>
internal static class MissesApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("misses");
        group.MapGet("/misses", (string? site, ControlDesk desk) => TypedResults.Ok<IReadOnlyList<ControlEntry>>([.. desk.Misses().Where(e => site is null || e.Miss!.Site == site)]))
            .WithName("getMisses").WithSummary("Missed warnings, by onset, each with its id and who reported it.");
        group.MapPost("/misses", ReportAsync).WithName("reportMiss").WithSummary("Reports a missed warning; one of the same site, topic, place and onset is changed.").Acts();
        group.MapDelete("/misses/{id}", WithdrawAsync).WithName("withdrawMiss").WithSummary("Takes a report back.").Acts();
    }

    private static async Task<IResult> ReportAsync(MissBody body, ControlDesk desk, SiteDirectory sites, CancellationToken cancel)
    {
        var miss = new MissedWarning(
            body.Site, body.Topic ?? SeriesTopics.Everything, body.Place ?? sites.Find(body.Site)?.GazetteerRoot ?? "", body.Onset, body.End ?? body.Onset + ControlDesk.UsualIncident, body.Note?.Trim() ?? "");
        return ActingApi.Check(new Parameters(), body.By, null) ?? ActingApi.Answer(await desk.ReportAsync(miss, ActingApi.By(body.By), cancel), "site", "", "");
    }

    private static async Task<IResult> WithdrawAsync(string id, [FromQuery] string? by, ControlDesk desk, CancellationToken cancel) =>
        ActingApi.Check(new Parameters(), by, null) ?? ActingApi.Answer(await desk.WithdrawAsync(id, ActingApi.By(by), cancel), "id", $"There is no missed warning '{id}'.", "");
}
