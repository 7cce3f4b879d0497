using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using RiskWatch.Core.Ingest;

namespace RiskWatch.Web.Api;

/// <summary>What became of a push: how many records were taken, and which lines were not.</summary>
/// <param name="Accepted">Records taken; they are durable.</param>
/// <param name="RefusedCount">Lines refused in all.</param>
/// <param name="Refused">The first 1,000 of them with line, reason and detail.</param>
/// <param name="NextLine">First line that was not handled, where the push stopped early.</param>
internal sealed record PushView(long Accepted, long RefusedCount, IReadOnlyList<PushRefusal> Refused, long? NextLine);

/// <summary>Takes records over HTTP.</summary>
internal static class PushApi
{
    private static readonly string[] LineTypes = ["application/x-ndjson", "application/ndjson", "application/jsonl"];
    private static readonly string[] MediaTypes = [.. LineTypes, "application/json", "text/plain"];

    public static void Map(RouteGroupBuilder api) => api.MapPost("/records", PushAsync)
        .WithName("pushRecords").WithTags("records")
        .WithSummary("Takes records as NDJSON, one record a line. Answers 200 where every line was taken, 207 where some were, 422 where none was; 413 and 429 with what was taken so far.")
        .AddOpenApiOperationTransformer(DescribeBody)
        .Produces<PushView>().Produces<PushView>(StatusCodes.Status207MultiStatus).Produces<PushView>(StatusCodes.Status422UnprocessableEntity)
        .Produces<PushView>(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .Produces<PushView>(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> PushAsync([Description("Source of records that name none.")] string? source, HttpContext http, IEnumerable<IPushReceiver> receivers, CancellationToken cancel)
    {
        if (receivers.FirstOrDefault() is not { } receiver)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "No records are taken here.", "This process does not run the role 'ingestion' ('riskwatch demo' only replays its own records). Push to one that does: 'riskwatch run' does unless --role leaves it out.");
        }

        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !MediaTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
        {
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "Not a media type that is read here.", $"'Content-Type' must be one of {string.Join(", ", MediaTypes)}.", "Content-Type");
        }

        // The receiver bounds lines and bodies and reports what it took; the server's own limit would cut it short without a word.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var result = await receiver.ReceiveAsync(http.Request.Body, new PushRequest(source, type.Charset.Value, LineTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)), cancel);
        if (result.RetryAfter is { } wait)
        {
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return TypedResults.Json(new PushView(result.Accepted, result.RefusedCount, result.Refused, result.NextLine), statusCode: StatusOf(result));
    }

    // Said here and not as metadata: routing would then answer 415 itself, and name no reason.
    private static Task DescribeBody(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Description = "One record of DESIGN §6 a line.",
            Required = true,
            Content = MediaTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } }),
        };
        return Task.CompletedTask;
    }

    private static int StatusOf(PushResult result) => result switch
    {
        { Stop: PushStop.TooLarge } => StatusCodes.Status413PayloadTooLarge,
        { Stop: PushStop.Busy } => StatusCodes.Status429TooManyRequests,
        { Accepted: 0, RefusedCount: > 0 } => StatusCodes.Status422UnprocessableEntity,
        { RefusedCount: > 0 } => StatusCodes.Status207MultiStatus,
        _ => StatusCodes.Status200OK,
    };
}
