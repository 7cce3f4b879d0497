using System.Runtime.InteropServices;
using RiskWatch.Classification.Encoders;

namespace RiskWatch.Classification.Training;

/// <summary>
/// Vectors of training texts by the hash of the folded text, kept in a file per encoder so that a second training does not encode again:
/// for each its hash (16 bytes) and its floats. A file cut short by a crash goes on after its last whole vector.
/// </summary>
internal sealed class VectorStore : IDisposable
{
    private readonly SentenceEncoder _encoder;
    private readonly Dictionary<UInt128, float[]> _vectors = [];
    private readonly FileStream? _file;
    private readonly Lock _lock = new();

    /// <summary>Opens the encoder's file in a folder, made if need be; null: nothing is kept.</summary>
    public VectorStore(SentenceEncoder encoder, string? folder)
    {
        _encoder = encoder;
        if (folder is null)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        _file = new FileStream(Path.Combine(folder, $"{encoder.Language}-{encoder.Hash[..16]}.vectors"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var entry = new byte[16 + (encoder.Dimensions * sizeof(float))];
        var whole = 0L;
        while (_file.ReadAtLeast(entry, entry.Length, throwOnEndOfStream: false) == entry.Length)
        {
            _vectors[MemoryMarshal.Read<UInt128>(entry)] = MemoryMarshal.Cast<byte, float>(entry.AsSpan(16)).ToArray();
            whole += entry.Length;
        }

        _file.SetLength(whole);
        _file.Position = whole;
    }

    /// <summary>Encodes what is not known yet, on all processors.</summary>
    public void Add(IReadOnlyCollection<string> texts, IProgress<string>? progress, CancellationToken cancel)
    {
        var missing = texts.Select(t => SentenceEncoder.Fold(t).ToString()).Where(f => !_vectors.ContainsKey(VectorCache.KeyOf(f))).Distinct(StringComparer.Ordinal).ToList();
        var done = 0;
        Parallel.ForEach(missing, new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount }, text =>
        {
            var vector = _encoder.Encode(text);
            lock (_lock)
            {
                Keep(VectorCache.KeyOf(text), vector);
                done++;
                if (done % 1000 == 0)
                {
                    progress?.Report($"encoding {_encoder.Language}: {done:N0} of {missing.Count:N0}");
                }
            }
        });
        _file?.Flush();
    }

    /// <summary>Vector of a text that was added.</summary>
    public float[] Of(string text) => _vectors[VectorCache.KeyOf(SentenceEncoder.Fold(text))];

    /// <summary>All vectors, in memory.</summary>
    public VectorCache ToCache()
    {
        var cache = new VectorCache(int.MaxValue);
        foreach (var (key, vector) in _vectors)
        {
            cache.Put(key, vector);
        }

        return cache;
    }

    public void Dispose() => _file?.Dispose();

    private void Keep(UInt128 key, float[] vector)
    {
        _vectors[key] = vector;
        if (_file is not null)
        {
            var entry = new byte[16 + (vector.Length * sizeof(float))];
            MemoryMarshal.Write(entry, key);
            MemoryMarshal.AsBytes(vector.AsSpan()).CopyTo(entry.AsSpan(16));
            _file.Write(entry);
        }
    }
}
