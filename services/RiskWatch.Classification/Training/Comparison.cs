using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskWatch.Classification.Training;

/// <summary>How much better a new model is than an old one on the same rows that neither was trained on.</summary>
public sealed record Comparison
{
    private const int Resamples = 1000;

    /// <summary>Version of the old model.</summary>
    public required string Old { get; init; }

    /// <summary>Version of the new model.</summary>
    public required string New { get; init; }

    /// <summary>One entry per head and labelled set.</summary>
    public required IReadOnlyList<HeadComparison> Heads { get; init; }

    /// <summary>Compares two models, with each text encoded where both have an encoder stage.</summary>
    internal static Comparison Of(string dataFolder, StageModels old, StageModels @new, IProgress<string>? progress, CancellationToken cancel)
    {
        var data = Trainer.Read(dataFolder, progress, cancel);
        var encoded = old.Encoder is not null && @new.Encoder is not null;
        return new Comparison
        {
            Old = old.Fast.Version,
            New = @new.Fast.Version,
            Heads = [.. Evaluator.Reported(data, @new.Fast).Where(r => old.Fast.Family(r.Recipe.Language)?.Header.Heads.Any(h => h.Name == r.Recipe.Name) == true)
                .Select(r => Head(old, @new, encoded, r.Recipe, r.Set))],
        };
    }

    /// <summary>As JSON, indented, camelCase.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ComparisonJson.Default.Comparison);

    /// <summary>As a Markdown table.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| head | set | rows | {Old} | {New} | points (95 %) |").AppendLine("|---|---|---:|---:|---:|---|");
        foreach (var h in Heads)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {h.Language} {h.Head} | {h.Set} | {h.Rows} | {h.Old:F3} | {h.New:F3} | {100 * (h.New - h.Old):+0.0;−0.0;0.0} ({100 * h.Low:+0.0;−0.0;0.0} to {100 * h.High:+0.0;−0.0;0.0}) |");
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>The difference of macro-F1 over seeded resamples of the rows, the same rows for both.</summary>
    internal static (double Low, double High) Interval(int[] old, int[] @new, int[] actual, int labels, bool[] present)
    {
        var random = new Random(20200907);
        var differences = new double[Resamples];
        var (o, n, a) = (new int[actual.Length], new int[actual.Length], new int[actual.Length]);
        for (var r = 0; r < Resamples; r++)
        {
            for (var i = 0; i < actual.Length; i++)
            {
                var j = random.Next(actual.Length);
                (o[i], n[i], a[i]) = (old[j], @new[j], actual[j]);
            }

            differences[r] = Metrics.MacroF1(n, a, labels, present) - Metrics.MacroF1(o, a, labels, present);
        }

        Array.Sort(differences);
        return (differences[(int)(Resamples * 0.025)], differences[(int)(Resamples * 0.975)]);
    }

    private static HeadComparison Head(StageModels old, StageModels @new, bool encoded, HeadRecipe recipe, HeadSet set)
    {
        var unseen = Evaluator.Unseen(old.Fast, recipe, set).ToHashSet();
        var rows = Evaluator.Unseen(@new.Fast, recipe, set).FindAll(unseen.Contains);
        var prior = Evaluator.PriorOf(recipe, rows);
        var present = Evaluator.PresentIn(set);
        int[] Predicted(StageModels models) => [.. rows.Select(r => Evaluator.Decide(models.Scores(encoded)(r.Text, recipe.Language), recipe, prior, present).Label)];
        var (before, after, actual) = (Predicted(old), Predicted(@new), rows.Select(r => r.Label).ToArray());
        var labels = recipe.Labels.Count;
        var (low, high) = rows.Count == 0 ? (0, 0) : Interval(before, after, actual, labels, present);
        return new HeadComparison(recipe.Name, recipe.Language, set.Name, rows.Count, Metrics.MacroF1(before, actual, labels, present), Metrics.MacroF1(after, actual, labels, present), low, high);
    }
}

/// <summary>One head on one set.</summary>
/// <param name="Head">Name of the head.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="Set">Labelled set.</param>
/// <param name="Rows">Rows that neither model was trained on.</param>
/// <param name="Old">Macro-F1 of the old model.</param>
/// <param name="New">Macro-F1 of the new model.</param>
/// <param name="Low">Lower end of the 95 % interval of the difference.</param>
/// <param name="High">Upper end.</param>
public sealed record HeadComparison(string Head, string Language, string Set, int Rows, double Old, double New, double Low, double High);

/// <summary>JSON of comparisons.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(Comparison))]
internal sealed partial class ComparisonJson : JsonSerializerContext;
