using Microsoft.AspNetCore.OpenApi;

namespace RiskWatch.Web.Api;

/// <summary>What the OpenAPI document says of itself.</summary>
internal static class ApiDocument
{
    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) ?? false;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "RiskWatch";
            document.Info.Version = "v1";
            document.Info.Description = "Early warnings from what the public says: topics and places, never persons. No query returns what one author wrote.";
            // The address depends on who serves it; clients have it already.
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
    }
}
