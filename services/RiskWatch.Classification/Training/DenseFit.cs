using Microsoft.ML;
using Microsoft.ML.Data;

namespace RiskWatch.Classification.Training;

/// <summary>
/// Logistic regressions by ML.NET over dense vectors, one per output, on standardised values; the compiled weights and biases have mean and deviation
/// folded in. One thread and L-BFGS from zero, so that the same rows give the same weights.
/// </summary>
internal sealed class DenseFit
{
    private DenseFit(float[][] weights, float[] biases)
    {
        Weights = weights;
        Biases = biases;
    }

    /// <summary>Compiled weights per output.</summary>
    public float[][] Weights { get; }

    /// <summary>Bias per output.</summary>
    public float[] Biases { get; }

    /// <summary>Fits a recipe to vectors and their rows: as many last values as the head has outputs are the fast scores.</summary>
    public static DenseFit Fit(MLContext ml, HeadRecipe recipe, SecondHead second, IReadOnlyList<LabelledText> rows, IReadOnlyList<float[]> vectors, CancellationToken cancel)
    {
        var (mean, scale) = Spread(vectors);
        for (var i = mean.Length - recipe.Outputs; i < mean.Length; i++)
        {
            scale[i] *= second.Trust;
        }

        var standard = vectors.Select(v => v.Select((x, i) => (x - mean[i]) * scale[i]).ToArray()).ToList();
        var balance = LinearFit.BalanceOf(recipe, rows);
        var schema = SchemaDefinition.Create(typeof(DenseRow));
        schema[nameof(DenseRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, mean.Length);
        var weights = new float[recipe.Outputs][];
        var biases = new float[recipe.Outputs];
        for (var output = 0; output < recipe.Outputs; output++)
        {
            cancel.ThrowIfCancellationRequested();
            var label = recipe.Outputs == 1 ? 1 : output;
            var data = ml.Data.LoadFromEnumerable(
                rows.Select((r, i) => new DenseRow { Label = r.Label == label, Weight = r.Weight * balance[r.Label], Features = standard[i] }), schema);
            var linear = ml.BinaryClassification.Trainers.LbfgsLogisticRegression(LinearFit.Options(second.Regularisation)).Fit(data).Model.SubModel;
            weights[output] = [.. linear.Weights.Select((w, i) => w * scale[i])];
            biases[output] = linear.Bias - (float)weights[output].Select((w, i) => (double)w * mean[i]).Sum();
        }

        return new DenseFit(weights, biases);
    }

    /// <summary>Scores of vectors, biases included, per row.</summary>
    public float[][] Score(IReadOnlyList<float[]> vectors) =>
        [.. vectors.Select(v => Weights.Select((w, o) => System.Numerics.Tensors.TensorPrimitives.Dot<float>(w, v) + Biases[o]).ToArray())];

    private static (float[] Mean, float[] Scale) Spread(IReadOnlyList<float[]> vectors)
    {
        var width = vectors[0].Length;
        var (sum, squares) = (new double[width], new double[width]);
        foreach (var vector in vectors)
        {
            for (var i = 0; i < width; i++)
            {
                sum[i] += vector[i];
                squares[i] += (double)vector[i] * vector[i];
            }
        }

        var mean = Array.ConvertAll(sum, s => (float)(s / vectors.Count));
        var scale = squares.Select((s, i) => (s / vectors.Count) - ((double)mean[i] * mean[i])).Select(v => v > 1e-12 ? (float)(1 / Math.Sqrt(v)) : 0f).ToArray();
        return (mean, scale);
    }
}

/// <summary>A dense row as ML.NET sees it.</summary>
internal sealed class DenseRow
{
    public bool Label { get; set; }

    public float Weight { get; set; } = 1;

    public float[] Features { get; set; } = [];
}
