using System.Numerics.Tensors;
using RiskWatch.Classification.Models;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Encoders;

/// <summary>The encoder of one language with its second heads and the vectors it held last.</summary>
internal sealed class EncoderFamily(EncoderFamilyHeader header, float[][] weights, sbyte[][] neighbours, SentenceEncoder encoder, VectorCache cache) : IDisposable
{
    private const int MostOutputs = 16;

    private readonly HeadHeader[] _heads = [.. header.Heads];

    // Only who asks why pays for them.
    private readonly Lazy<Dictionary<string, LabelledNeighbours>> _neighbours = new(() => header.Neighbours.Zip(neighbours).ToDictionary(
        n => n.First.Head, n => new LabelledNeighbours(n.First, header.Heads.First(h => h.Name == n.First.Head).Labels, n.Second, header.Dimensions), StringComparer.Ordinal));

    public string Language => header.Language;

    /// <summary>The labelled texts of a head nearest to a vector.</summary>
    public IReadOnlyList<ExplainedNeighbour> Nearest(ReadOnlySpan<float> vector, string head) => _neighbours.Value.TryGetValue(head, out var set) ? set.Nearest(vector) : [];

    /// <summary>Vector of a folded text; null where the budget does not allow it.</summary>
    public EncoderOutcome Vector(ReadOnlySpan<char> folded, EncoderBudget budget, out float[]? vector)
    {
        var key = VectorCache.KeyOf(folded);
        if (cache.TryGet(key, out vector!))
        {
            return EncoderOutcome.Cached;
        }

        if (!budget.Allows())
        {
            vector = null;
            return EncoderOutcome.Shed;
        }

        var started = budget.Now;
        vector = encoder.Encode(folded);
        budget.Spend(started);
        cache.Put(key, vector);
        return EncoderOutcome.Encoded;
    }

    /// <summary>Reads all heads into the scores; <paramref name="raw"/> are the fast table's sums, which are overwritten.</summary>
    public void Read(float[] vector, FastFamily fast, Span<float> raw, int features, ref FastScores scores)
    {
        Span<float> logits = stackalloc float[MostOutputs];
        var at = 0;
        var moods = false;
        foreach (var head in _heads)
        {
            var own = logits[..head.Outputs];
            var first = fast.Logits(raw, head.Name);
            for (var i = 0; i < own.Length; i++)
            {
                ReadOnlySpan<float> output = weights[at + i];
                var score = TensorPrimitives.Dot(output[..vector.Length], vector) + TensorPrimitives.Dot(output[vector.Length..], first);
                own[i] = (head.Slope * (score + head.Biases[i])) + head.Intercepts[i];
            }

            at += own.Length;
            FastFamily.Apply(head.Name, own, features, ref scores);
            moods |= head.Name == HeadNames.Sentiment;
        }

        if (moods)
        {
            FastFamily.MixMoods(ref scores);
        }
    }

    public void Dispose() => encoder.Dispose();
}
