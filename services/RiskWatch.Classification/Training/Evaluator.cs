using System.Text.Json;
using RiskWatch.Classification.Models;
using RiskWatch.Contracts;

namespace RiskWatch.Classification.Training;

/// <summary>Measures the heads on labelled rows.</summary>
public static class Evaluator
{
    private const double UsualPrior = 0.02;

    /// <summary>
    /// Evaluates. Without a model: the training procedure, run on the rows before each split and measured on the rows after it (some minutes).
    /// With a model: that model, on those of the rows after each split that it was not trained on.
    /// </summary>
    /// <param name="dataFolder">Laid out as <c>shared/data</c>.</param>
    /// <param name="model">The model, or null for the procedure.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancel">Stops it.</param>
    public static Evaluation Evaluate(string dataFolder, FastModel? model = null, IProgress<string>? progress = null, CancellationToken cancel = default)
    {
        var data = Trainer.Read(dataFolder, progress, cancel);
        var judged = model ?? Trainer.Build(Trainer.Fit(data, all: false, progress, cancel)).Model;
        return Evaluate(dataFolder, data, judged, model?.Version ?? "the training procedure, on the rows before each split", progress);
    }

    internal static Evaluation Evaluate(string dataFolder, IReadOnlyList<HeadData> data, FastModel model, string name, IProgress<string>? progress)
    {
        progress?.Report("measuring");
        return new Evaluation
        {
            Model = name,
            Heads = [.. from head in data
                        where model.Family(head.Recipe.Language) is { } family && family.Header.Heads.Any(h => h.Name == head.Recipe.Name)
                        from set in head.Sets
                        where set.ReportFrom < set.Rows.Count
                        select Measure(model, head.Recipe, set)],
            BaseRate = [.. Ordinary(dataFolder).Select(o => BaseRate(model, o.Name, o.Language, o.Texts))],
        };
    }

    private static HeadEvaluation Measure(FastModel model, HeadRecipe recipe, HeadSet set)
    {
        var trained = Fingerprints.Of(model.Family(recipe.Language)!.Header.Heads.First(h => h.Name == recipe.Name).Trained);
        var all = set.Rows.Skip(set.ReportFrom).ToList();
        var rows = all.FindAll(r => !trained.Contains(Fingerprints.Of(r.Text)));
        var labels = recipe.Labels.Count;
        var counts = new double[labels];
        rows.ForEach(r => counts[r.Label]++);
        var prior = labels == 2 && rows.Count > 0 ? counts[1] / rows.Count : 0.5;
        var actual = rows.Select(r => r.Label).ToArray();
        var predicted = new int[rows.Count];
        var probability = new double[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            (predicted[i], probability[i]) = Decide(model, recipe, rows[i].Text, prior);
        }

        var f1 = Metrics.F1(predicted, actual, labels);
        var (low, high) = rows.Count == 0 ? (0, 0) : Metrics.Interval(predicted, actual, labels);
        return new HeadEvaluation
        {
            Head = recipe.Name,
            Language = recipe.Language,
            Set = set.Name,
            Split = set.Split,
            Rows = rows.Count,
            Seen = all.Count - rows.Count,
            Shares = recipe.Labels.Zip(counts).ToDictionary(p => p.First, p => rows.Count == 0 ? 0 : Round(p.Second / rows.Count)),
            MacroF1 = Round(f1.Average()),
            MacroF1Low = Round(low),
            MacroF1High = Round(high),
            F1 = recipe.Labels.Zip(f1).ToDictionary(p => p.First, p => Round(p.Second)),
            Accuracy = rows.Count == 0 ? 0 : Round(actual.Zip(predicted).Average(p => p.First == p.Second ? 1.0 : 0)),
            MacroRecall = rows.Count == 0 ? 0 : Round(Metrics.MacroRecall(predicted, actual, labels)),
            Auc = labels == 2 && counts.All(c => c > 0) ? Round(Metrics.Auc(probability, actual)) : null,
            CalibrationError = rows.Count == 0 ? 0 : Round(Metrics.CalibrationError(probability, [.. actual.Zip(predicted).Select(p => labels == 2 ? p.First == 1 : p.First == p.Second)])),
        };
    }

    private static (int Label, double Probability) Decide(FastModel model, HeadRecipe recipe, string text, double prior)
    {
        model.Score(text, recipe.Language, out var scores);
        switch (recipe.Name)
        {
            case HeadNames.FalseInformation:
                var p = scores.FalseProbability(prior);
                return (p >= 0.5 ? 1 : 0, p);
            case HeadNames.Relevance:
                return (scores.Relevance >= 0.5 ? 1 : 0, scores.Relevance);
            case HeadNames.Department:
                return (Math.Max(0, scores.Department), scores.DepartmentProbability);
            default:
                ReadOnlySpan<float> moods = [scores.Negative, scores.Neutral, scores.Positive];
                var mood = FastFamily.Largest(moods);
                return (mood, moods[mood]);
        }
    }

    private static IEnumerable<(string Name, string Language, IEnumerable<string> Texts)> Ordinary(string folder)
    {
        var boston = Path.Combine(folder, "en_311_boston_2011h2", "boston311_2011-07_09.csv");
        yield return ("Boston 311 titles", "en", DelimitedRows.Read(boston, ',').Skip(1).Where(r => r.Count > 7).Select(r => r[7]));
        yield return ("Teddy messages (att3)", "zh", File.ReadLines(Path.Combine(folder, "zh_hotline_teddy2020", "att3_4326.jsonl")).Where(l => l.Length > 1).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("留言主题").GetString() + " " + document.RootElement.GetProperty("留言详情").GetString();
        }));
        var titles = Path.Combine(folder, "zh_weibo_hotsearch", "first_seen_2020-11-24_2023-12-31.tsv");
        yield return ("hot-search titles", "zh", LabelledSets.Tabbed(titles).Skip(1).Where(r => r.Length > 2).Select(r => r[2]));
    }

    private static BaseRateCheck BaseRate(FastModel model, string name, string language, IEnumerable<string> texts)
    {
        int rows = 0, marked = 0;
        var sum = 0d;
        foreach (var text in texts)
        {
            model.Score(text, language, out var scores);
            var credibility = model.Credibility(scores, UsualPrior);
            rows++;
            marked += credibility.Band == CredibilityBand.LikelyFalse ? 1 : 0;
            sum += credibility.FalseProbability;
        }

        return new BaseRateCheck { Set = name, Rows = rows, Prior = UsualPrior, LikelyFalse = Round((double)marked / rows), MeanFalseProbability = Round(sum / rows) };
    }

    private static double Round(double value) => Math.Round(value, 4);
}
