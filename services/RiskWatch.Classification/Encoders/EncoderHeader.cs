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

    /// <summary>Labelled texts to find neighbours among. Their vectors follow the weights, a byte for each dimension.</summary>
    public required IReadOnlyList<NeighbourSet> Neighbours { get; init; }
}

/// <summary>Labelled texts of one head, without the texts.</summary>
/// <param name="Head">The head's name.</param>
/// <param name="Labels">Index of each one's label.</param>
internal sealed record NeighbourSet(string Head, IReadOnlyList<int> Labels);

/// <summary>Second heads as trained.</summary>
/// <param name="Header">Header.</param>
/// <param name="Weights">One array per output, in the header's order.</param>
/// <param name="Neighbours">One array per set of neighbours, in the header's order, a vector after the other.</param>
internal sealed record EncoderHeads(EncoderHeader Header, IReadOnlyList<float[]> Weights, IReadOnlyList<sbyte[]> Neighbours);

/// <summary>JSON of the header.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EncoderHeader))]
internal sealed partial class EncoderJson : JsonSerializerContext;
