using System.Text.Encodings.Web;
using System.Text.Json;
using RiskWatch.Web.Api;

namespace RiskWatch.Web.Acting;

/// <summary>Rules and silences as people edit them: a JSON array in the form of the API.</summary>
internal static class ControlJson
{
    private static readonly JsonSerializerOptions Options = Make();

    /// <summary>The text to edit.</summary>
    public static string Of<T>(IEnumerable<T> items) => JsonSerializer.Serialize(items.ToArray(), Options);

    /// <summary>Reads the edited text; <paramref name="error"/> says where it cannot be read.</summary>
    public static IReadOnlyList<T>? Read<T>(string json, out KeyValuePair<string, string> error)
    {
        error = default;
        try
        {
            return JsonSerializer.Deserialize<T[]>(json, Options) ?? [];
        }
        catch (JsonException e)
        {
            error = new(e.Path ?? "$", e.Message);
            return null;
        }
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true };
        ApiEndpoints.Configure(options);
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
