using RiskWatch.Contracts;

namespace RiskWatch.Classification;

/// <summary>What the fast heads say of a text.</summary>
/// <param name="Language">BCP 47, <c>und</c> where unknown.</param>
/// <param name="Credibility">At the site's base rate.</param>
/// <param name="Sentiment">Mood.</param>
/// <param name="Department">Null where no head fits.</param>
/// <param name="Relevance">0–1.</param>
internal sealed record FastReading(string Language, Credibility Credibility, SentimentAssessment Sentiment, DepartmentAssessment? Department, double Relevance);

/// <summary>The fast stage's heads, as <see cref="Classifier"/> needs them. Thread-safe, never throws for any text.</summary>
internal interface IFastScorer
{
    /// <summary>Version of the model.</summary>
    string Version { get; }

    /// <summary>Reads a normalised text. <paramref name="claimed"/>: the language that the source names, or null.</summary>
    FastReading Read(string text, string? claimed, double prior);

    /// <summary>Band of a false probability.</summary>
    CredibilityBand Band(double falseProbability);
}
