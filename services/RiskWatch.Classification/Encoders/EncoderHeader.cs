using System.Text.Json.Serialization;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Encoders;

/// <summary>What a file of second heads says of itself, ahead of its weights.</summary>
internal sealed record EncoderHeader
{
    /// <summary>Version of the fast model whose scores the heads read.</summary>
    public required string FastVersion { get; init; }

    /// <summary>One entry per language.</summary>
    public required IReadOnlyList<EncoderFamilyHeader> Families { get; init; }
}

/// <summary>The second heads of one language.</summary>
internal sealed record EncoderFamilyHeader
{
    /// <summary>BCP 47.</summary>
    public required string Language { get; init; }

    /// <summary>Hash of the encoder whose vectors the heads read.</summary>
    public required string Encoder { get; init; }

    /// <summary>Length of a vector.</summary>
    public required int Dimensions { get; init; }

    /// <summary>The heads. Their weights follow the header: per output one for each dimension, then one for each fast output of the same head.</summary>
    public required IReadOnlyList<HeadHeader> Heads { get; init; }
}

/// <summary>JSON of the header.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EncoderHeader))]
internal sealed partial class EncoderJson : JsonSerializerContext;
