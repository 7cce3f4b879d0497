namespace RiskWatch.Classification.Models;

/// <summary>The heads of one language: how the outputs of their shared table become probabilities.</summary>
internal sealed class FastFamily(FamilyHeader header, HeadTable table)
{
    // A title of ten characters says less than the posts that credibility was calibrated on: its evidence counts in proportion.
    private const float WholeEvidenceFrom = 60;

    // One text in twenty that RiskWatch reads is a review; the head was calibrated at even odds.
    private const float LogOddsOfReviews = -2.944f;

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
            Calibrate(h, own);
            Apply(head.Name, own, features, ref scores);
        }

        MixMoods(ref scores);
    }

    /// <summary>Moods of posts become those of a text that may be a review.</summary>
    internal static void MixMoods(ref FastScores scores)
    {
        var (post, review) = (1 - scores.Review, scores.Review);
        scores.Negative = (post * scores.Negative) + (review * (1 - scores.ReviewPositive));
        scores.Neutral *= post;
        scores.Positive = (post * scores.Positive) + (review * scores.ReviewPositive);
    }

    /// <summary>Calibrated logits of the named head, empty where there is none; its raw scores are overwritten.</summary>
    public ReadOnlySpan<float> Logits(Span<float> raw, string name)
    {
        var at = 0;
        for (var h = 0; h < _heads.Length; h++)
        {
            var head = _heads[h];
            if (head.Name == name)
            {
                var own = raw.Slice(at, head.Outputs);
                Calibrate(h, own);
                return own;
            }

            at += head.Outputs;
        }

        return [];
    }

    /// <summary>Turns one head's calibrated logits into what they say; they are overwritten.</summary>
    internal static void Apply(string name, Span<float> logits, int features, ref FastScores scores)
    {
        switch (name)
        {
            case HeadNames.FalseInformation:
                scores.FalseEvidence = logits[0] * MathF.Min(1, features / WholeEvidenceFrom);
                break;
            case HeadNames.Relevance:
                scores.Relevance = 1 / (1 + MathF.Exp(-logits[0]));
                break;
            case HeadNames.Sentiment:
                SoftMax(logits);
                (scores.Negative, scores.Neutral, scores.Positive) = (logits[0], logits[1], logits[2]);
                break;
            case HeadNames.Review:
                scores.Review = 1 / (1 + MathF.Exp(-(logits[0] + LogOddsOfReviews)));
                break;
            case HeadNames.Claim:
                scores.Claim = 1 / (1 + MathF.Exp(-logits[0]));
                break;
            case HeadNames.ReviewMood:
                scores.ReviewPositive = 1 / (1 + MathF.Exp(-logits[0]));
                break;
            case HeadNames.Department:
                SoftMax(logits);
                scores.Department = Largest(logits);
                scores.DepartmentProbability = logits[scores.Department];
                break;
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

    private void Calibrate(int head, Span<float> own)
    {
        var slope = _heads[head].Slope;
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = (slope * (own[i] + _biases[head][i])) + _intercepts[head][i];
        }
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
