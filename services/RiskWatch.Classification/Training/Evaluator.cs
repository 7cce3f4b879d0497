using System.Text.Json;
using RiskWatch.Classification.Models;
using RiskWatch.Contracts;

namespace RiskWatch.Classification.Training;

/// <summary>Measures the heads on labelled rows.</summary>
internal static class Evaluator
{
    /// <summary>What is measured where no model is given.</summary>
    internal const string ProcedureName = "the training procedure, on the rows before each split";

    private const double UsualPrior = 0.02;

    // Of ordinary texts every so many is encoded: all of them would take an hour.
    private const int MostEncodedOrdinary = 3000;

    /// <summary>
    /// Evaluates. Without a model: the training procedure, run on the rows before each split and measured on the rows after it (some minutes).
    /// With a model: that model, on those of the rows after each split that it was not trained on.
    /// </summary>
    /// <param name="dataFolder">Laid out as <c>shared/data</c>.</param>
    /// <param name="models">The model, or null for the procedure.</param>
    /// <param name="procedure">How models are trained.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancel">Stops it.</param>
    internal static Evaluation Evaluate(string dataFolder, StageModels? models, Procedure procedure, IProgress<string>? progress = null, CancellationToken cancel = default)
    {
        var data = Trainer.Read(dataFolder, progress, cancel);
        return Evaluate(dataFolder, data, models ?? procedure.Run(data, all: false, progress, cancel).Models, models is null ? ProcedureName : models.Fast.Version, progress);
    }

    internal static Evaluation Evaluate(string? dataFolder, IReadOnlyList<HeadData> data, StageModels models, string name, IProgress<string>? progress)
    {
        progress?.Report("measuring");
        return new Evaluation
        {
            Model = name,
            Heads = [.. Reported(data, models.Fast).Select(r => Measure(models.Fast, models.Scores(encoded: false), r.Recipe, r.Set, models.Unrounded))],
            EncoderHeads = models.Encoder is null ? [] : [.. Reported(data, models.Fast).Where(r => r.Recipe.Second is not null).Select(r => Measure(models.Fast, models.Scores(encoded: true), r.Recipe, r.Set))],
            BaseRate = [.. Ordinary(dataFolder).Where(o => models.Fast.Knows(o.Language)).Select(o => BaseRate(models.Fast, models.Scores(encoded: false), o.Name, o.Language, o.Texts))],
            EncoderBaseRate = models.Encoder is null ? [] : [.. Ordinary(dataFolder).Where(o => models.Encoder.Knows(o.Language)).Select(o => BaseRate(models.Fast, models.Scores(encoded: true), o.Name, o.Language, Sample(o.Texts)))],
        };
    }

    /// <summary>Each set that has rows for the report, with its head's recipe.</summary>
    internal static IEnumerable<(HeadRecipe Recipe, HeadSet Set)> Reported(IReadOnlyList<HeadData> data, FastModel model) =>
        from head in data
        where model.Family(head.Recipe.Language) is { } family && family.Header.Heads.Any(h => h.Name == head.Recipe.Name)
        from set in head.Sets
        where set.ReportFrom < set.Rows.Count
        select (head.Recipe, set);

    /// <summary>Rows of a set's report that the model was not trained on.</summary>
    internal static List<LabelledText> Unseen(FastModel model, HeadRecipe recipe, HeadSet set)
    {
        var trained = Fingerprints.Of(model.Family(recipe.Language)!.Header.Heads.First(h => h.Name == recipe.Name).Trained);
        return [.. set.Rows.Skip(set.ReportFrom).Where(r => !trained.Contains(Fingerprints.Of(r.Text)))];
    }

    /// <summary>Share of the second label among rows of a yes-or-no head, else one half.</summary>
    internal static double PriorOf(HeadRecipe recipe, List<LabelledText> rows) =>
        recipe.Labels.Count == 2 && rows.Count > 0 ? rows.Average(r => r.Label == 1 ? 1.0 : 0) : 0.5;

    private static HeadEvaluation Measure(FastModel model, Func<string, string, FastScores> score, HeadRecipe recipe, HeadSet set, FastModel? unrounded = null)
    {
        var rows = Unseen(model, recipe, set);
        var labels = recipe.Labels.Count;
        var counts = new double[labels];
        rows.ForEach(r => counts[r.Label]++);
        var present = PresentIn(set);
        var judged = new JudgedRows(rows, recipe, present, score);
        var (low, high) = rows.Count == 0 ? (0, 0) : Metrics.Interval(judged.Predicted, judged.Actual, labels, present);
        return new HeadEvaluation
        {
            Head = recipe.Name,
            Language = recipe.Language,
            Set = set.Name,
            Split = set.Split,
            Rows = rows.Count,
            Seen = set.Rows.Count - set.ReportFrom - rows.Count,
            Shares = recipe.Labels.Zip(counts).ToDictionary(p => p.First, p => rows.Count == 0 ? 0 : Round(p.Second / rows.Count)),
            MacroF1 = Round(judged.MacroF1),
            MacroF1Low = Round(low),
            MacroF1High = Round(high),
            F1 = recipe.Labels.Zip(judged.F1).ToDictionary(p => p.First, p => Round(p.Second)),
            Accuracy = Round(judged.Accuracy),
            MacroRecall = Round(judged.MacroRecall),
            Auc = judged.Auc is { } auc ? Round(auc) : null,
            CalibrationError = rows.Count == 0 ? 0 : Round(Metrics.CalibrationError(judged.Probability, judged.Hits)),
            Reliability = [.. Metrics.Reliability(judged.Probability, judged.Hits).Select(b => new ReliabilityBin(Round(b.Probability), Round(b.Share), b.Rows))],
            RoundingMoves = unrounded is null ? null : Round(judged.FurthestFrom(new JudgedRows(rows, recipe, present, (text, language) =>
            {
                unrounded.Score(text, language, out var scores);
                return scores;
            }))),
        };
    }

