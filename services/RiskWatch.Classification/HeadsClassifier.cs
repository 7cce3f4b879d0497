using RiskWatch.Classification.Claims;
using RiskWatch.Contracts;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification;

/// <summary>
/// The fast heads and nothing else: no topics but categories, no places, no terms. Beside <see cref="TrivialClassifier"/> it measures what the heads cost in the pipeline
/// (<c>--classify heads</c>).
/// </summary>
internal sealed class HeadsClassifier(IScorer scorer) : IClassifier
{
    private readonly TrivialClassifier _rest = new();

    /// <inheritdoc/>
    public string Version => scorer.Version;

    /// <inheritdoc/>
    public Classified Classify(Record record, Site site, ClaimIndex? claims = null)
    {
        var classified = _rest.Classify(record, site);
        var reading = scorer.Read(TextNormalizer.Normalize(record.Text), record.Language, site.FalsePrior, record.Kind);
        return classified with
        {
            Assessment = classified.Assessment with
            {
                Language = reading.Language,
                Credibility = reading.Credibility,
                Sentiment = reading.Sentiment,
                Department = reading.Department,
                Relevance = new Relevance(reading.Relevance),
                ModelVersion = Version,
            },
        };
    }

    /// <inheritdoc/>
    public ClaimIndex IndexOf(IEnumerable<Claim> claims) => _rest.IndexOf(claims);

    /// <inheritdoc/>
    public Credibility WithDoubts(int falseTenThousandths, int doubts) => _rest.WithDoubts(falseTenThousandths, doubts);
}
