using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Models;
using RiskWatch.Contracts;

namespace RiskWatch.Classification;

/// <summary>The cascade as <see cref="Classifier"/> asks for it: the compiled fast heads for every record, the encoder for those that ask for it most.</summary>
/// <param name="model">Fast heads.</param>
/// <param name="encoder">Encoder stage, null where there is none.</param>
/// <param name="from">Priority (<see cref="Cascade"/>) from which on a record is encoded; 0: every record.</param>
/// <param name="budget">What the encoder may take of the processor.</param>
/// <param name="count">Told how each record fared that asked for the encoder.</param>
internal sealed class ModelScorer(FastModel model, EncoderModel? encoder, double from, EncoderBudget budget, Action<EncoderOutcome>? count = null) : IScorer
{
    private const string Unknown = "und";

    /// <summary>The fast stage alone.</summary>
    public ModelScorer(FastModel model)
        : this(model, null, 1, EncoderBudget.Unlimited)
    {
    }

    /// <inheritdoc/>
    public string Version { get; } = encoder is null ? model.Version : $"{model.Version}+{encoder.Version}";

    /// <inheritdoc/>
    public Reading Read(string text, string? claimed, double prior, RecordKind kind)
    {
        // What the text shows counts more than what its source claims of it.
        var language = LanguageIdentifier.Identify(text);
        language = language == Unknown && claimed is { Length: > 0 } ? claimed : language;
        model.Score(text, language, out var scores);
        float[]? vector = null;
        var outcome = encoder is not null && Cascade.Priority(scores, scores.FalseProbability(prior), kind) >= from
            ? encoder.Score(text, language, budget, ref scores, out vector) : EncoderOutcome.None;
        if (outcome != EncoderOutcome.None)
        {
            count?.Invoke(outcome);
        }

        return new Reading(language, model.Credibility(scores, prior), Mood(scores), Department(scores), scores.Relevance)
        {
            Stage = outcome is EncoderOutcome.Encoded or EncoderOutcome.Cached ? ClassificationStageKind.Encoder : ClassificationStageKind.Fast,
            Shed = outcome == EncoderOutcome.Shed,
            Vector = vector,
        };
    }

    /// <inheritdoc/>
    public float[]? Encode(string text, string language) => encoder?.Encode(text, language);

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
