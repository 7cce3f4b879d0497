using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>Rows of a report as a model decides on them.</summary>
internal sealed class JudgedRows
{
    private readonly int _labels;
    private readonly bool[] _present;

    /// <summary>Decides on each row.</summary>
    public JudgedRows(List<LabelledText> rows, HeadRecipe recipe, bool[] present, Func<string, string, FastScores> score)
    {
        _labels = recipe.Labels.Count;
        _present = present;
        var prior = Evaluator.PriorOf(recipe, rows);
        Actual = [.. rows.Select(r => r.Label)];
        Predicted = new int[rows.Count];
        Probability = new double[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            (Predicted[i], Probability[i]) = Evaluator.Decide(score(rows[i].Text, recipe.Language), recipe, prior, present);
        }

        Hits = [.. Actual.Zip(Predicted).Select(p => _labels == 2 ? p.First == 1 : p.First == p.Second)];
        F1 = Metrics.F1(Predicted, Actual, _labels);
    }

    /// <summary>Labels.</summary>
    public int[] Actual { get; }

    /// <summary>Labels decided for.</summary>
    public int[] Predicted { get; }

    /// <summary>Their probabilities; of a yes-or-no head that of yes.</summary>
    public double[] Probability { get; }

    /// <summary>Of a yes-or-no head whether the label is yes, else whether the decision is right.</summary>
    public bool[] Hits { get; }

    /// <summary>F1 per label.</summary>
    public double[] F1 { get; }

    /// <summary>Mean of F1 over the labels that the set has.</summary>
    public double MacroF1 => F1.Where((_, k) => _present[k]).Average();

    /// <summary>Share decided right, 0 of no rows.</summary>
    public double Accuracy => Actual.Zip(Predicted).Select(p => p.First == p.Second ? 1.0 : 0).DefaultIfEmpty().Average();

    /// <summary>Mean over labels of recall, 0 of no rows.</summary>
    public double MacroRecall => Actual.Length == 0 ? 0 : Metrics.MacroRecall(Predicted, Actual, _labels);

    /// <summary>Area under the ROC curve; null where there are more labels than two, or rows of one alone.</summary>
    public double? Auc => _labels == 2 && Actual.Distinct().Count() == 2 ? Metrics.Auc(Probability, Actual) : null;

    /// <summary>By how much the figure of these rows that lies furthest from another model's does so.</summary>
    public double FurthestFrom(JudgedRows other) => new[]
    {
        MacroF1 - other.MacroF1, Accuracy - other.Accuracy, MacroRecall - other.MacroRecall, (Auc - other.Auc) ?? 0,
    }.Max(Math.Abs);
}
