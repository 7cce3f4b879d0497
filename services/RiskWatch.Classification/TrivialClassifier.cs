using System.IO.Hashing;
using System.Runtime.InteropServices;
using RiskWatch.Classification.Claims;
using RiskWatch.Contracts;

namespace RiskWatch.Classification;

/// <summary>No model at all: everything is credible, neutral and about nothing but its category. It measures the machinery around the classifier (<c>--classify none</c>).</summary>
public sealed class TrivialClassifier : IClassifier
{
    private static readonly Credibility Credible = new(0, CredibilityBand.Credible);
    private static readonly SentimentAssessment Neutral = new(Sentiment.Neutral, 0, new SentimentProbabilities(0, 1, 0));
    private static readonly Relevance Unknown = new(0.5);

    /// <inheritdoc/>
    public string Version => "none";

    /// <inheritdoc/>
    public Classified Classify(Record record, Site site, ClaimIndex? claims = null) => new(
        new Assessment
        {
            Id = record.Id,
            Language = "und",
            Credibility = Credible,
            Sentiment = Neutral,
            Relevance = Unknown,
            Group = XxHash64.HashToUInt64(MemoryMarshal.AsBytes(record.Text.AsSpan())).ToString("x16", null),
            ModelVersion = Version,
        },
        [], Doubts: false, OwnWords: true);

    /// <inheritdoc/>
    public ClaimIndex IndexOf(IEnumerable<Claim> claims) => new(claims, null);

    /// <inheritdoc/>
    public Credibility WithDoubts(int falseTenThousandths, int doubts) => Credible;
}
