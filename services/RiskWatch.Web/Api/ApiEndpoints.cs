using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RiskWatch.Contracts;

namespace RiskWatch.Web.Api;

/// <summary>The REST API under <c>/api</c>, described at <c>/openapi/v1.json</c>.</summary>
internal static class ApiEndpoints
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o => Configure(o.SerializerOptions));
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddProblemDetails();
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddOpenApi("v1", ApiDocument.Configure);
        return services;
    }

    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi("/openapi/{documentName}.json");
        var api = endpoints.MapGroup("/api").RefuseUnknownParameters().DisableAntiforgery();
        AlertsApi.Map(api);
        RecordsApi.Map(api);
        PushApi.Map(api);
        TrendsApi.Map(api);
        SitesApi.Map(api);
        StatusApi.Map(api);
        ActingApi.Map(api);
        ControlApi.Map(api);
        MissesApi.Map(api);
        BlockedTermsApi.Map(api);
    }

    /// <summary>The one call of a process that runs ingestion and no console.</summary>
    public static void MapPush(this IEndpointRouteBuilder endpoints) => PushApi.Map(endpoints.MapGroup("/api").RefuseUnknownParameters().DisableAntiforgery());

    /// <summary>The form of <see cref="ContractsJson"/> for everything the API says, its own views included.</summary>
    internal static void Configure(JsonSerializerOptions options)
    {
        options.TypeInfoResolver = JsonTypeInfoResolver.Combine(ContractsJson.Default, new DefaultJsonTypeInfoResolver());
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        // A converter that is registered wins over the one that an enum names itself, so those are left out.
        options.Converters.Add(new JsonStringEnumConverter<AlertLevel>(allowIntegerValues: false));
    }
}
