using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using RiskWatch.Contracts;
using RiskWatch.Core.Forecasts;
using RiskWatch.Core.Store;
using RiskWatch.Web.Live;
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

/// <summary>Parameters of <c>GET /api/forecast</c>.</summary>
internal sealed record ForecastParameters(
    [property: Description("Site id; required.")] string? Site,
    [property: Description("Topic id; * (everything) by default.")] string? Topic,
    [property: Description("Gazetteer code; the whole site by default.")] string? Place,
    [property: Description("Term of an emergent series, in place of a topic.")] string? Term,
    [property: Description("As of this time; ISO 8601; by default what the site has decided.")] string? At,
    [property: Description("How many hours, 1 to 72; 24 by default.")] int? Hours);

/// <summary>Observed against expected by hour.</summary>
internal static class TrendsApi
{
    private static readonly TimeSpan LongestRange = TimeSpan.FromDays(400);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/trends", TrendAsync).WithName("getTrend").WithTags("trends").WithSummary("Closed hours of one series, oldest first.").ProducesValidationProblem();
        api.MapGet("/forecast", ForecastAsync).WithName("getForecast").WithTags("trends").WithSummary("Coming hours of one series with 90 % intervals, withheld where the same hour a week before does as well.").ProducesValidationProblem();
    }

    private static async Task<Results<Ok<IReadOnlyList<HistoryHour>>, ValidationProblem>> TrendAsync(
        [AsParameters] TrendParameters given, SiteStatusProvider sites, IStore store, CancellationToken cancel)
    {
        var parameters = new Parameters();
        var site = SiteOf(given.Site, sites, parameters);
        var (from, until) = (parameters.Time("from", given.From), parameters.Time("until", given.Until));
        CheckRange(parameters, from, until);
        var series = Series(given.Topic, given.Term, given.Place, site, parameters);
        if (parameters.Problem() is { } problem || site is null || from is null || until is null)
        {
            return parameters.Problem()!;
        }

        return TypedResults.Ok(await store.TrendAsync(series!, from.Value, until.Value, cancel));
    }

    private static async Task<Results<Ok<SeriesForecast>, ValidationProblem>> ForecastAsync(
        [AsParameters] ForecastParameters given, SiteStatusProvider sites, IStore store, ForecastReader reader, CancellationToken cancel)
    {
        var parameters = new Parameters();
        var site = SiteOf(given.Site, sites, parameters);
        var at = parameters.Time("at", given.At);
        var hours = given.Hours ?? 24;
        if (hours is < 1 or > IForecaster.MostHours)
        {
            parameters.Refuse("hours", $"'hours' must be from 1 to {IForecaster.MostHours}.");
        }

        var series = Series(given.Topic, given.Term, given.Place, site, parameters);
        return parameters.Problem() is { } problem ? problem : TypedResults.Ok(await reader.ReadAsync(series!, site!, at, hours, cancel));
    }

    private static SeriesId? Series(string? givenTopic, string? givenTerm, string? givenPlace, Site? site, Parameters parameters)
    {
        var term = parameters.Text("term", givenTerm);
        var topic = parameters.Text("topic", givenTopic);
        var place = parameters.Text("place", givenPlace);
        if (term is not null && topic is not null)
        {
            parameters.Refuse("term", "Give 'topic' or 'term', not both.");
        }

        return site is null ? null : new SeriesId(site.Id, term is null ? topic ?? "*" : null, place ?? site.GazetteerRoot, term);
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
