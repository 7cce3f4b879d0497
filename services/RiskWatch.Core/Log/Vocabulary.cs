using System.IO.Hashing;
using System.Text.Json;

namespace RiskWatch.Core.Log;

/// <summary>Strings that come again and again (sources, sites, places, terms): the one that was made last time is handed out, without an allocation. Of fixed size, from any thread.</summary>
internal sealed class Vocabulary
{
    private const int Slots = 4096;
    private const int Longest = 64;

    private readonly string?[] _words = new string?[Slots];

    /// <summary>The value of a string token.</summary>
    public string Of(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > Longest)
        {
            return reader.GetString()!;
        }

        // Another thread may put another word there meanwhile; then the slot holds that one, and both are right.
        ref var slot = ref _words[XxHash3.HashToUInt64(reader.ValueSpan) % Slots];
        var word = slot;
        if (word is null || !reader.ValueTextEquals(word))
        {
            slot = word = reader.GetString()!;
        }

        return word;
    }
}
