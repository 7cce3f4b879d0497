using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Web.Live;

namespace RiskWatch.Web.Api;

/// <summary>Body of an acknowledgement.</summary>
/// <param name="By">Who; at most 60 characters. Default <c>api</c>.</param>
internal sealed record AcknowledgeBody(string? By = null);

/// <summary>Body of a closing.</summary>
/// <param name="Verdict">What staff say.</param>
/// <param name="Onset">When it really began, where staff know.</param>
/// <param name="Note">Free words; at most 2,000 characters.</param>
/// <param name="By">Who; at most 60 characters. Default <c>api</c>.</param>
internal sealed record CloseBody(Verdict Verdict, DateTimeOffset? Onset = null, string? Note = null, string? By = null);

/// <summary>Body of a correction; at least one label.</summary>
/// <param name="FalseInformation">True: it is false; false: it is credible; null: unchanged.</param>
/// <param name="Sentiment">New mood; null: unchanged.</param>
/// <param name="By">Who; at most 60 characters. Default <c>api</c>.</param>
internal sealed record CorrectionBody(bool? FalseInformation = null, Sentiment? Sentiment = null, string? By = null);

/// <summary>Body of a decision on a dead letter.</summary>
/// <param name="By">Who; at most 60 characters. Default <c>api</c>.</param>
internal sealed record DecisionBody(string? By = null);

/// <summary>An act was recorded; it takes effect with the next tick.</summary>
/// <param name="Changes">Objects changed.</param>
internal sealed record ActedView(int Changes);

