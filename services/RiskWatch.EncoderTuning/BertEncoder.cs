using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RiskWatch.EncoderTuning;

/// <summary>
/// BERT (Devlin et al. 2019) with the weights of an <see cref="EncoderGraph"/>, to be trained: layers and their norms move, embedding tables do not, for a word that no
/// training text holds must go on meaning what it meant.
/// </summary>
internal sealed class BertEncoder
{
    private const double NormEpsilon = 1e-12;
    private const int HeadWidth = 64;
    private const int NarrowHeadWidth = 32;

    private readonly EncoderGraph _graph;
    private readonly Tensor _words;
    private readonly Tensor _positions;
    private readonly Dictionary<string, Parameter> _matrices = [];
    private readonly Dictionary<string, Parameter> _floats = [];
    private readonly int _heads;

    /// <summary>Takes the weights of a graph.</summary>
    public BertEncoder(EncoderGraph graph)
    {
        _graph = graph;
        _words = Fixed(graph.Table("embeddings.word_embeddings.weight"));
        // Every text is of the first segment; its row is added once.
        _positions = Fixed(graph.Table("embeddings.position_embeddings.weight")) + Fixed(graph.Table("embeddings.token_type_embeddings.weight"))[0];
        Width = (int)_words.shape[1];
        // bge-small: 8 heads of 64 of 512 dimensions (zh), 12 of 32 of 384 (en).
        _heads = Width % (8 * HeadWidth) == 0 ? Width / HeadWidth : Width / NarrowHeadWidth;
        Norm("embeddings.LayerNorm");
        for (var layer = 0; layer < graph.Layers; layer++)
        {
            var name = $"encoder.layer.{layer}";
            foreach (var part in (string[])["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "intermediate.dense", "output.dense"])
            {
                var (values, shape) = graph.Matrix($"{name}.{part}");
                _matrices[$"{name}.{part}"] = new Parameter(tensor(values, shape));
                Floats($"{name}.{part}.bias");
            }

            Norm($"{name}.attention.output.LayerNorm");
            Norm($"{name}.output.LayerNorm");
        }
    }

    /// <summary>Dimensions of a row.</summary>
    public int Width { get; }

    /// <summary>What is decayed in training: matrices.</summary>
    public IEnumerable<Parameter> Matrices => _matrices.Values;

    /// <summary>What is not: biases and norms.</summary>
    public IEnumerable<Parameter> Vectors => _floats.Values;

    /// <summary>The rows of <c>[CLS]</c> and the mean over each text, each of length 1, from ids ([texts, length], int64) and mask (the same, 1 = a token).</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="mask">1 where there is a token, else 0.</param>
    /// <param name="dropout">Share of hidden values dropped, 0 outside training.</param>
    public (Tensor First, Tensor Mean) Encode(Tensor ids, Tensor mask, double dropout)
    {
        var present = mask.to(ScalarType.Float32);
        var bias = ((1 - present) * -1e9f).unsqueeze(1).unsqueeze(1);
        var rows = Drop(Normalised(_words.index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], Width) + _positions.narrow(0, 0, ids.shape[1]), "embeddings.LayerNorm"), dropout);
        for (var layer = 0; layer < _graph.Layers; layer++)
        {
            var name = $"encoder.layer.{layer}";
            var attended = nn.functional.scaled_dot_product_attention(
                Split(Linear(rows, $"{name}.attention.self.query")), Split(Linear(rows, $"{name}.attention.self.key")), Split(Linear(rows, $"{name}.attention.self.value")), bias);
            var joined = attended.transpose(1, 2).reshape(rows.shape);
            rows = Normalised(rows + Drop(Linear(joined, $"{name}.attention.output.dense"), dropout), $"{name}.attention.output.LayerNorm");
            var inner = nn.functional.gelu(Linear(rows, $"{name}.intermediate.dense"));
            rows = Normalised(rows + Drop(Linear(inner, $"{name}.output.dense"), dropout), $"{name}.output.LayerNorm");
        }

        var mean = (rows * present.unsqueeze(2)).sum(1);
        return (nn.functional.normalize(rows.select(1, 0)), nn.functional.normalize(mean));
    }

    /// <summary>Puts the trained weights into the graph, quantised as they were.</summary>
    public void Store()
    {
        foreach (var (name, matrix) in _matrices)
        {
            _graph.SetMatrix(name, matrix.detach().contiguous().data<float>().ToArray());
        }

        foreach (var (name, values) in _floats)
        {
            _graph.SetFloats(name, values.detach().data<float>().ToArray());
        }
    }

    private static Tensor Fixed((float[] Values, long[] Shape) table) => tensor(table.Values, table.Shape);

    private static Tensor Drop(Tensor x, double share) => share > 0 ? nn.functional.dropout(x, share) : x;

    private Tensor Linear(Tensor x, string name) => matmul(x, _matrices[name]) + _floats[name + ".bias"];

    private Tensor Split(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, Width / _heads).transpose(1, 2);

    private Tensor Normalised(Tensor x, string name) => nn.functional.layer_norm(x, [Width], _floats[name + ".weight"], _floats[name + ".bias"], NormEpsilon);

    private void Norm(string name)
    {
        Floats(name + ".weight");
        Floats(name + ".bias");
    }

    private void Floats(string name) => _floats[name] = new Parameter(tensor(_graph.Floats(name)));
}
