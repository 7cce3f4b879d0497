using Microsoft.ML;
using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Models;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Training;

/// <summary>Trains the second heads: logistic regressions over a text's vector and the fast scores of the same head, calibrated on the latest part of the training rows.</summary>
internal static class EncoderTrainer
{
    private const int MostNeighbours = 600;

    /// <summary>Trains all second heads on the rows before each split (<paramref name="all"/>: on all rows); <paramref name="fast"/> was trained on the same.</summary>
    public static EncoderHeads Train(
        HeadFitter fitter, IReadOnlyList<HeadData> data, bool all, FastModel fast, IReadOnlyList<(SentenceEncoder Encoder, VectorStore Vectors)> encoders, IProgress<string>? progress, CancellationToken cancel)
    {
        var weights = new List<float[]>();
        var neighbours = new List<sbyte[]>();
        var families = new List<EncoderFamilyHeader>();
        foreach (var (encoder, vectors) in encoders)
        {
            var (heads, sets) = (new List<HeadHeader>(), new List<NeighbourSet>());
            foreach (var head in data.Where(d => d.Recipe.Language == encoder.Language && d.Recipe.Second is not null))
            {
                progress?.Report($"training the second head of {head.Recipe.Language} {head.Recipe.Name} {(all ? "on all rows" : "on earlier rows")}");
                var rows = SecondRows.Of(fitter, head, all, fast, vectors, progress, cancel);
                var (header, own) = Head(fitter.Ml, head.Recipe, rows, cancel);
                heads.Add(header);
                weights.AddRange(own);
                var (set, bytes) = Neighbours(head.Recipe, rows, vectors);
                sets.Add(set);
                neighbours.Add(bytes);
            }

            families.Add(new EncoderFamilyHeader { Language = encoder.Language, Encoder = encoder.Hash, Dimensions = encoder.Dimensions, Heads = heads, Neighbours = sets });
        }

        return new EncoderHeads(new EncoderHeader { FastVersion = fast.Version, Families = families }, weights, neighbours);
    }

    // As many of each label, in an order that has nothing to do with what they say.
    private static (NeighbourSet Set, sbyte[] Vectors) Neighbours(HeadRecipe recipe, SecondRows rows, VectorStore vectors)
    {
        List<LabelledText> chosen = [.. rows.Early.Rows.Concat(rows.Late.Rows).GroupBy(r => r.Label).OrderBy(g => g.Key).SelectMany(g => g.OrderBy(r => StableHash.Of(r.Text)).Take(MostNeighbours / recipe.Labels.Count))];
        var width = chosen.Count == 0 ? 0 : vectors.Of(chosen[0].Text).Length;
        var bytes = new sbyte[chosen.Count * width];
        for (var i = 0; i < chosen.Count; i++)
        {
            LabelledNeighbours.Quantise(vectors.Of(chosen[i].Text), bytes.AsSpan(i * width, width));
        }

        return (new NeighbourSet(recipe.Name, [.. chosen.Select(r => r.Label)]), bytes);
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