/// <summary>What people do with alerts, records and dead letters. A repeat with the same <c>Idempotency-Key</c> has no further effect.</summary>
internal static class ActingApi
{
    private const int LongestKey = 64;
    private const int MostLetters = 1_000;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/alerts/{id}/acknowledge", AcknowledgeAsync).WithName("acknowledgeAlert").WithTags("alerts").WithSummary("Somebody looks after it.").Acts();
        api.MapPost("/alerts/{id}/close", CloseAsync).WithName("closeAlert").WithTags("alerts").WithSummary("Closes it with a verdict.").Acts();
        api.MapPost("/records/{source}/{id}/correction", CorrectAsync).WithName("correctRecord").WithTags("records").WithSummary("Corrects a record's labels. Ids with a slash must be escaped (%2F).").Acts();
        api.MapGet("/deadletters", ListAsync).WithName("listDeadLetters").WithTags("deadletters").WithSummary("Dead letters that nobody has dealt with, newest first, at most 1,000, without their bytes.");
        api.MapPost("/deadletters/{id}/retry", RetryAsync).WithName("retryDeadLetter").WithTags("deadletters").WithSummary("Handles it again, as received now.").Acts();
        api.MapPost("/deadletters/{id}/drop", DropAsync).WithName("dropDeadLetter").WithTags("deadletters").WithSummary("Lets it go.").Acts();
    }

    private static async Task<IResult> AcknowledgeAsync(string id, [FromBody] AcknowledgeBody? body, [FromHeader(Name = "Idempotency-Key")] string? key, AlertDesk desk, AlertReader alerts, CancellationToken cancel)
    {
        return Check(new Parameters(), body?.By, key) ?? Answer(await desk.AcknowledgeAsync(id, By(body?.By), key, await alerts.GetAsync(id, cancel), cancel), "id", $"There is no alert '{id}'.", $"Alert '{id}' is withdrawn; the action is recorded and changes nothing.");
    }

    private static async Task<IResult> CloseAsync(string id, CloseBody body, [FromHeader(Name = "Idempotency-Key")] string? key, AlertDesk desk, AlertReader alerts, CancellationToken cancel) =>
        Check(new Parameters(), body.By, key) ?? Answer(
            await desk.CloseAsync(id, new Closing(body.Verdict, body.Onset, body.Note), By(body.By), key, await alerts.GetAsync(id, cancel), cancel), "id", $"There is no alert '{id}'.", $"Alert '{id}' is withdrawn; the action is recorded and changes nothing.");

    private static async Task<IResult> CorrectAsync(string source, string id, CorrectionBody body, [FromHeader(Name = "Idempotency-Key")] string? key, RecordDesk desk, CancellationToken cancel)
    {
        var whole = RecordsApi.Whole(id);
        return Check(new Parameters(), body.By, key) ?? Answer(
            await desk.CorrectAsync(source, whole, body.FalseInformation, body.Sentiment, By(body.By), key, cancel), "id", $"There is no record '{whole}' of source '{source}'.", "");
    }

    private static async Task<Ok<IReadOnlyList<DeadLetterView>>> ListAsync(DeadLetterDesk desk, CancellationToken cancel) =>
        TypedResults.Ok<IReadOnlyList<DeadLetterView>>([.. (await desk.ListAsync(MostLetters, cancel)).Select(DeadLetterView.Of)]);

    private static async Task<IResult> RetryAsync(string id, [FromBody] DecisionBody? body, DeadLetterDesk desk, CancellationToken cancel) =>
        Check(new Parameters(), body?.By, null) ?? Answer(await desk.RetryAsync(id, By(body?.By), cancel), "id", $"There is no dead letter '{id}'.", $"Somebody has dealt with dead letter '{id}' already.");

    private static async Task<IResult> DropAsync(string id, [FromBody] DecisionBody? body, DeadLetterDesk desk, CancellationToken cancel) =>
        Check(new Parameters(), body?.By, null) ?? Answer(await desk.DropAsync(id, By(body?.By), cancel), "id", $"There is no dead letter '{id}'.", $"Somebody has dealt with dead letter '{id}' already.");

    internal static string By(string? by) => string.IsNullOrWhiteSpace(by) ? "api" : Actor.Of(by);

    internal static IResult? Check(Parameters parameters, string? by, string? key)
    {
        if (by?.Length > Actor.Longest)
        {
            parameters.Refuse("by", $"'by' must have at most {Actor.Longest} characters.");
        }

        if (key?.Length > LongestKey)
        {
            parameters.Refuse("Idempotency-Key", $"'Idempotency-Key' must have at most {LongestKey} characters.");
        }

        return parameters.Problem();
    }

    internal static IResult Answer(Acted acted, string parameter, string missing, string late) => acted.Outcome switch
    {
        ActedOutcome.Done => TypedResults.Ok(new ActedView(acted.Changes)),
        ActedOutcome.NotFound => Problems.NotFound(parameter, missing),
        ActedOutcome.TooLate => Problems.Conflict(parameter, late),
        _ => Invalid(acted.Errors ?? []),
    };

    internal static ValidationProblem Invalid(IReadOnlyList<ActingError> errors) =>
        TypedResults.ValidationProblem(errors.GroupBy(e => e.Path).ToDictionary(g => g.Key, g => g.Select(e => e.Message).ToArray()), title: "It is not valid.");

    internal static RouteHandlerBuilder Acts(this RouteHandlerBuilder endpoint) => endpoint
        .Produces<ActedView>()
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}

/// <summary>A dead letter without its bytes.</summary>
/// <param name="Id">Id.</param>
/// <param name="Reason">Reason.</param>
/// <param name="Detail">What, where and what to do.</param>
/// <param name="Stage">Stage that gave up.</param>
/// <param name="Origin">Origin.</param>
/// <param name="At">When.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Sha256">SHA-256 of the whole.</param>
/// <param name="Mapping">Mapping it was read with.</param>
/// <param name="Site">Site that was to take it.</param>
internal sealed record DeadLetterView(
    string Id, DeadLetterReason Reason, [property: Description("Never text of the record.")] string Detail, string Stage, DeadLetterOrigin Origin, DateTimeOffset At, long Length, string Sha256, string? Mapping, string? Site)
{
    public static DeadLetterView Of(DeadLetter letter) => new(letter.Id, letter.Reason, letter.Detail, letter.Stage, letter.Origin, letter.At, letter.Length, letter.Sha256, letter.Mapping, letter.Site);
}
