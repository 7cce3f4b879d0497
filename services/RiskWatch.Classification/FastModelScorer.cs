using RiskWatch.Classification.Models;
using RiskWatch.Contracts;

namespace RiskWatch.Classification;

/// <summary>The compiled fast heads as <see cref="Classifier"/> asks for them.</summary>
internal sealed class FastModelScorer(FastModel model) : IFastScorer
{
    private const string Unknown = "und";

    /// <inheritdoc/>
    public string Version => model.Version;

    /// <inheritdoc/>
    public FastReading Read(string text, string? claimed, double prior)
    {
        // What the text shows counts more than what its source claims of it.
        var language = LanguageIdentifier.Identify(text);
        language = language == Unknown && claimed is { Length: > 0 } ? claimed : language;
        model.Score(text, language, out var scores);
        return new FastReading(language, model.Credibility(scores, prior), Mood(scores), Department(scores), scores.Relevance);
    }

    /// <inheritdoc/>
    public CredibilityBand Band(double falseProbability) => model.Band(falseProbability);

    private static SentimentAssessment Mood(in FastScores scores)
    {
        var (negative, neutral, positive) = (scores.Negative, scores.Neutral, scores.Positive);
        var label = negative > neutral && negative >= positive ? Sentiment.Negative : positive > neutral ? Sentiment.Positive : Sentiment.Neutral;
        return new SentimentAssessment(label, positive - negative, new SentimentProbabilities(negative, neutral, positive));
    }

    private DepartmentAssessment? Department(in FastScores scores) =>
        scores.Scored && scores.Department >= 0 ? new DepartmentAssessment(model.Departments[scores.Department], scores.DepartmentProbability) : null;
}
