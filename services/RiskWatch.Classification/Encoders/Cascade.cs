using RiskWatch.Classification.Models;
using RiskWatch.Contracts;

namespace RiskWatch.Classification.Encoders;

/// <summary>How much a record asks for the encoder, 0–1: a function of the record alone. A suspected rumour comes first, then doubt of credibility, then doubt of mood where the text concerns the public.</summary>
internal static class Cascade
{
    /// <summary>The most that doubt of mood counts.</summary>
    private const double MostOfMood = 0.5;

    /// <summary>Priority of a record; <paramref name="falseProbability"/>: what the fast stage says at the site's base rate.</summary>
    public static double Priority(in FastScores scores, double falseProbability, RecordKind kind)
    {
        var mood = MostOfMood * scores.Relevance * MoodDoubt(scores);
        // A hotline record is never discounted (DESIGN §4), so its credibility decides nothing.
        return !scores.Scored ? 0 : kind == RecordKind.Hotline ? mood : Math.Max(Suspicion(falseProbability), mood);
    }

    /// <summary>Grows with the probability up to one half; beyond it stays in the upper third, least where probability is neither even nor certain.</summary>
    private static double Suspicion(double probability) => Math.Max(1 - Math.Abs((2 * probability) - 1), probability);

    private static double MoodDoubt(in FastScores scores)
    {
        var most = MathF.Max(scores.Negative, MathF.Max(scores.Neutral, scores.Positive));
        var least = MathF.Min(scores.Negative, MathF.Min(scores.Neutral, scores.Positive));
        return 1 - (most - (scores.Negative + scores.Neutral + scores.Positive - most - least));
    }
}
