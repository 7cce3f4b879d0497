using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>Operations as the lines of one bulk request; a part of them can be sent again without being written anew.</summary>
internal sealed class BulkChunk
{
    /// <summary>How documents are written: Chinese as it is, not as escapes of twice the length.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonEncodedText Index = JsonEncodedText.Encode("index"), Delete = JsonEncodedText.Encode("delete");

    private readonly ArrayBufferWriter<byte> _lines = new(64 * 1024);
    private readonly List<(BulkOperation Operation, int Start, int End)> _operations = [];

    public int Count => _operations.Count;

    public int Bytes => _lines.WrittenCount;

    public ReadOnlyMemory<byte> Lines => _lines.WrittenMemory;

    public BulkOperation this[int index] => _operations[index].Operation;

    /// <summary>Adds an operation.</summary>
    public void Add(BulkOperation operation, Utf8JsonWriter json)
    {
        var start = _lines.WrittenCount;
        json.Reset(_lines);
        json.WriteStartObject();
        json.WriteStartObject(operation.Document is null ? Delete : Index);
        json.WriteString("_index"u8, operation.Index);
        json.WriteString("_id"u8, operation.Id);
        json.WriteNumber("version"u8, operation.Version);
        json.WriteString("version_type"u8, operation.OrEqual ? "external_gte"u8 : "external"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        EndLine(json);
        if (operation.Document is { } write)
        {
            json.Reset(_lines);
            write(json);
            EndLine(json);
        }

        _operations.Add((operation, start, _lines.WrittenCount));
    }

    /// <summary>A chunk of some of the operations.</summary>
    public BulkChunk Part(IEnumerable<int> indices)
    {
        var part = new BulkChunk();
        foreach (var index in indices)
        {
            var (operation, start, end) = _operations[index];
            var at = part._lines.WrittenCount;
            part._lines.Write(Lines.Span[start..end]);
            part._operations.Add((operation, at, part._lines.WrittenCount));
        }

        return part;
    }

    private void EndLine(Utf8JsonWriter json)
    {
        json.Flush();
        _lines.Write("\n"u8);
    }
}
