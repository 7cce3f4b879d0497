using System.IO.Hashing;
using System.Text;

namespace RiskWatch.Core.Sketches;

/// <summary>The hashes that sketches, exemplars and contributions share. They are written to the log, so they never change.</summary>
public static class SketchHash
{
    /// <summary>XxHash64 of the UTF-8 bytes.</summary>
    public static ulong Of(string text, ulong seed = 0)
    {
        Span<byte> buffer = stackalloc byte[256];
        var bytes = Encoding.UTF8.GetMaxByteCount(text.Length) <= buffer.Length
            ? buffer[..Encoding.UTF8.GetBytes(text, buffer)]
            : Encoding.UTF8.GetBytes(text);
        return XxHash64.HashToUInt64(bytes, unchecked((long)seed));
    }

    /// <summary>Hash of a record's identity.</summary>
    public static ulong OfRecord(string source, string id) => Of(id, Of(source));

    /// <summary>Spreads the bits of a number (the finaliser of SplitMix64).</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
