using RiskWatch.Classification.Claims;
using RiskWatch.Classification.Places;
using RiskWatch.Classification.Text;
using RiskWatch.Classification.Taxonomies;
using RiskWatch.Contracts;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification;

/// <summary>Puts the parts together: the model's heads, topics, places, group and terms.</summary>
internal sealed class Classifier(IScorer scorer, Taxonomy taxonomy, PlaceResolver places) : IClassifier
{
    /// <summary>Least false probability of a post: what tallies carry in 1/10,000 must not become nothing, or no doubt could raise it.</summary>
    private const double Least = 0.0001;

    /// <inheritdoc/>
    public string Version => scorer.Version;

    /// <inheritdoc/>
    public Classified Classify(Record record, Site site, ClaimIndex? claims = null)
    {
        var text = RecordText.Of(record);
        var reading = scorer.Read(text, record.Language, site.FalsePrior, record.Kind);
        var english = site.Languages.Count > 0 && !site.Languages[0].StartsWith("zh", StringComparison.OrdinalIgnoreCase);
        var own = Doubts.Own(text);
        var group = NearDuplicateGroup.Of(text);
        var assessment = new Assessment
        {
            Id = record.Id,
            Language = reading.Language,
            Credibility = record.Kind == RecordKind.Hotline ? Trusted : Bounded(reading.Credibility),
            Sentiment = reading.Sentiment,
            Topics = taxonomy.Of(record, site, text),
            Department = reading.Department,
            Relevance = new Relevance(reading.Relevance),
            Places = places.Resolve(text, record.Place, site.GazetteerRoot, english),
            Group = group,
            Claim = claims?.Match(group, text, reading.Language, reading.Vector),
            Stage = reading.Stage,
            Shed = reading.Shed,
            ModelVersion = scorer.Version,
        };
        // What people do not say themselves is no term of theirs.
        var ownWords = record.RepostOf is null || Doubts.HasWords(own);
        return new Classified(assessment, ownWords ? Terms.Of(text) : [], Doubts.Express(own), ownWords);
    }

    /// <inheritdoc/>
    public ClaimIndex IndexOf(IEnumerable<Claim> claims) => new(claims, scorer.Encode);

    /// <inheritdoc/>
    public Credibility WithDoubts(int falseTenThousandths, int doubts)
    {
        var own = Math.Clamp(falseTenThousandths, 0, 10_000) / 10_000.0;
        if (doubts <= 0 || own is 0 or 1)
        {
            return new Credibility(own, own == 0 ? CredibilityBand.Credible : scorer.Band(own));
        }

        var probability = Math.Round(Math.Min(Doubts.Raise(own, doubts), 1 - Least), 4);
        return new Credibility(probability, scorer.Band(probability));
    }

    /// <summary>Hotline records are never discounted (DESIGN §4).</summary>
    private static Credibility Trusted { get; } = new(0, CredibilityBand.Credible);

    private static Credibility Bounded(Credibility credibility) =>
        credibility with { FalseProbability = Math.Round(Math.Clamp(credibility.FalseProbability, Least, 1 - Least), 4) };
}
