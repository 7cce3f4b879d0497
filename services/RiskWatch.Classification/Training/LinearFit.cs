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
    public const string Procedure = "3";

    // What a text weighs once more as evasion would write it, and without the marks of its source, so that no head leans on what both take away.
    private const float AlteredWeight = 0.2f;
    private const float UnmarkedWeight = 0.3f;

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
    public static LinearFit Fit(HeadRecipe recipe, IReadOnlyList<LabelledText> labelled, CancellationToken cancel)
    {
        var rows = Disguised(recipe.Language, labelled);
        var texts = new SparseText[rows.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = SparseText.Of(rows[i].Text);
        }

        var rarity = RarityOf(texts);
        LeaveOut(rarity, recipe.LeastEvents, rows, texts);
        var vectors = Array.ConvertAll(texts, t => t.Times(rarity));
        var balance = BalanceOf(recipe, rows);
        var weights = new float[recipe.Outputs][];
        var biases = new float[recipe.Outputs];
        var models = new ITransformer[recipe.Outputs];
        Parallel.For(0, recipe.Outputs, new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount }, output =>
        {
            var ml = new MLContext(seed: 1);
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
        });

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

    private static List<LabelledText> Disguised(string language, IReadOnlyList<LabelledText> rows)
    {
        var all = new List<LabelledText>(rows);
        foreach (var row in rows.Where(r => !r.Taught))
        {
            all.Add(row with { Text = Disguises.Altered(row.Text), Weight = row.Weight * AlteredWeight });
            if (language == "zh")
            {
                all.Add(row with { Text = Disguises.Pinyin(row.Text), Weight = row.Weight * AlteredWeight });
                all.Add(row with { Text = Disguises.Homophones(row.Text), Weight = row.Weight * AlteredWeight });
            }

            if (Disguises.Unmarked(row.Text) is var unmarked && unmarked != row.Text)
            {
                all.Add(row with { Text = unmarked, Weight = row.Weight * UnmarkedWeight });
            }
        }

        return all;
    }

    private static void LeaveOut(float[] rarity, int leastEvents, List<LabelledText> rows, SparseText[] texts)
    {
        if (leastEvents == 0)
        {
            return;
        }

        var events = rows.Select(r => r.Event).OfType<string>().Distinct(StringComparer.Ordinal).Index().ToDictionary(e => e.Item, e => 1UL << (e.Index % 64), StringComparer.Ordinal);
        var seen = new ulong[rarity.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            var own = rows[i].Event is { } name ? events[name] : 0;
            foreach (var bucket in texts[i].Buckets)
            {
                seen[bucket] |= own;
            }
        }

        for (var bucket = 0; bucket < seen.Length; bucket++)
        {
            rarity[bucket] = System.Numerics.BitOperations.PopCount(seen[bucket]) < leastEvents ? 0 : rarity[bucket];
        }
    }

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
