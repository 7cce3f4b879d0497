using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace RiskWatch.Classification.Encoders;

/// <summary>Vectors by the hash of their text, the last ones asked for in two generations. Bounded, thread-safe, in memory only, without authors or texts.</summary>
internal sealed class VectorCache(int most)
{
    private readonly Lock _lock = new();
    private Dictionary<UInt128, float[]> _young = [];
    private Dictionary<UInt128, float[]> _old = [];

    /// <summary>Hash of a folded text.</summary>
    public static UInt128 KeyOf(ReadOnlySpan<char> folded) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(folded));

    /// <summary>The vector, if it is still held.</summary>
    public bool TryGet(UInt128 key, out float[] vector)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out vector!))
            {
                return true;
            }

            if (!_old.TryGetValue(key, out vector!))
            {
                return false;
            }
        }

        Put(key, vector);
        return true;
    }

    /// <summary>Keeps a vector; the half that was not asked for longest goes when full.</summary>
    public void Put(UInt128 key, float[] vector)
    {
        lock (_lock)
        {
            if (_young.Count >= (most / 2) + 1)
            {
                (_old, _young) = (_young, []);
            }

            _young[key] = vector;
        }
    }
}
