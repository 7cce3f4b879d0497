using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>A fitted and calibrated head.</summary>
internal sealed record TrainedHead(HeadRecipe Recipe, LinearFit Fit, Calibration Calibration, IReadOnlyList<LabelledText> Rows)
{
    /// <summary>
    /// Trains on the rows before each set's report (<paramref name="all"/>: on all rows). Calibration comes first: a fit on the earlier rows
    /// scores the latest, which it has not seen; then the head is fitted to everything.
    /// </summary>
    public static TrainedHead Train(HeadFitter fitter, HeadData data, bool all, CancellationToken cancel)
    {
        var sets = data.Sets.Select(s => (Set: s, Rows: all ? s.Rows : [.. s.Rows.Take(s.ReportFrom)])).ToArray();
        var early = new List<LabelledText>();
        var late = new List<LabelledText>();
        foreach (var (set, rows) in sets)
        {
            var cut = set.Early(rows.Count);
            early.AddRange(rows.Take(cut));
            late.AddRange(rows.Skip(cut));
        }

        var calibration = Calibration.Fit(fitter.Fit(data.Recipe, early, cancel).Score(late), late, data.Recipe.Labels.Count, data.Recipe.Balance);
        var everything = sets.SelectMany(s => s.Rows).ToList();
        return new TrainedHead(data.Recipe, fitter.Fit(data.Recipe, everything, cancel), calibration, everything);
    }

    /// <summary>As a model file says it.</summary>
    public HeadHeader Header() => new()
    {
        Name = Recipe.Name,
        Labels = Recipe.Labels,
        Biases = Fit.Biases,
        Slope = Calibration.Slope,
        Intercepts = Calibration.Intercepts,
        Trained = Fingerprints.Pack(Rows.Select(r => r.Text)),
        Rows = Rows.Count,
    };
}
