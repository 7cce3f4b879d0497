using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>The parts of the server's answers that are read.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(InfoAnswer))]
[JsonSerializable(typeof(BulkAnswer))]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(MultiGetAnswer))]
[JsonSerializable(typeof(PointInTimeAnswer))]
[JsonSerializable(typeof(CountAnswer))]
[JsonSerializable(typeof(TemplatesAnswer))]
[JsonSerializable(typeof(PolicyAnswer))]
[JsonSerializable(typeof(Dictionary<string, MappingAnswer>))]
[JsonSerializable(typeof(Dictionary<string, AliasAnswer>))]
internal sealed partial class ElasticJson : JsonSerializerContext;

internal sealed record ErrorAnswer(ErrorCause? Error);

internal sealed record ErrorCause(string? Type, string? Reason);

internal sealed record InfoAnswer(InfoVersion? Version);

internal sealed record InfoVersion(string? Number, string? Distribution);

internal sealed record BulkAnswer(bool Errors, IReadOnlyList<BulkItemAnswer>? Items);

internal sealed record BulkItemAnswer(BulkResult? Index, BulkResult? Delete)
{
    public BulkResult Result => Index ?? Delete ?? new BulkResult(0, null);
}

internal sealed record BulkResult(int Status, ErrorCause? Error);

internal sealed record SearchAnswer(bool TimedOut, HitsAnswer? Hits, string? PitId, AggregationsAnswer? Aggregations)
{
    [JsonPropertyName("_shards")]
    public ShardsAnswer? Shards { get; init; }
}

internal sealed record ShardsAnswer(int Failed);

internal sealed record HitsAnswer(IReadOnlyList<Hit>? Hits);

internal sealed record Hit
{
    [JsonPropertyName("_index")]
    public string Index { get; init; } = "";

    [JsonPropertyName("_id")]
    public string Id { get; init; } = "";

    [JsonPropertyName("_version")]
    public long? Version { get; init; }

    [JsonPropertyName("_source")]
    public JsonElement? Source { get; init; }

    public bool? Found { get; init; }

    public JsonElement? Sort { get; init; }
}

internal sealed record AggregationsAnswer(CompositeAnswer? Times);

internal sealed record CompositeAnswer(JsonElement? AfterKey, IReadOnlyList<CompositeBucket>? Buckets);

internal sealed record CompositeBucket(CompositeKey Key, long DocCount, FilterAnswer? Negative, FilterAnswer? LikelyFalse);

internal sealed record CompositeKey(long Start);

internal sealed record FilterAnswer(long DocCount);

internal sealed record MultiGetAnswer(IReadOnlyList<Hit>? Docs);

internal sealed record PointInTimeAnswer(string? Id, string? PitId);

internal sealed record CountAnswer(long Count);

internal sealed record TemplatesAnswer(IReadOnlyList<NamedTemplate>? IndexTemplates);

internal sealed record NamedTemplate(string Name, TemplateBody? IndexTemplate);

internal sealed record TemplateBody(long? Version)
{
    [JsonPropertyName("_meta")]
    public TemplateMeta? Meta { get; init; }
}

internal sealed record TemplateMeta(string? Hash, long? Riskwatch);

internal sealed record MappingAnswer(MappingBody? Mappings);

internal sealed record MappingBody
{
    [JsonPropertyName("_meta")]
    public TemplateMeta? Meta { get; init; }
}

internal sealed record AliasAnswer;

internal sealed record PolicyAnswer
{
    [JsonPropertyName("_seq_no")]
    public long? SequenceNumber { get; init; }

    [JsonPropertyName("_primary_term")]
    public long? PrimaryTerm { get; init; }
}
