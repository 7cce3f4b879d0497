using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using RiskWatch.Classification.Encoders;
using RiskWatch.Contracts;

namespace RiskWatch.Classification.Training;

/// <summary>Accuracy against the share of records that the encoder reads, first those that the cascade puts first, and what it costs.</summary>
public sealed record BudgetCurve
{
    private const double UsualPrior = 0.02;
    private const int Timed = 200;

    /// <summary>Shares measured, fractions.</summary>
    public static IReadOnlyList<double> Shares { get; } = [0, 0.05, 0.1, 0.2, 0.5, 1];

    /// <summary>Records a second of one core at each share: the heads for every record, the encoder for the share, nothing cached.</summary>
    public required IReadOnlyList<double> RecordsPerSecond { get; init; }

    /// <summary>One entry per head and labelled set.</summary>
    public required IReadOnlyList<BudgetLine> Heads { get; init; }

    /// <summary>Measures the heads that have a second one; without models the procedure, as <see cref="Evaluator"/> does.</summary>
    internal static BudgetCurve Measure(string dataFolder, StageModels? models, Procedure procedure, IProgress<string>? progress, CancellationToken cancel)
    {
        var data = Trainer.Read(dataFolder, progress, cancel);
        models ??= procedure.Run(data, all: false, progress, cancel).Models;
        progress?.Report("measuring");
        var reported = Evaluator.Reported(data, models.Fast).Where(r => r.Recipe.Second is not null && models.Encoder?.Knows(r.Recipe.Language) == true).ToList();
        var lines = reported.Select(r => Line(models, r.Recipe, r.Set)).ToList();
        var (fast, encoder) = Seconds(models, [.. reported.SelectMany(r => Evaluator.Unseen(models.Fast, r.Recipe, r.Set).Select(row => (row.Text, r.Recipe.Language)))]);
        return new BudgetCurve { RecordsPerSecond = [.. Shares.Select(s => Math.Round(1 / (fast + (s * encoder))))], Heads = lines };
    }

    /// <summary>As JSON, indented, camelCase.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, BudgetJson.Default.BudgetCurve);

    /// <summary>As a Markdown table.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        text.Append("| share encoded |").AppendJoin(null, Shares.Select(s => string.Create(CultureInfo.InvariantCulture, $" {s:P0} |"))).AppendLine();
        text.Append("|---|").Insert(text.Length, "---:|", Shares.Count).AppendLine();
        text.Append("| records/s, one core |").AppendJoin(null, RecordsPerSecond.Select(r => string.Create(CultureInfo.InvariantCulture, $" {r:N0} |"))).AppendLine();
        foreach (var head in Heads)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {head.Language} {head.Head}, {head.Set}: macro-F1 |").AppendJoin(null, head.MacroF1.Select(f => string.Create(CultureInfo.InvariantCulture, $" {f:F3} |"))).AppendLine();
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static BudgetLine Line(StageModels models, HeadRecipe recipe, HeadSet set)
    {
        var rows = Evaluator.Unseen(models.Fast, recipe, set);
        var prior = Evaluator.PriorOf(recipe, rows);
        var present = Evaluator.PresentIn(set);
        var (fast, encoded) = (models.Scores(encoded: false), models.Scores(encoded: true));
        var order = rows.Select((r, i) => (Index: i, Scores: fast(r.Text, recipe.Language)))
            .OrderByDescending(r => Cascade.Priority(r.Scores, r.Scores.FalseProbability(recipe.Labels.Count == 2 ? prior : UsualPrior), RecordKind.Post)).ThenBy(r => r.Index).ToList();
        var predicted = new int[rows.Count];
        foreach (var (index, scores) in order)
        {
            predicted[index] = Evaluator.Decide(scores, recipe, prior, present).Label;
        }

        var actual = rows.Select(r => r.Label).ToArray();
        var figures = new List<double>();
        var done = 0;
        foreach (var share in Shares)
        {
            for (; done < (int)Math.Round(share * rows.Count); done++)
            {
                var index = order[done].Index;
                predicted[index] = Evaluator.Decide(encoded(rows[index].Text, recipe.Language), recipe, prior, present).Label;
            }

            figures.Add(rows.Count == 0 ? 0 : Math.Round(Metrics.MacroF1(predicted, actual, recipe.Labels.Count, present), 4));
        }

        return new BudgetLine(recipe.Name, recipe.Language, set.Name, rows.Count, figures);
    }

    // Vectors of these texts are at hand, so the encoder is timed on texts that no cache knows: each with one character more.
    private static (double Fast, double Encoder) Seconds(StageModels models, List<(string Text, string Language)> texts)
    {
        var some = texts.Where((_, i) => i % ((texts.Count / Timed) + 1) == 0).Select(t => (Text: t.Text + "㊣", t.Language)).ToList();
        foreach (var warm in some.GroupBy(t => t.Language).Select(g => (Text: g.First().Text + "㊣", Language: g.Key)))
        {
            models.Scores(encoded: true)(warm.Text, warm.Language);
        }

        double Time(bool encoded)
        {
            var started = Stopwatch.GetTimestamp();
            some.ForEach(t => models.Scores(encoded)(t.Text, t.Language));
            return Stopwatch.GetElapsedTime(started).TotalSeconds / Math.Max(1, some.Count);
        }

        var fast = Time(encoded: false);
        return (fast, Math.Max(0, Time(encoded: true) - fast));
    }
}

/// <summary>One head on one set.</summary>
/// <param name="Head">Name of the head.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="Set">Labelled set.</param>
/// <param name="Rows">Rows measured.</param>
/// <param name="MacroF1">At each of <see cref="BudgetCurve.Shares"/>.</param>
public sealed record BudgetLine(string Head, string Language, string Set, int Rows, IReadOnlyList<double> MacroF1);

/// <summary>JSON of budget curves.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(BudgetCurve))]
internal sealed partial class BudgetJson : JsonSerializerContext;
