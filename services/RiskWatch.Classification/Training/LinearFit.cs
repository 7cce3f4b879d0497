using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>
/// Logistic regressions by ML.NET, one per output, over shared features, and their compiled form: weights with the features' rarity folded in.
/// One thread and L-BFGS from zero, so that the same rows give the same weights.
/// </summary>
internal sealed class LinearFit
{
    /// <summary>Changes whenever the same rows would give other weights: features, rarity or trainer.</summary>
    public const string Procedure = "1";

    private LinearFit(float[] rarity, float[][] weights, float[] biases, ITransformer[] models)
    {
        Rarity = rarity;
        Weights = weights;
        Biases = biases;
        Models = models;
    }

    /// <summary>Inverse document frequency per bucket, 0 where no row has it.</summary>
    public float[] Rarity { get; }

    /// <summary>Compiled weights per output.</summary>
    public float[][] Weights { get; }

    /// <summary>Bias per output.</summary>
    public float[] Biases { get; }

    /// <summary>ML.NET's own model per output; none where the fit was read from bytes.</summary>
    public ITransformer[] Models { get; }

    /// <summary>Fits a recipe to rows.</summary>
    public static LinearFit Fit(MLContext ml, HeadRecipe recipe, IReadOnlyList<LabelledText> rows, CancellationToken cancel)
    {
        var texts = new SparseText[rows.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = SparseText.Of(rows[i].Text);
        }

        var rarity = RarityOf(texts);
        var vectors = Array.ConvertAll(texts, t => t.Times(rarity));
        var balance = BalanceOf(recipe, rows);
        var weights = new float[recipe.Outputs][];
        var biases = new float[recipe.Outputs];
        var models = new ITransformer[recipe.Outputs];
        for (var output = 0; output < recipe.Outputs; output++)
        {
            cancel.ThrowIfCancellationRequested();
            var label = recipe.Outputs == 1 ? 1 : output;
            var data = ml.Data.LoadFromEnumerable(
                Enumerable.Range(0, rows.Count).Select(i => new MlRow { Label = rows[i].Label == label, Weight = rows[i].Weight * balance[rows[i].Label], Features = vectors[i] }), MlRow.Schema());
            var fitted = ml.BinaryClassification.Trainers.LbfgsLogisticRegression(Options(recipe.Regularisation)).Fit(data);
            models[output] = fitted;
            var linear = fitted.Model.SubModel;
            weights[output] = [.. linear.Weights];
            for (var bucket = 0; bucket < weights[output].Length; bucket++)
            {
                weights[output][bucket] *= rarity[bucket];
            }

            biases[output] = linear.Bias;
        }

        return new LinearFit(rarity, weights, biases, models);
    }

    /// <summary>Weights and biases as bytes.</summary>
    public byte[] ToBytes() => MemoryMarshal.AsBytes<float>((float[])[.. Biases, .. Weights.SelectMany(w => w)]).ToArray();

    /// <summary>From bytes of <see cref="ToBytes"/>.</summary>
    public static LinearFit FromBytes(byte[] bytes, int outputs)
    {
        var floats = MemoryMarshal.Cast<byte, float>(bytes);
        var (biases, weights) = (floats[..outputs].ToArray(), new float[outputs][]);
        for (var output = 0; output < outputs; output++)
        {
            weights[output] = floats.Slice(outputs + (output * FeatureHasher.Buckets), FeatureHasher.Buckets).ToArray();
        }

        return new LinearFit([], weights, biases, []);
    }

    /// <summary>Scores of texts, biases included, per row.</summary>
    public float[][] Score(IReadOnlyList<LabelledText> rows)
    {
        var scores = new float[rows.Count][];
        for (var i = 0; i < scores.Length; i++)
        {
            var text = SparseText.Of(rows[i].Text);
            scores[i] = [.. Biases];
            for (var output = 0; output < Biases.Length; output++)
            {
                for (var k = 0; k < text.Buckets.Length; k++)
                {
                    scores[i][output] += Weights[output][text.Buckets[k]] * text.Values[k];
                }
            }
        }

        return scores;
    }

    /// <summary>How every head is fitted.</summary>
    internal static LbfgsLogisticRegressionBinaryTrainer.Options Options(float regularisation) => new()
    {
        ExampleWeightColumnName = nameof(MlRow.Weight),
        L1Regularization = 0,
        L2Regularization = regularisation,
        MaximumNumberOfIterations = 60,
        OptimizationTolerance = 1e-5f,
        DenseOptimizer = true,
        NumberOfThreads = 1,
    };

    private static float[] RarityOf(SparseText[] texts)
    {
        var counts = new int[FeatureHasher.Buckets];
        foreach (var text in texts)
        {
            foreach (var bucket in text.Buckets)
            {
                counts[bucket]++;
            }
        }

        return Array.ConvertAll(counts, n => n == 0 ? 0 : MathF.Log((1f + texts.Length) / (1f + n)) + 1);
    }

    internal static float[] BalanceOf(HeadRecipe recipe, IReadOnlyList<LabelledText> rows)
    {
        var shares = new double[recipe.Labels.Count];
        foreach (var row in rows)
        {
            shares[row.Label] += row.Weight;
        }

        var total = shares.Sum();
        return Array.ConvertAll(shares, s => s == 0 ? 1f : (float)Math.Pow(total / s / shares.Length, recipe.Balance));
    }
}
