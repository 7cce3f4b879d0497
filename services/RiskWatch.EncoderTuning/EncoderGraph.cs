using System.Runtime.InteropServices;
using Google.Protobuf;
using RiskWatch.EncoderTuning.Onnx;

namespace RiskWatch.EncoderTuning;

/// <summary>
/// The weights of a BERT encoder in an ONNX file that was quantised dynamically: matrices as int8 with a scale per output column and zero points of zero, embeddings as
/// uint8 with one scale, the rest as floats. Read as floats; written back into the same graph.
/// </summary>
internal sealed class EncoderGraph
{
    private const int Float = 1;
    private const int UnsignedByte = 2;
    private const int SignedByte = 3;
    private const int Largest = 127;

    private readonly ModelProto _model;
    private readonly Dictionary<string, TensorProto> _tensors;
    private readonly Dictionary<string, string> _matrices;

    private EncoderGraph(ModelProto model)
    {
        _model = model;
        _tensors = model.Graph.Initializer.ToDictionary(t => t.Name, StringComparer.Ordinal);
        // "/encoder/layer.0/attention/self/query/MatMul_quant" multiplies by the weights of encoder.layer.0.attention.self.query.
        _matrices = model.Graph.Node.Where(n => n.OpType == "MatMulInteger")
            .ToDictionary(n => n.Name[1..n.Name.LastIndexOf('/')].Replace('/', '.'), n => n.Input[1][..^"_quantized".Length], StringComparer.Ordinal);
    }

    /// <summary>Number of transformer layers.</summary>
    public int Layers => _matrices.Keys.Count(n => n.EndsWith(".intermediate.dense", StringComparison.Ordinal));

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no ONNX file, or its weights are not laid out as described.</exception>
    public static EncoderGraph Read(string path)
    {
        try
        {
            var graph = new EncoderGraph(ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)));
            return graph.Layers > 0 ? graph : throw new InvalidDataException($"'{path}' has no layers with int8 matrices.");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"'{path}' is no ONNX file.", e);
        }
    }

    /// <summary>Weights of a matrix by the name of its layer, as [inputs, outputs].</summary>
    public (float[] Values, long[] Shape) Matrix(string layer)
    {
        var name = _matrices[layer];
        var (tensor, scales) = (Tensor(name + "_quantized", SignedByte), Floats(name + "_scale"));
        if (Tensor(name + "_zero_point", SignedByte).Int32Data.Any(z => z != 0))
        {
            throw new InvalidDataException($"'{layer}' has zero points other than zero.");
        }

        var bytes = MemoryMarshal.Cast<byte, sbyte>(tensor.RawData.Span);
        var values = new float[bytes.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = bytes[i] * scales[i % scales.Length];
        }

        return (values, [.. tensor.Dims]);
    }

    /// <summary>An embedding table as [rows, dimensions], for example <c>embeddings.word_embeddings.weight</c>.</summary>
    public (float[] Values, long[] Shape) Table(string name)
    {
        var tensor = Tensor(name + "_quantized", UnsignedByte);
        var (scale, zero) = (Floats(name + "_scale")[0], Tensor(name + "_zero_point", UnsignedByte).Int32Data[0]);
        return ([.. tensor.RawData.Span.ToArray().Select(b => (b - zero) * scale)], [.. tensor.Dims]);
    }

    /// <summary>A tensor of floats: a bias, or a layer norm's weight.</summary>
    public float[] Floats(string name) =>
        Tensor(name, Float) is var t && t.FloatData.Count > 0 ? [.. t.FloatData] : MemoryMarshal.Cast<byte, float>(t.RawData.Span).ToArray();

    /// <summary>Replaces a matrix given as [inputs, outputs].</summary>
    public void SetMatrix(string layer, ReadOnlySpan<float> values)
    {
        var name = _matrices[layer];
        var columns = Tensor(name + "_scale", Float).FloatData.Count;
        var scales = new float[columns];
        for (var i = 0; i < values.Length; i++)
        {
            scales[i % columns] = Math.Max(scales[i % columns], Math.Abs(values[i]) / Largest);
        }

        var bytes = new byte[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            bytes[i] = (byte)(sbyte)(scales[i % columns] > 0 ? MathF.Round(values[i] / scales[i % columns]) : 0);
        }

        Tensor(name + "_quantized", SignedByte).RawData = ByteString.CopyFrom(bytes);
        var kept = Tensor(name + "_scale", Float).FloatData;
        kept.Clear();
        kept.AddRange(scales);
    }

    /// <summary>Replaces a tensor of floats.</summary>
    public void SetFloats(string name, ReadOnlySpan<float> values) => Tensor(name, Float).RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values));

    /// <summary>Writes the file.</summary>
    public void Write(string path) => File.WriteAllBytes(path, _model.ToByteArray());

    private TensorProto Tensor(string name, int type) =>
        _tensors.TryGetValue(name, out var tensor) && tensor.DataType == type ? tensor : throw new InvalidDataException($"The graph has no '{name}' of ONNX type {type}.");
}
