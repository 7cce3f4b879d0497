using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskWatch.Contracts;

/// <summary>The one JSON form of all contracts: camelCase, enums as strings, nulls left out, required members and nullability enforced.</summary>
/// <remarks>A property with a default of its own has <c>set</c>, not <c>init</c>: the generated reader overwrites left-out init-only properties.</remarks>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(Record))]
[JsonSerializable(typeof(Mark))]
[JsonSerializable(typeof(Correction))]
[JsonSerializable(typeof(Assessment))]
[JsonSerializable(typeof(ScoredRecord))]
[JsonSerializable(typeof(Revision))]
[JsonSerializable(typeof(Tally))]
[JsonSerializable(typeof(Clock))]
[JsonSerializable(typeof(HistoryHour))]
[JsonSerializable(typeof(Signal))]
[JsonSerializable(typeof(TickReport))]
[JsonSerializable(typeof(SiteTick))]
[JsonSerializable(typeof(AlertAction))]
[JsonSerializable(typeof(Alert))]
[JsonSerializable(typeof(ControlEntry))]
[JsonSerializable(typeof(Rule))]
[JsonSerializable(typeof(Site))]
[JsonSerializable(typeof(Silence))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(NotificationEntry))]
[JsonSerializable(typeof(JobRun))]
[JsonSerializable(typeof(DeadLetter))]
[JsonSerializable(typeof(DeadLetterResolution))]
[JsonSerializable(typeof(SourceStatus))]
[JsonSerializable(typeof(SiteStatus))]
public sealed partial class ContractsJson : JsonSerializerContext
{
}

/// <summary>Writes an enum's members in camelCase.</summary>
public sealed class CamelCaseEnumConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where TEnum : struct, Enum;
