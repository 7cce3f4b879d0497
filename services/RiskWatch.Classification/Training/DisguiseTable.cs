using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskWatch.Classification.Training;

/// <summary>Each head's macro-F1 on rows as they are and under each disguise, and what is lost, in points of F1.</summary>
public sealed record DisguiseTable
{
    /// <summary>What was measured: the training procedure on earlier rows, or a model file.</summary>
    public required string Model { get; init; }

    /// <summary>One entry per head, labelled set and disguise.</summary>
    public required IReadOnlyList<DisguiseLine> Lines { get; init; }

    /// <summary>Measures the fast heads; without models those of the procedure, as <see cref="Evaluator"/> does.</summary>
    internal static DisguiseTable Measure(string dataFolder, StageModels? models, Procedure procedure, IProgress<string>? progress, CancellationToken cancel)
    {
        var data = Trainer.Read(dataFolder, progress, cancel);
        var name = models?.Fast.Version ?? Evaluator.ProcedureName;
        models ??= procedure.Run(data, all: false, progress, cancel).Models;
        progress?.Report("measuring");
        return new DisguiseTable { Model = name, Lines = [.. Evaluator.Reported(data, models.Fast).SelectMany(r => Measure(models, r.Recipe, r.Set))] };
    }

    /// <summary>As JSON, indented, camelCase.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DisguiseJson.Default.DisguiseTable);

    /// <summary>As a Markdown table.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        text.AppendLine("| head | set | rows | disguise | macro-F1 | points lost |").AppendLine("|---|---|---:|---|---:|---:|");
        foreach (var line in Lines)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {line.Language} {line.Head} | {line.Set} | {line.Rows} | {line.Disguise} | {line.MacroF1:F3} | {line.PointsLost:F1} |");
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static IEnumerable<DisguiseLine> Measure(StageModels models, HeadRecipe recipe, HeadSet set)
    {
        var rows = Evaluator.Unseen(models.Fast, recipe, set);
        if (rows.Count == 0)
        {
            yield break;
        }

        var prior = Evaluator.PriorOf(recipe, rows);
        var present = Evaluator.PresentIn(set);
        var actual = rows.Select(r => r.Label).ToArray();
        var score = models.Scores(encoded: false);
        double F1(Func<string, string> write) =>
            Metrics.MacroF1([.. rows.Select(r => Evaluator.Decide(score(write(r.Text), recipe.Language), recipe, prior, present).Label)], actual, recipe.Labels.Count, present);

        var clean = F1(text => text);
        yield return new DisguiseLine(recipe.Name, recipe.Language, set.Name, rows.Count, "none", Math.Round(clean, 4), 0);
        foreach (var disguise in Disguises.All.Where(d => d.Languages.Contains(recipe.Language)))
        {
            var disguised = F1(disguise.Apply);
            yield return new DisguiseLine(recipe.Name, recipe.Language, set.Name, rows.Count, disguise.Name, Math.Round(disguised, 4), Math.Round((clean - disguised) * 100, 1));
        }
    }
}

/// <summary>One head on one set under one disguise.</summary>
/// <param name="Head">Name of the head.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="Set">Labelled set.</param>
/// <param name="Rows">Rows measured.</param>
/// <param name="Disguise">How the texts were written; <c>none</c>: as they are.</param>
/// <param name="MacroF1">Mean over labels of F1.</param>
/// <param name="PointsLost">How much less than without a disguise, in hundredths of F1.</param>
public sealed record DisguiseLine(string Head, string Language, string Set, int Rows, string Disguise, double MacroF1, double PointsLost);

/// <summary>JSON of disguise tables.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(DisguiseTable))]
internal sealed partial class DisguiseJson : JsonSerializerContext;
