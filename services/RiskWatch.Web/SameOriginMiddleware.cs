using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RiskWatch.Web.Api;

namespace RiskWatch.Web;

/// <summary>There is no log-in yet, so a page of another site must not act through the browser of somebody who can reach the console: whatever changes something and names another origin is refused.</summary>
internal sealed class SameOriginMiddleware(RequestDelegate next, ILogger<SameOriginMiddleware> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return next(context);
        }

        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)))
        {
            return next(context);
        }

        logger.ForeignOrigin(origin);
        return Problems.Of(StatusCodes.Status403Forbidden, "Not from this origin.", "Requests that change something are taken from this console's own origin only.", "Origin").ExecuteAsync(context);
    }
}
