using System.Numerics.Tensors;

namespace RiskWatch.Classification.Claims;

/// <summary>
/// Sentence vectors of the claims of one language, less their mean: what all claims have in common tells none from another. Both halves of a vector have length 1 before
/// and after.
/// </summary>
internal sealed class ClaimVectors
{
    // Of fewer claims the mean would be one of them rather than what they share.
    private const int LeastCentred = 20;

    private readonly Dictionary<int, float[]> _vectors;
    private readonly float[]? _mean;

    /// <summary>Vectors by the claim's index; they are overwritten.</summary>
    public ClaimVectors(Dictionary<int, float[]> vectors)
    {
        _vectors = vectors;
        if (vectors.Count < LeastCentred)
        {
            return;
        }

        _mean = new float[vectors.Values.First().Length];
        foreach (var vector in vectors.Values)
        {
            TensorPrimitives.Add<float>(_mean, vector, _mean);
        }

        TensorPrimitives.Divide<float>(_mean, vectors.Count, _mean);
        foreach (var index in vectors.Keys)
        {
            vectors[index] = Centred(vectors[index]);
        }
    }

    /// <summary>Mean cosine of the halves, by the claim's index.</summary>
    public IEnumerable<(int Index, double Cosine)> Cosines(float[] vector)
    {
        var own = Centred(vector);
        return _vectors.Where(v => v.Value.Length == own.Length).Select(v => (v.Key, (double)TensorPrimitives.Dot<float>(v.Value, own) / 2));
    }

    private float[] Centred(float[] vector)
    {
        if (_mean is null || _mean.Length != vector.Length)
        {
            return vector;
        }

        var centred = new float[vector.Length];
        TensorPrimitives.Subtract<float>(vector, _mean, centred);
        var half = centred.Length / 2;
        Unit(centred.AsSpan(0, half));
        Unit(centred.AsSpan(half));
        return centred;
    }

    private static void Unit(Span<float> half)
    {
        if (TensorPrimitives.Norm<float>(half) is > 0 and var norm)
        {
            TensorPrimitives.Divide(half, norm, half);
        }
    }
}
