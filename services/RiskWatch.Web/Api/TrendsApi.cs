using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Api;

/// <summary>Parameters of <c>GET /api/trends</c>.</summary>
internal sealed record TrendParameters(
    [property: Description("Site id; required.")] string? Site,
    [property: Description("Topic id; * (everything) by default.")] string? Topic,
    [property: Description("Gazetteer code; the whole site by default.")] string? Place,
    [property: Description("Term of an emergent series, in place of a topic.")] string? Term,
    [property: Description("First hour; ISO 8601; required.")] string? From,
    [property: Description("Before this hour; ISO 8601; required. At most 400 days after 'from'.")] string? Until);

/// <summary>Observed against expected by hour.</summary>
internal static class TrendsApi
{
    private static readonly TimeSpan LongestRange = TimeSpan.FromDays(400);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/trends", TrendAsync).WithName("getTrend").WithTags("trends").WithSummary("Closed hours of one series, oldest first.").ProducesValidationProblem();
    }

    private static async Task<Results<Ok<IReadOnlyList<HistoryHour>>, ValidationProblem>> TrendAsync(
        [AsParameters] TrendParameters given, SiteStatusProvider sites, IStore store, CancellationToken cancel)
    {
        var parameters = new Parameters();
        var site = SiteOf(given.Site, sites, parameters);
        var (from, until) = (parameters.Time("from", given.From), parameters.Time("until", given.Until));
        CheckRange(parameters, from, until);
        var term = parameters.Text("term", given.Term);
        var topic = parameters.Text("topic", given.Topic);
        var place = parameters.Text("place", given.Place);
        if (term is not null && topic is not null)
        {
            parameters.Refuse("term", "Give 'topic' or 'term', not both.");
        }

        if (parameters.Problem() is { } problem || site is null || from is null || until is null)
        {
            return parameters.Problem()!;
        }

        var series = new SeriesId(site.Id, term is null ? topic ?? "*" : null, place ?? site.GazetteerRoot, term);
        return TypedResults.Ok(await store.TrendAsync(series, from.Value, until.Value, cancel));
    }

    private static void CheckRange(Parameters parameters, DateTimeOffset? from, DateTimeOffset? until)
    {
        parameters.Ordered(from, until);
        if (from is null)
        {
            parameters.Refuse("from", "'from' is required: an ISO 8601 time such as 2021-07-20T08:00:00Z.");
        }

        if (until is null)
        {
            parameters.Refuse("until", "'until' is required: an ISO 8601 time such as 2021-07-21T08:00:00Z.");
        }

        if (until - from > LongestRange)
        {
            parameters.Refuse("until", $"'until' must be at most {LongestRange.TotalDays:0} days after 'from'.");
        }
    }

    internal static Site? SiteOf(string? id, SiteStatusProvider sites, Parameters parameters)
    {
        var all = sites.Sites();
        var site = all.FirstOrDefault(s => s.Id == id);
        if (site is null)
        {
            parameters.Refuse("site", $"'site' must be one of {string.Join(", ", all.Select(s => s.Id))}.");
        }

        return site;
    }
}
