using System.Numerics.Tensors;
using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Encoders;

/// <summary>
/// A sentence encoder of one language (BERT, ONNX): a text becomes a vector, the row of <c>[CLS]</c> and the mean of all rows, each of length 1.
/// One text a call, since int8 activations are scaled over a whole batch; one thread a call, so that as many calls run side by side as there are callers.
/// Thread-safe.
/// </summary>
internal sealed class SentenceEncoder : IDisposable
{
    private static readonly string[] Inputs = ["input_ids", "attention_mask", "token_type_ids"];
    private static readonly string[] Outputs = ["last_hidden_state"];

    private readonly EncoderTokenizer _tokens;
    private readonly Lazy<InferenceSession> _session;

    private SentenceEncoder(string path, byte[] graphHash, byte[] vocabulary, string language)
    {
        Path = path;
        Language = language;
        Hash = Convert.ToHexStringLower(SHA256.HashData([.. graphHash, .. SHA256.HashData(vocabulary)]));
        _tokens = EncoderTokenizer.Of(vocabulary, language);
        // A process that never encodes does not pay for the graph.
        _session = new Lazy<InferenceSession>(() => Open(path));
    }

    /// <summary>File of the graph.</summary>
    public string Path { get; }

    /// <summary>BCP 47 of the texts that it reads.</summary>
    public string Language { get; }

    /// <summary>SHA-256 over those of graph and vocabulary: vectors of another hash mean something else.</summary>
    public string Hash { get; }

    /// <summary>Length of a vector.</summary>
    public int Dimensions => 2 * _session.Value.OutputMetadata[Outputs[0]].Dimensions[^1];

    /// <summary>Reads <c>LANGUAGE.onnx</c> and <c>LANGUAGE.vocab.txt</c>; null where the folder has no encoder for the language.</summary>
    /// <exception cref="ModelFileException">One of the two is missing, cannot be read, or is no vocabulary.</exception>
    public static SentenceEncoder? Load(string folder, string language)
    {
        var path = System.IO.Path.Combine(folder, language + ".onnx");
        if (!File.Exists(path))
        {
            return null;
        }

        var vocabulary = System.IO.Path.Combine(folder, language + ".vocab.txt");
        try
        {
            return new SentenceEncoder(path, Read(path, SHA256.HashData), Read(vocabulary, Bytes), language);
        }
        catch (ArgumentException e)
        {
            throw new ModelFileException(vocabulary, "is no vocabulary of BERT: " + e.Message, e);
        }
    }

    /// <summary>A text as encoders read it: folded as for the fast heads (<see cref="TextFolding"/>), without spaces around it. Holds until this thread folds another.</summary>
    public static ReadOnlySpan<char> Fold(ReadOnlySpan<char> text)
    {
        var scratch = ScoringScratch.Current;
        return scratch.Folded.AsSpan(0, TextFolding.Fold(text, scratch.Folded)).Trim(' ');
    }

    /// <summary>Token ids of a text, as its vector is made of them.</summary>
    public long[] Ids(string text) => _tokens.Ids(Fold(text));

    /// <summary>Vector of a text as <see cref="Fold"/> gives it.</summary>
    /// <exception cref="ModelFileException">The graph cannot be run.</exception>
    public float[] Encode(ReadOnlySpan<char> folded)
    {
        var ids = _tokens.Ids(folded);
        var mask = new long[ids.Length];
        Array.Fill(mask, 1);
        long[] shape = [1, ids.Length];
        using var options = new RunOptions();
        using var idValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typeValue = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        using var results = _session.Value.Run(options, Inputs, [idValue, maskValue, typeValue], Outputs);
        return Pool(results[0].GetTensorDataAsSpan<float>(), ids.Length);
    }

    public void Dispose()
    {
        if (_session.IsValueCreated)
        {
            _session.Value.Dispose();
        }
    }

    private static float[] Pool(ReadOnlySpan<float> rows, int length)
    {
        var width = rows.Length / length;
        var vector = new float[2 * width];
        rows[..width].CopyTo(vector);
        var mean = vector.AsSpan(width);
        for (var i = 0; i < length; i++)
        {
            TensorPrimitives.Add(mean, rows.Slice(i * width, width), mean);
        }

        Unit(vector.AsSpan(0, width));
        Unit(mean);
        return vector;
    }

    private static void Unit(Span<float> vector)
    {
        var norm = TensorPrimitives.Norm<float>(vector);
        if (norm > 0)
        {
            TensorPrimitives.Divide(vector, norm, vector);
        }
    }

    private static InferenceSession Open(string path)
    {
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL };
            return new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFileException(path, "cannot be run: " + e.Message, e);
        }
    }

    private static byte[] Read(string path, Func<Stream, byte[]> read)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return read(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, e is FileNotFoundException ? "is missing" : "cannot be read: " + e.Message, e);
        }
    }

    private static byte[] Bytes(Stream stream)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
