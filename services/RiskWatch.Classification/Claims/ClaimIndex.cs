using RiskWatch.Classification.Text;
using RiskWatch.Contracts;

namespace RiskWatch.Classification.Claims;

/// <summary>
/// Checked claims, to be found again in what people write: by near-duplicate group, by wording, and by likeness of sentence vectors where the record's is at
/// hand. A match stands beside the credibility and does not change it: whoever writes against a rumour repeats it too. Thread-safe.
/// </summary>
public sealed class ClaimIndex
{
    /// <summary>
    /// Least similarity that counts as the same claim: the mean of the vectors' cosine and of the share of the claim's wording in the text. Chosen on one half of DXY's claims
    /// so that at most one in a thousand ordinary posts is taken for one (<c>evaluate --claims</c>).
    /// </summary>
    public const double LeastSimilarity = 0.45;

    // Without a vector nearly the whole wording must be there.
    private const double LeastWording = 0.9;

    private readonly Dictionary<string, Claim> _byGroup = new(StringComparer.Ordinal);
    private readonly List<(Claim Claim, string Language)> _claims = [];
    private readonly ClaimWords _words;
    private readonly Func<string, string, float[]?>? _encode;
    private readonly Lazy<Dictionary<string, ClaimVectors>> _vectors;

    /// <summary>Indexes claims; <paramref name="encode"/> gives the vector of a text in a language, null: by group and wording alone.</summary>
    internal ClaimIndex(IEnumerable<Claim> claims, Func<string, string, float[]?>? encode)
    {
        foreach (var claim in claims)
        {
            _claims.Add((claim, Models.LanguageIdentifier.Identify(claim.Text)));
            _byGroup.TryAdd(NearDuplicateGroup.Of(claim.Text), claim);
        }

        _words = new ClaimWords(_claims.ConvertAll(c => c.Claim.Text));
        _encode = encode;
        // Thousands of claims take some seconds to encode: not before a record asks.
        _vectors = new Lazy<Dictionary<string, ClaimVectors>>(Encoded);
    }

    /// <summary>Number of claims.</summary>
    public int Count => _claims.Count;

    /// <summary>The claim that a record repeats; null where none.</summary>
    /// <param name="group">Near-duplicate group of its text.</param>
    /// <param name="text">Its text.</param>
    /// <param name="language">BCP 47 of it.</param>
    /// <param name="vector">Its vector, null where it was not encoded.</param>
    internal ClaimMatch? Match(string group, string text, string language, float[]? vector)
    {
        if (_byGroup.TryGetValue(group, out var same))
        {
            return new ClaimMatch(same.Id, 1, same.Verdict, same.Published);
        }

        return Nearest(text, language, vector) is var (claim, similarity) && similarity >= (vector is null ? LeastWording : LeastSimilarity)
            ? new ClaimMatch(claim.Id, Math.Round(Math.Min(similarity, 0.999), 3), claim.Verdict, claim.Published) : null;
    }

    /// <summary>The claim in the same language that is most like a text, with its similarity.</summary>
    internal (Claim Claim, double Similarity)? Nearest(string text, string language, float[]? vector)
    {
        var (best, most) = ((Claim?)null, double.NegativeInfinity);
        foreach (var (index, similarity) in Similarities(text, language, vector))
        {
            if (similarity > most)
            {
                (best, most) = (_claims[index].Claim, similarity);
            }
        }

        return best is null ? null : (best, most);
    }

    /// <summary>Which place a claim has among those of the text's language, 1 the most like it; 0: it has none.</summary>
    internal int RankOf(string id, string text, string language, float[]? vector)
    {
        var all = Similarities(text, language, vector).ToList();
        var own = all.FindIndex(c => _claims[c.Index].Claim.Id == id);
        return own < 0 ? 0 : 1 + all.Count(c => c.Similarity > all[own].Similarity);
    }

    private IEnumerable<(int Index, double Similarity)> Similarities(string text, string language, float[]? vector)
    {
        var held = _words.In(text);
        return vector is not null && _encode is not null && _vectors.Value.TryGetValue(language, out var vectors)
            ? vectors.Cosines(vector).Select(c => (c.Index, (c.Cosine + held.GetValueOrDefault(c.Index)) / 2))
            : held.Where(h => _claims[h.Key].Language == language).Select(h => (h.Key, h.Value));
    }

    private Dictionary<string, ClaimVectors> Encoded()
    {
        var vectors = new float[_claims.Count][];
        Parallel.For(0, _claims.Count, i => vectors[i] = _encode!(_claims[i].Claim.Text, _claims[i].Language) ?? []);
        return Enumerable.Range(0, vectors.Length).Where(i => vectors[i].Length > 0).GroupBy(i => _claims[i].Language)
            .ToDictionary(g => g.Key, g => new ClaimVectors(g.ToDictionary(i => i, i => vectors[i])), StringComparer.Ordinal);
    }
}
