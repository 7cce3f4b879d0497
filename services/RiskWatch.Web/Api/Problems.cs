using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace RiskWatch.Web.Api;

/// <summary>Answers for what went wrong (RFC 9457), each naming the parameter.</summary>
internal static class Problems
{
    public static ProblemHttpResult NotFound(string parameter, string detail) => Of(StatusCodes.Status404NotFound, "Not found.", detail, parameter);

    public static ProblemHttpResult Conflict(string parameter, string detail) => Of(StatusCodes.Status409Conflict, "It is no longer possible.", detail, parameter);

    public static ProblemHttpResult Of(int status, string title, string detail, string? parameter = null) => TypedResults.Problem(
        detail,
        statusCode: status,
        title: title,
        extensions: parameter is null ? null : [new KeyValuePair<string, object?>("parameter", parameter)]);
}
