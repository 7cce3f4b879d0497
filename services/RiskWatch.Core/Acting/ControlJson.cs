using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using RiskWatch.Contracts;

namespace RiskWatch.Core.Acting;

/// <summary>Rules and silences as people edit them: a JSON array in the contracts' form. What is misspelt is refused, not ignored.</summary>
public static class ControlJson
{
    private static readonly JsonSerializerOptions Options = new(ContractsJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        TypeInfoResolver = JsonTypeInfoResolver.Combine(ContractsJson.Default, new DefaultJsonTypeInfoResolver()),
    };

    /// <summary>The text to edit.</summary>
    public static string Of<T>(IEnumerable<T> items) => JsonSerializer.Serialize(items.ToArray(), Options);

    /// <summary>Reads the edited text; null where it cannot be read, and then <paramref name="error"/> says where.</summary>
    public static IReadOnlyList<T>? Read<T>(string json, out ActingError? error)
        where T : class
    {
        error = null;
        try
        {
            var items = JsonSerializer.Deserialize<T?[]>(json, Options) ?? [];
            if (Array.FindIndex(items, item => item is null) is >= 0 and var missing)
            {
                error = new ActingError($"[{missing}]", "must not be null");
                return null;
            }

            return [.. items.OfType<T>()];
        }
        catch (JsonException e)
        {
            error = new ActingError(e.Path?.TrimStart('$') is { Length: > 0 } path ? path : "document", e.Message);
            return null;
        }
    }
}
