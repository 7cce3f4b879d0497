using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RiskWatch.Web.Api;

/// <summary>Refuses query parameters that an endpoint does not know: a misspelt filter must not silently match everything.</summary>
internal static class KnownParametersFilter
{
    public static RouteGroupBuilder RefuseUnknownParameters(this RouteGroupBuilder group) => group.AddEndpointFilterFactory((context, next) =>
    {
        var known = context.MethodInfo.GetParameters()
            .SelectMany(p => p.GetCustomAttribute<AsParametersAttribute>() is null ? [p.Name ?? ""] : p.ParameterType.GetProperties().Select(q => q.Name))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return invocation => invocation.HttpContext.Request.Query.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown
            ? ValueTask.FromResult<object?>(TypedResults.ValidationProblem(
                new Dictionary<string, string[]> { [unknown] = [$"There is no parameter '{unknown}' here."] }, title: "A parameter is not known."))
            : next(invocation);
    });
}
