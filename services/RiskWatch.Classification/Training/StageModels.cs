using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>The models of both stages, as they are measured.</summary>
internal sealed record StageModels(FastModel Fast, EncoderModel? Encoder)
{
    /// <summary>The fast heads with the weights that training gave, not rounded to bytes; null where only a model file is at hand.</summary>
    public FastModel? Unrounded { get; init; }

    /// <summary>How texts are scored: by the fast heads, or with each text encoded where there is an encoder for its language.</summary>
    public Func<string, string, FastScores> Scores(bool encoded) => (text, language) =>
    {
        Fast.Score(text, language, out var scores);
        if (encoded)
        {
            Encoder?.Score(text, language, EncoderBudget.Unlimited, ref scores);
        }

        return scores;
    };
}
