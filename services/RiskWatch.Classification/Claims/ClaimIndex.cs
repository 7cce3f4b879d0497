using System.Numerics.Tensors;
using RiskWatch.Classification.Text;
using RiskWatch.Contracts;

namespace RiskWatch.Classification.Claims;

/// <summary>
/// Checked claims, to be found again in what people write: by near-duplicate group, which costs nothing, and by likeness of sentence vectors where the record's is at
/// hand. A match stands beside the credibility and does not change it: whoever writes against a rumour repeats it too. Thread-safe.
/// </summary>
public sealed class ClaimIndex
{
    /// <summary>
    /// Least mean cosine of the vectors' two halves that counts as the same claim. Chosen on one half of DXY's claims so that at most one in a thousand ordinary posts is
    /// taken for one (<c>evaluate --claims</c>).
    /// </summary>
    public const double LeastSimilarity = 0.83;

    private readonly Dictionary<string, Claim> _byGroup = new(StringComparer.Ordinal);
    private readonly List<(Claim Claim, string Language)> _claims = [];
    private readonly Func<string, string, float[]?>? _encode;
    private readonly Lazy<Dictionary<string, List<(Claim Claim, float[] Vector)>>> _vectors;

    /// <summary>Indexes claims; <paramref name="encode"/> gives the vector of a text in a language, null: by group alone.</summary>
    internal ClaimIndex(IEnumerable<Claim> claims, Func<string, string, float[]?>? encode)
    {
        foreach (var claim in claims)
        {
            _claims.Add((claim, Models.LanguageIdentifier.Identify(claim.Text)));
            _byGroup.TryAdd(NearDuplicateGroup.Of(claim.Text), claim);
        }

        _encode = encode;
        // Thousands of claims take some seconds to encode: not before a record asks.
        _vectors = new Lazy<Dictionary<string, List<(Claim Claim, float[] Vector)>>>(Encoded);
    }

    /// <summary>Number of claims.</summary>
    public int Count => _claims.Count;

    /// <summary>The claim that a record repeats; null where none. <paramref name="vector"/>: of the record's text, null where it was not encoded.</summary>
    internal ClaimMatch? Match(string group, string language, ReadOnlySpan<float> vector)
    {
        if (_byGroup.TryGetValue(group, out var same))
        {
            return new ClaimMatch(same.Id, 1, same.Verdict, same.Published);
        }

        if (vector.IsEmpty || Nearest(language, vector) is not var (claim, similarity) || similarity < LeastSimilarity)
        {
            return null;
        }

        return new ClaimMatch(claim.Id, Math.Round(similarity, 3), claim.Verdict, claim.Published);
    }

    /// <summary>The claim in the same language that is most like a vector, with its similarity.</summary>
    internal (Claim Claim, double Similarity)? Nearest(string language, ReadOnlySpan<float> vector)
    {
        if (_encode is null || !_vectors.Value.TryGetValue(language, out var claims))
        {
            return null;
        }

        var (best, similarity) = ((Claim?)null, double.NegativeInfinity);
        foreach (var (claim, own) in claims)
        {
            // Both halves have length 1.
            var dot = TensorPrimitives.Dot(own, vector) / 2;
            if (dot > similarity)
            {
                (best, similarity) = (claim, dot);
            }
        }

        return best is null ? null : (best, similarity);
    }

    /// <summary>Which place a claim has among those of its language, 1 the nearest to a vector; 0: it has none.</summary>
    internal int RankOf(string id, string language, float[] vector)
    {
        var claims = _vectors.Value.GetValueOrDefault(language, []);
        var own = claims.Find(c => c.Claim.Id == id).Vector;
        return own is null ? 0 : 1 + claims.Count(c => TensorPrimitives.Dot<float>(c.Vector, vector) > TensorPrimitives.Dot<float>(own, vector));
    }

    private Dictionary<string, List<(Claim Claim, float[] Vector)>> Encoded()
    {
        var vectors = new float[_claims.Count][];
        Parallel.For(0, _claims.Count, i => vectors[i] = _encode!(_claims[i].Claim.Text, _claims[i].Language) ?? []);
        return _claims.Zip(vectors).Where(c => c.Second.Length > 0).GroupBy(c => c.First.Language)
            .ToDictionary(g => g.Key, g => g.Select(c => (c.First.Claim, c.Second)).ToList(), StringComparer.Ordinal);
    }
}
