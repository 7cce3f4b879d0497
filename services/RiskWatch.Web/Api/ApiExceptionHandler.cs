using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;

namespace RiskWatch.Web.Api;

/// <summary>Turns what goes wrong under <c>/api</c> into problem details: what to correct, or when to try again; never a stack trace.</summary>
internal sealed class ApiExceptionHandler(ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!httpContext.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            return false;
        }

        var problem = exception switch
        {
            BadHttpRequestException bad => Problems.Of(bad.StatusCode, "The request cannot be read.", Words(bad)),
            TransientStoreException => Problems.Of(StatusCodes.Status503ServiceUnavailable, "The store cannot answer.", "The store is busy or cannot be reached; try again."),
            TransientLogException => Problems.Of(StatusCodes.Status503ServiceUnavailable, "The event log cannot be reached.", "The event log is busy or cannot be reached; nothing was done. Try again."),
            _ => Problems.Of(StatusCodes.Status500InternalServerError, "An error of ours.", "The error is in the server's log under this request's path and time."),
        };
        if (problem.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            logger.RequestFailed(httpContext.Request.Path, exception);
        }

        if (problem.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "5";
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    // The innermost message names the JSON path that is wrong.
    private static string Words(BadHttpRequestException bad) => bad.InnerException is System.Text.Json.JsonException json
        ? json.Message
        : bad.Message;
}
