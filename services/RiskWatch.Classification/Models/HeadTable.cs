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

    private const int Ahead = 16;

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

    /// <summary>Adds up the features into the scratch's scores; biases are not in it. Columns beyond <see cref="Outputs"/> are 0.</summary>
    public void Score(ReadOnlySpan<int> buckets, ScoringScratch scratch)
    {
        var scores = scratch.Scores.AsSpan();
        if (buckets.IsEmpty)
        {
            scores.Clear();
            return;
        }

        var norm = 1 / MathF.Sqrt(buckets.Length);
        if (_bytes is null)
        {
            AddFloats(_floats!, buckets, scratch.Counts, scores);
            foreach (ref var score in scores)
            {
                score *= norm;
            }
        }
        else
        {
            AddBytes(_bytes, buckets, scratch);
            for (var i = 0; i < MaximumOutputs; i++)
            {
                scores[i] *= norm * _scales[i];
            }
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

        foreach (var bucket in buckets)
        {
            counts[bucket] = 0;
        }
    }

    private static unsafe void AddBytes(sbyte[] table, ReadOnlySpan<int> buckets, ScoringScratch scratch)
    {
        // One bit a bucket fits the first-level cache; the few repeated features wait for a second round.
        ref var bits = ref MemoryMarshal.GetArrayDataReference(scratch.Seen);
        ref var first = ref MemoryMarshal.GetArrayDataReference(table);
        var repeats = scratch.Repeats;
        var repeated = 0;
        Vector256<short> small = default;
        Vector256<int> low = default, high = default;
        for (var i = 0; i < buckets.Length; i++)
        {
            // 256 bytes of at most 127 fit into 16 bits.
            if ((i & 255) == 0)
            {
                low += Vector256.WidenLower(small);
                high += Vector256.WidenUpper(small);
                small = default;
            }

            if (Sse.IsSupported && i + Ahead < buckets.Length)
            {
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, buckets[i + Ahead] * MaximumOutputs)));
            }

            var bucket = buckets[i];
            ref var word = ref Unsafe.Add(ref bits, bucket >> 6);
            var bit = 1UL << bucket;
            if ((word & bit) != 0)
            {
                repeats[repeated++] = bucket;
                continue;
            }

            word |= bit;
            small += Widen(Vector128.LoadUnsafe(ref first, (nuint)(bucket * MaximumOutputs)));
        }

        foreach (var bucket in buckets)
        {
            Unsafe.Add(ref bits, bucket >> 6) = 0;
        }

        var lowSum = Vector256.ConvertToSingle(low + Vector256.WidenLower(small));
        var highSum = Vector256.ConvertToSingle(high + Vector256.WidenUpper(small));
        AddRepeats(table, repeats.AsSpan(0, repeated), scratch.Counts, ref lowSum, ref highSum);
        lowSum.CopyTo(scratch.Scores);
        highSum.CopyTo(scratch.Scores, Vector256<float>.Count);
    }

    private static void AddRepeats(sbyte[] table, ReadOnlySpan<int> repeats, Span<byte> counts, ref Vector256<float> low, ref Vector256<float> high)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(table);
        foreach (var bucket in repeats)
        {
            var seen = Math.Min(counts[bucket] + 1, 255);
            counts[bucket] = (byte)seen;
            var wide = Widen(Vector128.LoadUnsafe(ref first, (nuint)(bucket * MaximumOutputs)));
            low += Vector256.ConvertToSingle(Vector256.WidenLower(wide)) * Steps[seen];
            high += Vector256.ConvertToSingle(Vector256.WidenUpper(wide)) * Steps[seen];
        }

        foreach (var bucket in repeats)
        {
            counts[bucket] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Widen(Vector128<sbyte> v) =>
        Avx2.IsSupported ? Avx2.ConvertToVector256Int16(v) : Vector256.Create(Vector128.WidenLower(v), Vector128.WidenUpper(v));
}
