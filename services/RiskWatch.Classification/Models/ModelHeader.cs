using System.Text.Json.Serialization;

namespace RiskWatch.Classification.Models;

/// <summary>What a model file says about itself, ahead of its weights.</summary>
internal sealed record ModelHeader
{
    /// <summary>Below this false probability the band is credible.</summary>
    public required double CredibleBelow { get; init; }

    /// <summary>From this false probability on the band is likely-false.</summary>
    public required double LikelyFalseFrom { get; init; }

    /// <summary>One entry per language.</summary>
    public required IReadOnlyList<FamilyHeader> Families { get; init; }
}

/// <summary>The heads of one language, which share a table.</summary>
internal sealed record FamilyHeader
{
    /// <summary>BCP 47.</summary>
    public required string Language { get; init; }

    /// <summary>The heads, in the order of their outputs.</summary>
    public required IReadOnlyList<HeadHeader> Heads { get; init; }

    /// <summary>What a stored weight of each output is multiplied by.</summary>
    public required IReadOnlyList<float> Scales { get; init; }
}

/// <summary>One head: its outputs and how they become probabilities.</summary>
internal sealed record HeadHeader
{
    /// <summary>One of <see cref="HeadNames"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Labels; a yes-or-no head has one output for its second label.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Bias per output.</summary>
    public required IReadOnlyList<float> Biases { get; init; }

    /// <summary>Calibration: logit = slope × score + intercept, per output.</summary>
    public required float Slope { get; init; }

    /// <summary>Calibration intercepts per output.</summary>
    public required IReadOnlyList<float> Intercepts { get; init; }

    /// <summary>Fingerprints of the texts it was trained on: sorted 32-bit numbers.</summary>
    public required byte[] Trained { get; init; }

    /// <summary>Rows it was trained on.</summary>
    public required int Rows { get; init; }

    /// <summary>Number of outputs.</summary>
    [JsonIgnore]
    public int Outputs => Biases.Count;
}

/// <summary>Names of heads.</summary>
internal static class HeadNames
{
    public const string FalseInformation = "falseInformation";
    public const string Sentiment = "sentiment";
    public const string Department = "department";
    public const string Relevance = "relevance";

    /// <summary>Whether a text is a review of something bought, which knows no neutral mood.</summary>
    public const string Review = "review";

    /// <summary>The mood of a review.</summary>
    public const string ReviewMood = "reviewMood";

    /// <summary>Whether a text is of the kind that the head for false information was trained on.</summary>
    public const string Claim = "claim";
}

/// <summary>JSON of the header.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelHeader))]
internal sealed partial class ModelJson : JsonSerializerContext;
