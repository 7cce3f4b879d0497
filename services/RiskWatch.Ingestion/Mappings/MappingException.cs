namespace RiskWatch.Ingestion.Mappings;

/// <summary>A mapping says something that cannot be; turned into a configuration error that names mapping and key.</summary>
internal sealed class MappingException(string key, string what) : Exception($"{key} {what}")
{
}
