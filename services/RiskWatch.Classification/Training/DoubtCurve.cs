using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using RiskWatch.Classification.Models;
using RiskWatch.Classification.Text;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Training;

/// <summary>How well false information is told from true as the crowd speaks: F1 and coverage against the minutes since a post, on the later Weibo posts.</summary>
public sealed record DoubtCurve
{
    private static readonly int[] Minutes = [0, 1, 5, 10, 30, 60, 360, 1440];

    /// <summary>What was measured: the training procedure on earlier rows, or a model file.</summary>
    public required string Model { get; init; }

    /// <summary>One entry per stage and time.</summary>
    public required IReadOnlyList<DoubtLine> Lines { get; init; }

    /// <summary>Measures; without models those of the procedure, as <see cref="Evaluator"/> does.</summary>
    internal static DoubtCurve Measure(string dataFolder, StageModels? models, Procedure procedure, IProgress<string>? progress, CancellationToken cancel)
    {
        var head = HeadCatalogue.ChineseFalse(dataFolder);
        var name = models?.Fast.Version ?? Evaluator.ProcedureName;
        models ??= procedure.Run([head], all: false, progress, cancel).Models;
        var rows = Evaluator.Unseen(models.Fast, head.Recipe, head.Sets[0]);
        if (rows.Count == 0)
        {
            throw new InvalidDataException($"Model {name} was trained on every row of {head.Sets[0].Name}; measure the procedure instead (--procedure).");
        }

        progress?.Report("measuring");
        var reposts = Reposts(dataFolder, rows.Select(r => r.Id!).ToHashSet(StringComparer.Ordinal), cancel);
        return new DoubtCurve
        {
            Model = name,
            Lines = [.. Stages(models).SelectMany(stage => Minutes.Select(minutes => Line(stage.Name, stage.Scores, minutes, rows, reposts)))],
        };
    }

    /// <summary>As JSON, indented, camelCase.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DoubtJson.Default.DoubtCurve);

    /// <summary>As a Markdown table.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        text.AppendLine("| stage | minutes since the post | macro-F1 | AUC | posts reposted by then | false posts doubted | true posts doubted |").AppendLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (var l in Lines)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {l.Stage} | {l.Minutes} | {l.MacroF1:F3} | {l.Auc:F3} | {l.Reposted:P0} | {l.FalseDoubted:P0} | {l.TrueDoubted:P0} |");
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static IEnumerable<(string Name, Func<string, string, FastScores> Scores)> Stages(StageModels models)
    {
        yield return ("fast", models.Scores(encoded: false));
        if (models.Encoder is not null)
        {
            yield return ("encoder", models.Scores(encoded: true));
        }
    }

    private static DoubtLine Line(string stage, Func<string, string, FastScores> score, int minutes, List<LabelledText> rows, Dictionary<string, List<Repost>> reposts)
    {
        var prior = rows.Average(r => (double)r.Label);
        var actual = rows.Select(r => r.Label).ToArray();
        var doubts = rows.ConvertAll(r => Until(reposts, r, minutes).Where(x => x.IsDoubt).Select(x => x.Group).Distinct().Count());
        var probability = rows.Select((r, i) => Doubts.Raise(score(r.Text, "zh").FalseProbability(prior), doubts[i])).ToArray();
        double Doubted(int label) => Share(rows.Index().Where(r => r.Item.Label == label).Select(r => doubts[r.Index] > 0));
        return new DoubtLine(
            stage, minutes, Math.Round(Metrics.MacroF1([.. probability.Select(p => p >= 0.5 ? 1 : 0)], actual, 2, [true, true]), 4), Math.Round(Metrics.Auc(probability, actual), 4),
            Share(rows.Select(r => Until(reposts, r, minutes).Any())), Doubted(1), Doubted(0));
    }

    private static IEnumerable<Repost> Until(Dictionary<string, List<Repost>> reposts, LabelledText row, int minutes) =>
        reposts.GetValueOrDefault(row.Id!, []).Where(r => r.Seconds <= minutes * 60L);

    private static double Share(IEnumerable<bool> values) => values.DefaultIfEmpty().Average(v => v ? 1.0 : 0);

    // The file has no authors: equal texts count once, as copies by one author would.
    private static Dictionary<string, List<Repost>> Reposts(string folder, HashSet<string> wanted, CancellationToken cancel)
    {
        var reposts = new Dictionary<string, List<Repost>>(StringComparer.Ordinal);
        foreach (var parts in LabelledSets.Tabbed(Path.Combine(folder, "zh_rumor_ced", "train_repost_text_24h.tsv")).Skip(1).Where(p => p.Length == 3 && wanted.Contains(p[0])))
        {
            cancel.ThrowIfCancellationRequested();
            if (!reposts.TryGetValue(parts[0], out var own))
            {
                reposts[parts[0]] = own = [];
            }

            var text = TextNormalizer.Normalize(parts[2]);
            own.Add(new Repost(long.Parse(parts[1], CultureInfo.InvariantCulture), Doubts.Express(Doubts.Own(text)), NearDuplicateGroup.Of(text)));
        }

        return reposts;
    }

    private readonly record struct Repost(long Seconds, bool IsDoubt, string Group);
}

/// <summary>One stage at one time after the posts.</summary>
/// <param name="Stage">fast or encoder, without the crowd.</param>
/// <param name="Minutes">Minutes since each post; 0: the post alone.</param>
/// <param name="MacroF1">Mean over true and false of F1, decided at one half with the set's share of false posts given.</param>
/// <param name="Auc">Area under the ROC curve.</param>
/// <param name="Reposted">Share of posts that somebody had reposted by then.</param>
/// <param name="FalseDoubted">Share of false posts that somebody had doubted by then.</param>
/// <param name="TrueDoubted">Share of true posts that somebody had doubted by then.</param>
public sealed record DoubtLine(string Stage, int Minutes, double MacroF1, double Auc, double Reposted, double FalseDoubted, double TrueDoubted);

/// <summary>JSON of doubt curves.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(DoubtCurve))]
internal sealed partial class DoubtJson : JsonSerializerContext;
