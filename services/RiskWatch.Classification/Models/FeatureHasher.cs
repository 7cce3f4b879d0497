using System.Runtime.CompilerServices;

namespace RiskWatch.Classification.Models;

/// <summary>
/// Hashed features of a folded text, in one pass and without allocation. A token is a CJK character, a symbol, an emoji or an alphabetic word;
/// features are tokens, pairs and triples of tokens, and the 3- to 5-grams inside words. No segmenter, no vocabulary.
/// </summary>
internal static class FeatureHasher
{
    /// <summary>Buckets, a power of two.</summary>
    public const int Bits = 18;

    /// <summary>Number of buckets.</summary>
    public const int Buckets = 1 << Bits;

    /// <summary>Features taken from one text at most; what follows is not read.</summary>
    public const int Limit = 8192;

    private const uint WordSeed = 2166136261;
    private const int LongestGram = 5;

    /// <summary>Writes the bucket of each feature occurrence; returns how many.</summary>
    public static int Extract(ReadOnlySpan<char> folded, Span<int> buckets)
    {
        var count = 0;
        uint before = 0, beforeThat = 0;
        // A token adds at most three features, a word of n letters at most 3 + 3(n + 2).
        var end = buckets.Length - 3;
        for (var i = 0; i < folded.Length && count < end;)
        {
            var c = folded[i];
            uint token;
            if (c == ' ')
            {
                i++;
                continue;
            }

            if (TextFolding.IsWordCharacter(c))
            {
                var start = i;
                token = WordSeed;
                do
                {
                    token = (token ^ folded[i]) * 16777619u;
                    i++;
                }
                while (i < folded.Length && TextFolding.IsWordCharacter(folded[i]));
                token |= 0x8000_0000;
                count = WordGrams(folded[start..i], buckets, count, end);
            }
            else if (char.IsHighSurrogate(c) && i + 1 < folded.Length)
            {
                token = ((uint)c << 16) | folded[i + 1];
                i += 2;
            }
            else
            {
                token = c;
                i++;
            }

            buckets[count++] = Bucket(token * 0x9E3779B1u);
            if (before != 0)
            {
                var pair = Mix(before, token);
                buckets[count++] = Bucket(pair);
                if (beforeThat != 0)
                {
                    buckets[count++] = Bucket(Mix(beforeThat * 0x27D4EB2Fu, pair));
                }
            }

            beforeThat = before;
            before = token;
        }

        return count;
    }

    private static int WordGrams(ReadOnlySpan<char> word, Span<int> buckets, int count, int end)
    {
        // The marks of beginning and end make "re-" and "-ed" features of their own.
        for (var start = -1; start + 2 <= word.Length && count < end - LongestGram; start++)
        {
            var hash = 0x85EBCA6Bu;
            for (var length = 1; length <= LongestGram && start + length <= word.Length + 1; length++)
            {
                var at = start + length - 1;
                var c = at < 0 || at >= word.Length ? '_' : word[at];
                hash = (hash ^ c) * 0x01000193u;
                hash ^= hash >> 13;
                if (length >= 3)
                {
                    buckets[count++] = Bucket(hash * 0xC2B2AE35u);
                }
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mix(uint left, uint right)
    {
        var h = (left * 0x85EBCA77u) ^ (right * 0xC2B2AE3Du);
        return (h ^ (h >> 15)) * 0x2C1B3C6Du;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bucket(uint hash) => (int)((hash ^ (hash >> 16)) * 0x7FEB352Du >> (32 - Bits));
}
