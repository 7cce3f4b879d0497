using RiskWatch.Contracts;

namespace RiskWatch.Classification;

/// <summary>What the heads say of a text.</summary>
/// <param name="Language">BCP 47, <c>und</c> where unknown.</param>
/// <param name="Credibility">At the site's base rate.</param>
/// <param name="Sentiment">Mood.</param>
/// <param name="Department">Null where no head fits.</param>
/// <param name="Relevance">0–1.</param>
internal sealed record Reading(string Language, Credibility Credibility, SentimentAssessment Sentiment, DepartmentAssessment? Department, double Relevance)
{
    /// <summary>Stage that decided.</summary>
    public ClassificationStageKind Stage { get; init; }

    /// <summary>Whether load made the encoder be skipped.</summary>
    public bool Shed { get; init; }

    /// <summary>The encoder's vector of the text, null where it did not read it.</summary>
    public float[]? Vector { get; init; }
}

/// <summary>The model's heads, as <see cref="Classifier"/> needs them. Thread-safe, never throws for any text.</summary>
internal interface IScorer
{
    /// <summary>Version of the model.</summary>
    string Version { get; }

    /// <summary>Reads a normalised text of a record of a kind. <paramref name="claimed"/>: the language that the source names, or null.</summary>
    Reading Read(string text, string? claimed, double prior, RecordKind kind);

    /// <summary>The encoder's vector of a text; null where there is none for the language.</summary>
    float[]? Encode(string text, string language);

    /// <summary>Band of a false probability.</summary>
    CredibilityBand Band(double falseProbability);
}
