using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace RiskWatch.Core.Text;

/// <summary>A hash that is the same in every process, version and machine: XxHash64 with seed 0 of the UTF-8 bytes. Broken surrogates count as U+FFFD.</summary>
public static class StableHash
{
    private const int OnStack = 768;

    /// <summary>Hash of the text.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most <= OnStack)
        {
            Span<byte> small = stackalloc byte[OnStack];
            return XxHash64.HashToUInt64(small[..Encoding.UTF8.GetBytes(text, small)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            return XxHash64.HashToUInt64(rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Hash of the text as 16 lower-case hexadecimal digits.</summary>
    public static string Hex(ReadOnlySpan<char> text) => Hex(Of(text));

    /// <summary>A hash as 16 lower-case hexadecimal digits.</summary>
    public static string Hex(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);
}
