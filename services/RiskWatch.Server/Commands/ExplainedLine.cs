using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RiskWatch.Core.Text;

namespace RiskWatch.Server.Commands;

/// <summary>An assessment's line with an <c>explanation</c>: <c>false</c> and <c>negative</c>, each a list of <c>start</c>, <c>length</c>, <c>text</c>, <c>weight</c>, strongest first; <c>falseNeighbours</c> and <c>moodNeighbours</c>, each a list of <c>label</c>, <c>similarity</c>, where the encoder decided.</summary>
internal static class ExplainedLine
{
    private static readonly ExplanationJson Readable = new(new JsonSerializerOptions(ExplanationJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The line of an assessment, as one JSON object.</summary>
    public static string Of(string assessment, Explanation explanation) =>
        $"{assessment[..^1]},\"explanation\":{JsonSerializer.Serialize(explanation, Readable.Explanation)}}}";
}

/// <summary>JSON of explanations.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Explanation))]
internal sealed partial class ExplanationJson : JsonSerializerContext;
