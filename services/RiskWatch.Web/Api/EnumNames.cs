using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RiskWatch.Contracts;

namespace RiskWatch.Web.Api;

/// <summary>The names that an enum's members have in JSON, for parameters: one spelling in bodies and in queries.</summary>
internal static class EnumNames<TEnum>
    where TEnum : struct, Enum
{
    private static readonly Dictionary<string, TEnum> ByName = Enum.GetValues<TEnum>().ToDictionary(Of, StringComparer.OrdinalIgnoreCase);

    /// <summary>All names, for error messages.</summary>
    public static string All { get; } = string.Join(", ", ByName.Keys);

    /// <summary>The member's name in JSON.</summary>
    public static string Of(TEnum value)
    {
        var type = (JsonTypeInfo<TEnum>?)ContractsJson.Default.GetTypeInfo(typeof(TEnum));
        return type is null ? JsonNamingPolicy.CamelCase.ConvertName(value.ToString()) : JsonSerializer.SerializeToElement(value, type).GetString() ?? value.ToString();
    }

    /// <summary>The member of that name, in whatever case.</summary>
    public static bool TryParse(string name, out TEnum value) => ByName.TryGetValue(name, out value);
}
