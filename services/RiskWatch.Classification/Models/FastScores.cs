namespace RiskWatch.Classification.Models;

/// <summary>What the fast heads say of one text. A plain value: nothing is allocated for it.</summary>
public struct FastScores
{
    // Log-odds: at 2 % of false content a text stays below 6 % with it.
    private const float Little = 1;

    /// <summary>Whether heads for the text's language exist and the text has anything to read. If not, all else is neutral.</summary>
    public bool Scored { get; set; }

    /// <summary>Log-odds that the content is false, at even odds: calibrated, but free of any share of false content.</summary>
    public float FalseEvidence { get; set; }

    /// <summary>Probability of a negative mood.</summary>
    public float Negative { get; set; }

    /// <summary>Probability of a neutral mood.</summary>
    public float Neutral { get; set; }

    /// <summary>Probability of a positive mood.</summary>
    public float Positive { get; set; }

    /// <summary>Index into <see cref="FastModel.Departments"/>, or −1 where the language has no such head.</summary>
    public int Department { get; set; }

    /// <summary>Probability of <see cref="Department"/>.</summary>
    public float DepartmentProbability { get; set; }

    /// <summary>Probability that the text concerns public affairs.</summary>
    public float Relevance { get; set; }

    /// <summary>Probability that the text is a review of something bought.</summary>
    public float Review { get; set; }

    /// <summary>Probability that its mood is positive if it is a review, which is never neutral.</summary>
    public float ReviewPositive { get; set; }

    /// <summary>Probability that the text is of the kind that the head for false information was trained on; 1 where nothing says otherwise.</summary>
    public float Claim { get; set; }

    /// <summary>Probability that the content is false where <paramref name="prior"/> (0–1) of all content is.</summary>
    public readonly double FalseProbability(double prior)
    {
        var share = Math.Clamp(prior, 1e-6, 1 - 1e-6);

        // Of another kind of text much evidence is no more than little; what little there is, and what speaks against, stands.
        var evidence = FalseEvidence <= Little ? FalseEvidence : Little + Math.Log((Claim * Math.Exp(FalseEvidence - Little)) + 1 - Claim);
        return 1 / (1 + Math.Exp(-(evidence + Math.Log(share / (1 - share)))));
    }
}
