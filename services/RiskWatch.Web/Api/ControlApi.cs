using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Api;

/// <summary>All rules as they shall be.</summary>
/// <param name="Rules">Rules; those that are missing are removed.</param>
/// <param name="EffectiveFrom">From which event time; default: where the decided ticks of all sites are now.</param>
/// <param name="By">Who; at most 60 characters. Default <c>api</c>.</param>
internal sealed record RulesBody(IReadOnlyList<Rule> Rules, DateTimeOffset? EffectiveFrom = null, string? By = null);

/// <summary>All silences as they shall be.</summary>
/// <param name="Silences">Silences; those that are missing are removed.</param>
/// <param name="By">Who; at most 60 characters. Default <c>api</c>.</param>
internal sealed record SilencesBody(IReadOnlyList<Silence> Silences, string? By = null);

/// <summary>Rules and silences: read, validated, applied as a whole.</summary>
internal static class ControlApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("control");
        group.MapGet("/rules", (ControlDesk desk) => TypedResults.Ok(desk.Rules())).WithName("getRules").WithSummary("The newest version of each rule with its author and effectiveFrom.");
        group.MapPost("/rules/validate", Validate).WithName("validateRules").WithSummary("Says what is not valid, and changes nothing.").ProducesValidationProblem();
        group.MapPut("/rules", ApplyRulesAsync).WithName("applyRules").WithSummary("Applies all rules at once: new versions for those that differ, removals for those that are missing.").Acts();
        group.MapGet("/silences", (ControlDesk desk) => TypedResults.Ok(desk.Silences())).WithName("getSilences").WithSummary("The newest version of each silence.");
        group.MapPut("/silences", ApplySilencesAsync).WithName("applySilences").WithSummary("Applies all silences at once; those that are missing are removed.").Acts();
    }

    private static Results<NoContent, ValidationProblem> Validate(RulesBody body, ControlDesk desk) =>
        desk.Validate(body.Rules) is { Count: > 0 } errors ? ActingApi.Invalid(errors) : TypedResults.NoContent();

    private static async Task<IResult> ApplyRulesAsync(RulesBody body, ControlDesk desk, SiteStatusProvider sites, CancellationToken cancel) =>
        ActingApi.Check(new Parameters(), body.By, null) ?? ActingApi.Answer(await desk.ApplyAsync(body.Rules, body.EffectiveFrom ?? sites.EarliestDecided(), ActingApi.By(body.By), cancel), "rules", "", "");

    private static async Task<IResult> ApplySilencesAsync(SilencesBody body, ControlDesk desk, SiteStatusProvider sites, CancellationToken cancel) =>
        ActingApi.Check(new Parameters(), body.By, null) ?? ActingApi.Answer(await desk.ApplyAsync(body.Silences, sites.EarliestDecided(), ActingApi.By(body.By), cancel), "silences", "", "");
}
