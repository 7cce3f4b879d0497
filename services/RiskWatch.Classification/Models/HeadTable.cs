using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RiskWatch.Classification.Models;

/// <summary>
/// The weights of all heads of a language, interleaved by feature, so that one look-up serves every head.
/// Scores are Σ √count · weight / √(number of features). As floats it equals the trained heads; as bytes it is what ships.
/// </summary>
internal sealed class HeadTable
{
    /// <summary>Most outputs a table has.</summary>
    public const int MaximumOutputs = 16;

    private const int Ahead = 12;

    // What the n-th occurrence of a feature adds: √n − √(n − 1).
    private static readonly float[] Steps = [.. Enumerable.Range(0, 256).Select(n => MathF.Sqrt(n + 1) - MathF.Sqrt(n))];

    private readonly float[]? _floats;
    private readonly sbyte[]? _bytes;
    private readonly float[] _scales;

    private HeadTable(int outputs, float[]? floats, sbyte[]? bytes, float[] scales)
    {
        Outputs = outputs;
        _floats = floats;
        _bytes = bytes;
        _scales = scales;
    }

    /// <summary>Number of outputs.</summary>
    public int Outputs { get; }

    /// <summary>The stored bytes, outputs interleaved by feature without padding.</summary>
    public static int StoredLength(int outputs) => outputs * FeatureHasher.Buckets;

    /// <summary>From trained weights, one array per output.</summary>
    public static HeadTable FromWeights(IReadOnlyList<float[]> weights)
    {
        var floats = new float[FeatureHasher.Buckets * MaximumOutputs];
        for (var output = 0; output < weights.Count; output++)
        {
            for (var bucket = 0; bucket < FeatureHasher.Buckets; bucket++)
            {
                floats[(bucket * MaximumOutputs) + output] = weights[output][bucket];
            }
        }

        return new HeadTable(weights.Count, floats, null, []);
    }

    /// <summary>From the bytes of a file.</summary>
    public static HeadTable FromBytes(ReadOnlySpan<byte> stored, IReadOnlyList<float> scales)
    {
        var outputs = scales.Count;
        var bytes = GC.AllocateUninitializedArray<sbyte>(FeatureHasher.Buckets * MaximumOutputs, pinned: true);
        Array.Clear(bytes);
        // Stored output by output, which compresses better; read feature by feature.
        for (var output = 0; output < outputs; output++)
        {
            var column = MemoryMarshal.Cast<byte, sbyte>(stored.Slice(output * FeatureHasher.Buckets, FeatureHasher.Buckets));
            for (var bucket = 0; bucket < column.Length; bucket++)
            {
                bytes[(bucket * MaximumOutputs) + output] = column[bucket];
            }
        }

        var padded = new float[MaximumOutputs];
        for (var i = 0; i < outputs; i++)
        {
            padded[i] = scales[i];
        }

        return new HeadTable(outputs, null, bytes, padded);
    }

    /// <summary>Rounds trained weights to bytes; <paramref name="scale"/> is what a byte is multiplied by to give the weight back.</summary>
    public static sbyte[] Quantise(float[] weights, out float scale)
    {
        var largest = 0f;
        foreach (var weight in weights)
        {
            largest = Math.Max(largest, Math.Abs(weight));
        }

        scale = largest == 0 ? 1 : largest / 127;
        var bytes = new sbyte[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            bytes[i] = (sbyte)Math.Clamp(MathF.Round(weights[i] / scale), -127, 127);
        }

        return bytes;
    }

    /// <summary>Adds up the features; <paramref name="scores"/> has room for <see cref="MaximumOutputs"/>, biases are not in it.</summary>
    public void Score(ReadOnlySpan<int> buckets, Span<byte> counts, Span<float> scores)
    {
        if (buckets.IsEmpty)
        {
            scores[..MaximumOutputs].Clear();
            return;
        }

        if (_bytes is null)
        {
            AddFloats(_floats!, buckets, counts, scores);
        }
        else
        {
            AddBytes(_bytes, buckets, counts, scores);
        }

        foreach (var bucket in buckets)
        {
            counts[bucket] = 0;
        }

        var norm = 1 / MathF.Sqrt(buckets.Length);
        for (var i = 0; i < MaximumOutputs; i++)
        {
            scores[i] *= _bytes is null ? norm : norm * _scales[i];
        }
    }

    // The exact form: doubles, since it is compared with the trained heads to 1e-5.
    private static void AddFloats(float[] table, ReadOnlySpan<int> buckets, Span<byte> counts, Span<float> scores)
    {
        Span<double> sums = stackalloc double[MaximumOutputs];
        sums.Clear();
        foreach (var bucket in buckets)
        {
            var seen = counts[bucket];
            counts[bucket] = (byte)Math.Min(seen + 1, 255);
            var row = table.AsSpan(bucket * MaximumOutputs, MaximumOutputs);
            for (var output = 0; output < row.Length; output++)
            {
                sums[output] += (double)row[output] * Steps[seen];
            }
        }

        for (var output = 0; output < sums.Length; output++)
        {
            scores[output] = (float)sums[output];
        }
    }

    private static unsafe void AddBytes(sbyte[] table, ReadOnlySpan<int> buckets, Span<byte> counts, Span<float> scores)
    {
        Vector256<short> small = default;
        Vector512<int> once = default;
        Vector512<float> again = default;
        ref var first = ref MemoryMarshal.GetArrayDataReference(table);
        ref var counter = ref MemoryMarshal.GetReference(counts);
        var room = 250;
        for (var i = 0; i < buckets.Length; i++)
        {
            if (Sse.IsSupported && i + Ahead < buckets.Length)
            {
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, buckets[i + Ahead] * MaximumOutputs)));
            }

            var bucket = buckets[i];
            var wide = Widen(Vector128.LoadUnsafe(ref first, (nuint)(bucket * MaximumOutputs)));
            ref var seen = ref Unsafe.Add(ref counter, bucket);
            if (seen == 0)
            {
                seen = 1;
                small += wide;
                // 250 bytes of at most 127 fit into 16 bits.
                if (--room == 0)
                {
                    once += Widen(small);
                    small = default;
                    room = 250;
                }
            }
            else
            {
                again += Vector512.ConvertToSingle(Widen(wide)) * Steps[seen];
                seen = (byte)Math.Min(seen + 1, 255);
            }
        }

        (Vector512.ConvertToSingle(once + Widen(small)) + again).CopyTo(scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Widen(Vector128<sbyte> v) =>
        Avx2.IsSupported ? Avx2.ConvertToVector256Int16(v) : Vector256.Create(Vector128.WidenLower(v), Vector128.WidenUpper(v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(Vector256<short> v) => Vector512.Create(Vector256.WidenLower(v), Vector256.WidenUpper(v));
}