    /// <summary>Labels that a set has at all: one of reviews knows no neutral mood, so none is decided on.</summary>
    internal static bool[] PresentIn(HeadSet set)
    {
        var present = new bool[set.Rows.Max(r => r.Label) + 1];
        foreach (var row in set.Rows)
        {
            present[row.Label] = true;
        }

        return present;
    }

    /// <summary>The label that scores decide for, and its probability; of a yes-or-no head that of yes.</summary>
    internal static (int Label, double Probability) Decide(in FastScores scores, HeadRecipe recipe, double prior, bool[] present)
    {
        switch (recipe.Name)
        {
            case HeadNames.FalseInformation:
                var p = scores.FalseProbability(prior);
                return (p >= 0.5 ? 1 : 0, p);
            case HeadNames.Relevance:
                return (scores.Relevance >= 0.5 ? 1 : 0, scores.Relevance);
            case HeadNames.Review:
                return (scores.Review >= 0.5 ? 1 : 0, scores.Review);
            case HeadNames.Claim:
                return (scores.Claim >= 0.5 ? 1 : 0, scores.Claim);
            case HeadNames.ReviewMood:
                return (scores.ReviewPositive >= 0.5 ? 1 : 0, scores.ReviewPositive);
            case HeadNames.Department:
                return (Math.Max(0, scores.Department), scores.DepartmentProbability);
            default:
                Span<float> moods = [scores.Negative, scores.Neutral, scores.Positive];
                var sum = 0f;
                for (var i = 0; i < moods.Length; i++)
                {
                    sum += moods[i] = present[i] ? moods[i] : 0;
                }

                var mood = FastFamily.Largest(moods);
                return (mood, moods[mood] / sum);
        }
    }

    private static IEnumerable<string> Sample(IEnumerable<string> texts)
    {
        var all = texts.ToList();
        return all.Where((_, i) => i % ((all.Count / MostEncodedOrdinary) + 1) == 0);
    }

    private static IEnumerable<(string Name, string Language, IEnumerable<string> Texts)> Ordinary(string? folder)
    {
        if (folder is null)
        {
            yield break;
        }

        var boston = Path.Combine(folder, "en_311_boston_2011h2", "boston311_2011-07_09.csv");
        yield return ("Boston 311 titles", "en", DelimitedRows.Read(boston, ',').Skip(1).Where(r => r.Count > 7).Select(r => r[7]));
        yield return ("Teddy messages (att3)", "zh", File.ReadLines(Path.Combine(folder, "zh_hotline_teddy2020", "att3_4326.jsonl")).Where(l => l.Length > 1).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("留言主题").GetString() + " " + document.RootElement.GetProperty("留言详情").GetString();
        }));
        var titles = Path.Combine(folder, "zh_weibo_hotsearch", "first_seen_2020-11-24_2023-12-31.tsv");
        yield return ("hot-search titles", "zh", LabelledSets.Tabbed(titles).Skip(1).Where(r => r.Length > 2).Select(r => r[2]));
        var (tweets, crises) = (HeadCatalogue.EnglishSentiment(folder).Sets[0], HeadCatalogue.EnglishRelevance(folder).Sets[0]);
        yield return ("tweets of all kinds (SemEval, last fifth)", "en", tweets.Rows.Skip(tweets.ReportFrom).Select(r => r.Text));
        yield return ("tweets of a later crisis (CrisisLex)", "en", crises.Rows.Skip(crises.ReportFrom).Select(r => r.Text));
    }

    private static BaseRateCheck BaseRate(FastModel model, Func<string, string, FastScores> score, string name, string language, IEnumerable<string> texts)
    {
        int rows = 0, marked = 0;
        var sum = 0d;
        foreach (var text in texts)
        {
            var credibility = model.Credibility(score(text, language), UsualPrior);
            rows++;
            marked += credibility.Band == CredibilityBand.LikelyFalse ? 1 : 0;
            sum += credibility.FalseProbability;
        }

        return new BaseRateCheck { Set = name, Rows = rows, Prior = UsualPrior, LikelyFalse = Round((double)marked / rows), MeanFalseProbability = Round(sum / rows) };
    }

    private static double Round(double value) => Math.Round(value, 4);
}
