namespace RiskWatch.Classification.Models;

/// <summary>The heads of one language: how the outputs of their shared table become probabilities.</summary>
internal sealed class FastFamily(FamilyHeader header, HeadTable table)
{
    // A title of ten characters says less than the posts that credibility was calibrated on: its evidence counts in proportion.
    private const float WholeEvidenceFrom = 60;

    private readonly HeadHeader[] _heads = [.. header.Heads];
    private readonly float[][] _biases = [.. header.Heads.Select(h => h.Biases.ToArray())];
    private readonly float[][] _intercepts = [.. header.Heads.Select(h => h.Intercepts.ToArray())];

    public FamilyHeader Header => header;

    public HeadTable Table => table;

    /// <summary>Turns raw scores of a text with so many features into probabilities; the raw scores are overwritten.</summary>
    public void Read(Span<float> raw, int features, ref FastScores scores)
    {
        scores.Scored = true;
        var at = 0;
        for (var h = 0; h < _heads.Length; h++)
        {
            var head = _heads[h];
            var own = raw.Slice(at, head.Outputs);
            at += head.Outputs;
            for (var i = 0; i < own.Length; i++)
            {
                own[i] = (head.Slope * (own[i] + _biases[h][i])) + _intercepts[h][i];
            }

            switch (head.Name)
            {
                case HeadNames.FalseInformation:
                    scores.FalseEvidence = own[0] * MathF.Min(1, features / WholeEvidenceFrom);
                    break;
                case HeadNames.Relevance:
                    scores.Relevance = 1 / (1 + MathF.Exp(-own[0]));
                    break;
                case HeadNames.Sentiment:
                    SoftMax(own);
                    (scores.Negative, scores.Neutral, scores.Positive) = (own[0], own[1], own[2]);
                    break;
                case HeadNames.Department:
                    SoftMax(own);
                    scores.Department = Largest(own);
                    scores.DepartmentProbability = own[scores.Department];
                    break;
            }
        }
    }

    internal static int Largest(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    /// <summary>Exponentials that add up to one, in place.</summary>
    internal static void SoftMax(Span<float> logits)
    {
        var largest = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            largest = MathF.Max(largest, logit);
        }

        var sum = 0f;
        foreach (ref var logit in logits)
        {
            logit = MathF.Exp(logit - largest);
            sum += logit;
        }

        foreach (ref var logit in logits)
        {
            logit /= sum;
        }
    }
}
