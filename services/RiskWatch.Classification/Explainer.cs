using System.Globalization;
using RiskWatch.Classification.Models;
using RiskWatch.Contracts;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification;

/// <summary>
/// Explains the fast heads by leaving out: what a score loses without a character or word is that part's weight; neighbours that pull the same way are one part.
/// It needs to know nothing of features, so it stays true whatever these are. The encoder stage is explained by the labelled texts that lie nearest.
/// </summary>
internal sealed class Explainer(FastModel model, EncoderStage stages) : IExplainer
{
    /// <summary>Parts shown of each kind.</summary>
    public const int Most = 8;

    private const int MostTokens = 400;
    private const int LongestPart = 12;
    private const double Least = 0.02;

    /// <inheritdoc/>
    public Explanation Explain(string text, string language, ClassificationStageKind stage)
    {
        if (stage == ClassificationStageKind.Encoder && stages.Model is { } encoder && encoder.Knows(language))
        {
            return new Explanation([], [], encoder.Nearest(text, language, HeadNames.FalseInformation), encoder.Nearest(text, language, HeadNames.Sentiment));
        }

        model.Score(text, language, out var whole);
        if (!whole.Scored)
        {
            return new Explanation([], []);
        }

        return new Explanation(
            Strongest(text, Tokens(text), without => whole.FalseEvidence - Scored(without, language).FalseEvidence),
            Strongest(text, Tokens(text), without => LogOdds(whole.Negative) - LogOdds(Scored(without, language).Negative)));
    }

    private FastScores Scored(string text, string language)
    {
        model.Score(text, language, out var scores);
        return scores;
    }

    private static double LogOdds(double p) => Math.Log(Math.Clamp(p, 1e-6, 1 - 1e-6) / (1 - Math.Clamp(p, 1e-6, 1 - 1e-6)));

    private static List<ExplainedPart> Strongest(string text, List<(int Start, int Length)> tokens, Func<string, double> lossOf)
    {
        var weights = tokens.ConvertAll(t => lossOf(text.Remove(t.Start, t.Length)));
        var parts = new List<ExplainedPart>();
        for (var i = 0; i < tokens.Count;)
        {
            var (start, sign) = (tokens[i].Start, Math.Sign(weights[i]));
            var counts = Math.Abs(weights[i]) >= Least;
            for (i++; i < tokens.Count && counts && Math.Sign(weights[i]) == sign && Math.Abs(weights[i]) >= Least && Adjoins(text, tokens[i - 1], tokens[i])
                && tokens[i].Start + tokens[i].Length - start <= LongestPart; i++)
            {
            }

            // Characters share features, so what a part says is not the sum of what they say.
            var length = tokens[i - 1].Start + tokens[i - 1].Length - start;
            if (counts && lossOf(text.Remove(start, length)) is var weight && Math.Abs(weight) >= Least)
            {
                parts.Add(new ExplainedPart(start, length, text.Substring(start, length), Math.Round(weight, 3)));
            }
        }

        return [.. parts.OrderByDescending(p => Math.Abs(p.Weight)).ThenBy(p => p.Start).Take(Most)];
    }

    private static bool Adjoins(string text, (int Start, int Length) left, (int Start, int Length) right) =>
        text.AsSpan((left.Start + left.Length)..right.Start).IsWhiteSpace();

    // A word of an alphabetic script, or one text element of any other.
    private static List<(int Start, int Length)> Tokens(string text)
    {
        var tokens = new List<(int Start, int Length)>();
        for (var at = 0; at < text.Length && tokens.Count < MostTokens;)
        {
            var start = at;
            while (at < text.Length && text[at] < '\u2E80' && char.IsLetterOrDigit(text[at]))
            {
                at++;
            }

            if (at == start)
            {
                at += Math.Max(1, StringInfo.GetNextTextElementLength(text, at));
            }

            if (!text.AsSpan(start, at - start).IsWhiteSpace())
            {
                tokens.Add((start, at - start));
            }
        }

        return tokens;
    }
}
