using System.Numerics.Tensors;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Encoders;

/// <summary>
/// Vectors of texts that people labelled, rounded to bytes, without the texts: what a text lies near says why the encoder stage scores it as it does.
/// </summary>
internal sealed class LabelledNeighbours
{
    /// <summary>Neighbours shown.</summary>
    public const int Most = 5;

    private readonly NeighbourSet _set;
    private readonly IReadOnlyList<string> _labels;
    private readonly float[][] _vectors;

    /// <summary>From a set and its bytes, a vector after the other.</summary>
    public LabelledNeighbours(NeighbourSet set, IReadOnlyList<string> labels, ReadOnlySpan<sbyte> bytes, int dimensions)
    {
        _set = set;
        _labels = labels;
        _vectors = new float[set.Labels.Count][];
        for (var i = 0; i < _vectors.Length; i++)
        {
            var vector = new float[dimensions];
            TensorPrimitives.ConvertTruncating(bytes.Slice(i * dimensions, dimensions), vector);
            _vectors[i] = vector;
        }
    }

    /// <summary>The nearest by cosine, nearest first.</summary>
    public IReadOnlyList<ExplainedNeighbour> Nearest(ReadOnlySpan<float> vector)
    {
        var likeness = new float[_vectors.Length];
        for (var i = 0; i < likeness.Length; i++)
        {
            likeness[i] = TensorPrimitives.CosineSimilarity(_vectors[i], vector);
        }

        return [.. Enumerable.Range(0, likeness.Length).OrderByDescending(i => likeness[i]).Take(Most)
            .Select(i => new ExplainedNeighbour(_labels[_set.Labels[i]], Math.Round(likeness[i], 3)))];
    }

    /// <summary>A vector as bytes: its largest value becomes 127.</summary>
    public static void Quantise(ReadOnlySpan<float> vector, Span<sbyte> bytes)
    {
        var scale = sbyte.MaxValue / MathF.Abs(TensorPrimitives.MaxMagnitude(vector));
        for (var i = 0; i < vector.Length; i++)
        {
            bytes[i] = (sbyte)MathF.Round(vector[i] * scale);
        }
    }
}
