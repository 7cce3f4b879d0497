using Microsoft.ML;
using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>Trains the second heads: logistic regressions over a text's vector and the fast scores of the same head, calibrated on the latest part of the training rows.</summary>
internal static class EncoderTrainer
{
    /// <summary>Trains all second heads on the rows before each split (<paramref name="all"/>: on all rows); <paramref name="fast"/> was trained on the same.</summary>
    public static (EncoderHeader Header, List<float[]> Weights) Train(
        HeadFitter fitter, IReadOnlyList<HeadData> data, bool all, FastModel fast, IReadOnlyList<(SentenceEncoder Encoder, VectorStore Vectors)> encoders, IProgress<string>? progress, CancellationToken cancel)
    {
        var weights = new List<float[]>();
        var families = new List<EncoderFamilyHeader>();
        foreach (var (encoder, vectors) in encoders)
        {
            var heads = new List<HeadHeader>();
            foreach (var head in data.Where(d => d.Recipe.Language == encoder.Language && d.Recipe.Second is not null))
            {
                progress?.Report($"training the second head of {head.Recipe.Language} {head.Recipe.Name} {(all ? "on all rows" : "on earlier rows")}");
                var rows = SecondRows.Of(fitter, head, all, fast, vectors, progress, cancel);
                var (header, own) = Head(fitter.Ml, head.Recipe, rows, cancel);
                heads.Add(header);
                weights.AddRange(own);
            }

            families.Add(new EncoderFamilyHeader { Language = encoder.Language, Encoder = encoder.Hash, Dimensions = encoder.Dimensions, Heads = heads });
        }

        return (new EncoderHeader { FastVersion = fast.Version, Families = families }, weights);
    }

    // As the fast heads: a fit on the earlier rows scores the latest, which calibrate it; then the head is fitted to everything.
    private static (HeadHeader Header, float[][] Weights) Head(MLContext ml, HeadRecipe recipe, SecondRows rows, CancellationToken cancel)
    {
        var early = DenseFit.Fit(ml, recipe, recipe.Second!, rows.Early.Rows, rows.Early.Vectors, cancel);
        var calibration = Calibration.Fit(early.Score(rows.Late.Vectors), rows.Late.Rows, recipe.Labels.Count, recipe.Balance);
        List<LabelledText> everything = [.. rows.Early.Rows, .. rows.Late.Rows];
        var fit = DenseFit.Fit(ml, recipe, recipe.Second!, everything, [.. rows.Early.Vectors, .. rows.Late.Vectors], cancel);
        return (
            new HeadHeader
            {
                Name = recipe.Name,
                Labels = recipe.Labels,
                Biases = fit.Biases,
                Slope = calibration.Slope,
                Intercepts = calibration.Intercepts,
                Trained = [],
                Rows = everything.Count,
            },
            fit.Weights);
    }
}
