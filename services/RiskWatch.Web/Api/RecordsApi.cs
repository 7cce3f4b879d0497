using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.Web.Api;

/// <summary>Filters of records. There is none by author, and never will be (DESIGN).</summary>
internal sealed record RecordParameters(
    [property: Description("Words that must all occur; a quoted part is a phrase.")] string? Text,
    [property: Description("Site id.")] string? Site,
    [property: Description("Topic id.")] string? Topic,
    [property: Description("Gazetteer code; places within it match.")] string? Place,
    [property: Description("Source.")] string? Source,
    [property: Description("post or hotline.")] string? Kind,
    [property: Description("negative, neutral or positive.")] string? Sentiment,
    [property: Description("Credibility: credible, uncertain or likely-false.")] string? Band,
    [property: Description("Near-duplicate group.")] string? Group,
    [property: Description("Published at or after; ISO 8601.")] string? From,
    [property: Description("Published before; ISO 8601.")] string? Until,
    [property: Description("At most this many, 1 to 1,000. Default 50. Ignored by the histogram.")] string? Limit,
    [property: Description("Cursor of the page before. Ignored by the histogram.")] string? Cursor);

/// <summary>Searches records.</summary>
internal static class RecordsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/records").WithTags("records");
        group.MapGet("/", SearchAsync).WithName("searchRecords").WithSummary("Records, newest first.").ProducesValidationProblem();
        group.MapGet("/histogram", HistogramAsync).WithName("countRecords").WithSummary("Matching records per time bucket; empty buckets are left out.").ProducesValidationProblem();
        group.MapGet("/{source}/{id}", GetAsync).WithName("getRecord").WithSummary("One record with its assessment. Ids with a slash must be escaped (%2F).").ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal static RecordQuery Query(RecordParameters given, Parameters parameters)
    {
        var query = new RecordQuery
        {
            Text = parameters.Text("text", given.Text),
            Site = parameters.Text("site", given.Site),
            Topic = parameters.Text("topic", given.Topic),
            Place = parameters.Text("place", given.Place),
            Source = parameters.Text("source", given.Source),
            Kind = parameters.Member<RecordKind>("kind", given.Kind),
            Sentiment = parameters.Member<Sentiment>("sentiment", given.Sentiment),
            Band = parameters.Member<CredibilityBand>("band", given.Band),
            Group = parameters.Text("group", given.Group),
            From = parameters.Time("from", given.From),
            Until = parameters.Time("until", given.Until),
            Limit = parameters.Number("limit", given.Limit, 50, 1, 1_000),
            Cursor = parameters.Text("cursor", given.Cursor),
        };
        parameters.Ordered(query.From, query.Until);
        return query;
    }

    private static async Task<Results<Ok<Page<StoredRecord>>, ValidationProblem>> SearchAsync([AsParameters] RecordParameters given, IStore store, CancellationToken cancel)
    {
        var parameters = new Parameters();
        var query = Query(given, parameters);
        if (parameters.Problem() is { } problem)
        {
            return problem;
        }

        var page = await store.SearchRecordsAsync(query, cancel);
        return TypedResults.Ok(page with { Items = [.. page.Items.Select(WithoutAuthor)] });
    }

    private static async Task<Results<Ok<IReadOnlyList<HistogramBucket>>, ValidationProblem>> HistogramAsync(
        [AsParameters] RecordParameters given, [FromQuery, Description("Length of a bucket: 30m, 1h, 1d, … Default 1h.")] string? bucket, IStore store, CancellationToken cancel)
    {
        var parameters = new Parameters();
        var query = Query(given, parameters);
        var length = parameters.Span("bucket", bucket, TimeSpan.FromHours(1));
        return parameters.Problem() is { } problem ? problem : TypedResults.Ok(await store.HistogramAsync(query, length, cancel));
    }

    private static async Task<Results<Ok<StoredRecord>, ProblemHttpResult>> GetAsync(
        [Description("Source.")] string source, [Description("Id in the source.")] string id, IStore store, CancellationToken cancel) =>
        await store.GetRecordAsync(source, Whole(id), cancel) is { } record
            ? TypedResults.Ok(WithoutAuthor(record))
            : Problems.NotFound("id", $"There is no record '{Whole(id)}' of source '{source}'.");

    /// <summary>An id from a path: the router decodes everything but the slash.</summary>
    internal static string Whole(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    // The store holds no author (LOG §10.2); should one slip in, it does not leave by the API.
    private static StoredRecord WithoutAuthor(StoredRecord stored) =>
        stored.Record.Author is null ? stored : stored with { Record = stored.Record with { Author = null } };
}
