using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>32-bit hashes of folded texts, by which a model file remembers what it was trained on, so that it is not measured on that.</summary>
internal static class Fingerprints
{
    /// <summary>Of one text.</summary>
    public static uint Of(string text)
    {
        var scratch = ScoringScratch.Current;
        var length = TextFolding.Fold(text, scratch.Folded);
        return (uint)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(scratch.Folded.AsSpan(0, length)));
    }

    /// <summary>Sorted, each once, little-endian.</summary>
    public static byte[] Pack(IEnumerable<string> texts)
    {
        var all = texts.Select(Of).Distinct().Order().ToArray();
        var packed = new byte[all.Length * 4];
        for (var i = 0; i < all.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(packed.AsSpan(i * 4), all[i]);
        }

        return packed;
    }

    /// <summary>From a packed form.</summary>
    public static HashSet<uint> Of(byte[] packed)
    {
        var all = new HashSet<uint>(packed.Length / 4);
        for (var i = 0; i + 4 <= packed.Length; i += 4)
        {
            all.Add(BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(i)));
        }

        return all;
    }
}
