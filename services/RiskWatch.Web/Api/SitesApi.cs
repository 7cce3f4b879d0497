using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Api;

/// <summary>A topic with its names.</summary>
/// <param name="Id">Id.</param>
/// <param name="Names">Names.</param>
/// <param name="Parent">Topic above it, else null.</param>
internal sealed record TopicView(string Id, BilingualText Names, string? Parent);

/// <summary>A place with its names.</summary>
/// <param name="Code">Gazetteer code.</param>
/// <param name="Names">Names.</param>
/// <param name="Parent">Code of the place above it, null for a root.</param>
internal sealed record PlaceView(string Code, BilingualText Names, string? Parent);

/// <summary>Parameters of <c>GET /api/places</c>.</summary>
internal sealed record PlaceParameters(
    [property: Description("Site id: only places within it.")] string? Site,
    [property: Description("Gazetteer code: only the places directly below it.")] string? Parent,
    [property: Description("Part of a name or code.")] string? Text,
    [property: Description("At most this many, 1 to 5,000. Default 500.")] string? Limit);

/// <summary>The sites, and the words for their topics and places.</summary>
internal static class SitesApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("sites");
        group.MapGet("/sites", Sites).WithName("listSites").WithSummary("The sites that are watched.");
        group.MapGet("/topics", Topics).WithName("listTopics").WithSummary("Topics of a site, parents before children.").ProducesValidationProblem();
        group.MapGet("/places", Places).WithName("listPlaces").WithSummary("Places, parents before children.").ProducesValidationProblem();
    }

    private static Ok<IReadOnlyList<Site>> Sites(SiteStatusProvider sites) => TypedResults.Ok(sites.Sites());

    private static Results<Ok<IReadOnlyList<TopicView>>, ValidationProblem> Topics([Description("Site id; required.")] string? site, SiteStatusProvider sites, ITaxonomy taxonomy)
    {
        var parameters = new Parameters();
        var found = TrendsApi.SiteOf(site, sites, parameters);
        return parameters.Problem() is { } problem
            ? problem
            : TypedResults.Ok<IReadOnlyList<TopicView>>([.. taxonomy.Topics(found).Select(t => new TopicView(t, taxonomy.Names(found, t), taxonomy.Parent(found, t)))]);
    }

    private static Results<Ok<IReadOnlyList<PlaceView>>, ValidationProblem> Places([AsParameters] PlaceParameters given, SiteStatusProvider sites, IGazetteer gazetteer)
    {
        var parameters = new Parameters();
        var root = string.IsNullOrEmpty(given.Site) ? null : TrendsApi.SiteOf(given.Site, sites, parameters)?.GazetteerRoot;
        var text = parameters.Text("text", given.Text);
        var limit = parameters.Number("limit", given.Limit, 500, 1, 5_000);
        if (parameters.Problem() is { } problem)
        {
            return problem;
        }

        return TypedResults.Ok<IReadOnlyList<PlaceView>>([.. gazetteer.Codes
            .Where(code => given.Parent is null || gazetteer.Parent(code) == given.Parent)
            .Where(code => root is null || gazetteer.WithAncestors(code).Contains(root))
            .Select(code => new PlaceView(code, gazetteer.Names(code), gazetteer.Parent(code)))
            .Where(place => text is null || Matches(place, text))
            .Take(limit)]);
    }

    private static bool Matches(PlaceView place, string text) =>
        place.Code.Contains(text, StringComparison.OrdinalIgnoreCase)
        || place.Names.En.Contains(text, StringComparison.OrdinalIgnoreCase)
        || place.Names.Zh.Contains(text, StringComparison.Ordinal);
}
