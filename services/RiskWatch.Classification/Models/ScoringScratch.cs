namespace RiskWatch.Classification.Models;

/// <summary>One thread's buffers, made once.</summary>
internal sealed class ScoringScratch
{
    [ThreadStatic]
    private static ScoringScratch? _current;

    /// <summary>This thread's.</summary>
    public static ScoringScratch Current => _current ??= new ScoringScratch();

    /// <summary>Folded text.</summary>
    public char[] Folded { get; } = new char[TextFolding.Limit];

    /// <summary>Buckets of the features.</summary>
    public int[] Buckets { get; } = new int[FeatureHasher.Limit];

    /// <summary>How often each bucket has been seen; all zero between texts.</summary>
    public byte[] Counts { get; } = new byte[FeatureHasher.Buckets];

    /// <summary>Which buckets have been seen, a bit each; all zero between texts.</summary>
    public ulong[] Seen { get; } = new ulong[FeatureHasher.Buckets / 64];

    /// <summary>Features that were seen before in the same text.</summary>
    public int[] Repeats { get; } = new int[FeatureHasher.Limit];

    /// <summary>Raw scores.</summary>
    public float[] Scores { get; } = new float[HeadTable.MaximumOutputs];

    /// <summary>Folds a text and extracts its features.</summary>
    public ReadOnlySpan<int> Features(ReadOnlySpan<char> text)
    {
        var length = TextFolding.Fold(text, Folded);
        return Buckets.AsSpan(0, FeatureHasher.Extract(Folded.AsSpan(0, length), Buckets));
    }
}
