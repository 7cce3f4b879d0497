using System.Text.Json;
using System.Text.Json.Serialization;
using RiskWatch.Alerting.Warning;
using RiskWatch.Contracts;

namespace RiskWatch.Alerting;

/// <summary>JSON form of alerting's own state, in the contracts' manner.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<Tally>))]
[JsonSerializable(typeof(SiteState))]
[JsonSerializable(typeof(Episode))]
internal sealed partial class AlertingJson : JsonSerializerContext;
