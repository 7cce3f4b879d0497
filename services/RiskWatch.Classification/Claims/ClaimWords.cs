using RiskWatch.Classification.Models;
using RiskWatch.Core.Sketches;

namespace RiskWatch.Classification.Claims;

/// <summary>
/// How much of each claim's wording a text holds: the share of its pairs of neighbouring characters (of alphabetic scripts: its words), each weighing the more the fewer
/// claims have it. A claim told within a longer post keeps its wording, while the post as a whole means much else.
/// </summary>
internal sealed class ClaimWords
{
    // What so few pairs say is chance.
    private const int LeastPairs = 5;

    private readonly Dictionary<ulong, List<int>> _claims = [];
    private readonly float[] _whole;

    public ClaimWords(IReadOnlyList<string> claims)
    {
        _whole = new float[claims.Count];
        for (var i = 0; i < claims.Count; i++)
        {
            foreach (var pair in PairsOf(claims[i]))
            {
                if (!_claims.TryGetValue(pair, out var holders))
                {
                    _claims[pair] = holders = [];
                }

                holders.Add(i);
            }
        }

        foreach (var holders in _claims.Values)
        {
            holders.ForEach(i => _whole[i] += Weight(holders.Count));
        }

        for (var i = 0; i < claims.Count; i++)
        {
            _whole[i] = PairsOf(claims[i]).Count < LeastPairs ? float.PositiveInfinity : _whole[i];
        }
    }

    /// <summary>Share of each claim that a text holds, 0–1, by the claim's index; claims of which it holds nothing are left out.</summary>
    public Dictionary<int, double> In(string text)
    {
        var held = new Dictionary<int, double>();
        foreach (var pair in PairsOf(text))
        {
            foreach (var claim in _claims.GetValueOrDefault(pair) ?? [])
            {
                held[claim] = held.GetValueOrDefault(claim) + (Weight(_claims[pair].Count) / _whole[claim]);
            }
        }

        return held;
    }

    private float Weight(int holders) => MathF.Log(1 + (_whole.Length / (float)holders));

    private static HashSet<ulong> PairsOf(string text)
    {
        var scratch = ScoringScratch.Current;
        ReadOnlySpan<char> folded = scratch.Folded.AsSpan(0, TextFolding.Fold(text, scratch.Folded));
        var pairs = new HashSet<ulong>();
        ulong before = 0;
        for (var i = 0; i < folded.Length;)
        {
            var start = i;
            while (i < folded.Length && TextFolding.IsWordCharacter(folded[i]))
            {
                i++;
            }

            if (i > start)
            {
                pairs.Add(SketchHash.Of(folded[start..i].ToString()));
                before = 0;
                continue;
            }

            var c = folded[i++];
            var own = char.IsLetter(c) ? c : 0UL;
            if (own != 0 && before != 0)
            {
                pairs.Add((before << 16) | own);
            }

            before = own;
        }

        return pairs;
    }
}
