using System.Globalization;
using RiskWatch.Contracts;
using RiskWatch.Core.Sketches;

namespace RiskWatch.Classification.Stage;

/// <summary>Makes contributions of what classification says, and assessments of what contributions hold. Pure.</summary>
internal static class ContributionBuilder
{
    private const int TenThousand = 10_000;

    /// <summary>What a record adds by its own words.</summary>
    public static Contribution Of(Record record, ulong id, long minute, Classified classified, Site site, bool knowsAuthors, StringTable strings, int mostTerms)
    {
        var assessment = classified.Assessment;
        var group = GroupOf(assessment.Group);
        var row = new Contribution
        {
            Id = id,
            Minute = checked((int)minute),
            Kind = record.Kind,
            Group = group,
            Author = AuthorOf(record, id, group, knowsAuthors),
            Place = strings.Of(assessment.Places.Count > 0 ? assessment.Places[0].Code : site.GazetteerRoot),
            Source = strings.ShortOf(record.Source),
            Updated = UpdatedOf(record, minute),
            OwnFalse = TenThousandths(assessment.Credibility.FalseProbability),
            OwnBand = assessment.Credibility.Band,
            OwnSentiment = assessment.Sentiment.Label,
            TermCount = Math.Min(mostTerms, classified.Terms.Count),
        };

        for (int i = 0, kept = 0; i < assessment.Topics.Count && kept < Contribution.MostTopics; i++)
        {
            if (assessment.Topics[i].Id != SeriesTopics.Everything)
            {
                row.Topics[kept++] = strings.ShortOf(assessment.Topics[i].Id);
            }
        }

        for (var i = 0; i < row.TermCount; i++)
        {
            row.Terms[i] = (ushort)TermSketch.Cell(classified.Terms[i]);
        }

        return row;
    }

    /// <summary>Time of a version: <c>updated</c>, else <c>published</c>, in milliseconds after the first published minute.</summary>
    public static uint UpdatedOf(Record record, long minute) =>
        (uint)Math.Clamp((record.Updated ?? record.Published).ToUnixTimeMilliseconds() - (minute * 60_000), 0, uint.MaxValue);

    /// <summary>A repost without words of its own is judged as its original is (LOG §2.4): credibility, mood, topics, place and group.</summary>
    public static void TakeOver(ref Contribution row, in Contribution original, Record record, bool knowsAuthors)
    {
        row.OwnFalse = original.False;
        row.OwnBand = original.Band;
        row.OwnSentiment = original.Sentiment;
        row.Topics = original.Topics;
        row.Place = original.Place;
        row.Group = original.Group;
        row.Author = AuthorOf(record, row.Id, row.Group, knowsAuthors);
    }

    /// <summary>Sets what counts: a person's word, else the crowd's doubt, else the record's own words.</summary>
    public static void Settle(ref Contribution row, int doubts, Corrected corrected, IClassifier classifier)
    {
        row.Doubts = (ushort)Math.Min(doubts, ushort.MaxValue);
        (row.False, row.Band) = (row.OwnFalse, row.OwnBand);
        if (corrected.FalseInformation is { } isFalse)
        {
            (row.False, row.Band) = isFalse ? ((ushort)TenThousand, CredibilityBand.LikelyFalse) : ((ushort)0, CredibilityBand.Credible);
        }
        else if (row.Doubts > 0)
        {
            var doubted = classifier.WithDoubts(row.OwnFalse, row.Doubts);
            row.False = TenThousandths(doubted.FalseProbability);
            row.Band = doubted.Band;
        }

        row.Sentiment = corrected.Sentiment ?? row.OwnSentiment;
    }

    /// <summary>Credibility as it counts.</summary>
    public static Credibility CredibilityOf(in Contribution row) => new(row.False / (double)TenThousand, row.Band);

    /// <summary>The assessment with what doubt, correction or the original changes.</summary>
    public static Assessment Assess(Assessment own, in Contribution row, bool tookOver, StringTable strings)
    {
        var result = own;
        if (tookOver || row.Band != own.Credibility.Band || row.False != TenThousandths(own.Credibility.FalseProbability))
        {
            result = result with { Credibility = CredibilityOf(row) };
        }

        if (row.Sentiment != own.Sentiment.Label)
        {
            result = result with { Sentiment = Certain(row.Sentiment) };
        }

        if (!tookOver)
        {
            return result;
        }

        var topics = new List<TopicAssessment>();
        for (var i = 0; i < Contribution.MostTopics && row.Topics[i] != 0; i++)
        {
            topics.Add(new TopicAssessment(strings[row.Topics[i]], 1));
        }

        return result with { Topics = topics };
    }

    private static ushort TenThousandths(double probability) => (ushort)Math.Clamp(Math.Round(probability * TenThousand), 0, TenThousand);

    private static SentimentAssessment Certain(Sentiment label) => label switch
    {
        Sentiment.Negative => new(label, -1, new(1, 0, 0)),
        Sentiment.Positive => new(label, 1, new(0, 0, 1)),
        _ => new(label, 0, new(0, 1, 0)),
    };

    // LOG §10.3: where a source knows no authors, a hotline record is one author and a post one per near-duplicate group.
    private static uint AuthorOf(Record record, ulong id, uint group, bool knowsAuthors)
    {
        if (knowsAuthors && !string.IsNullOrEmpty(record.Author))
        {
            return Fold(SketchHash.Of(record.Author, SketchHash.Of(record.Source)));
        }

        return Fold(SketchHash.Mix(record.Kind == RecordKind.Hotline ? id : group + (ulong)uint.MaxValue));
    }

    private static uint GroupOf(string group) =>
        Fold(ulong.TryParse(group, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) ? number : SketchHash.Of(group));

    private static uint Fold(ulong hash) => (uint)(hash ^ (hash >> 32));
}
