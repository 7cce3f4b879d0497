using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RiskWatch.Core.Log;

/// <summary>JSON for the log and the store, which only programs read: Chinese stands as UTF-8, not as <c>\uXXXX</c> of twice the bytes. What goes to browsers keeps the escaping default.</summary>
public static class CompactJson
{
    // A writer that once held a giant entry is not kept.
    private const int MostKept = 1 << 20;

    [ThreadStatic]
    private static Writer? _writer;

    /// <summary>UTF-8 JSON.</summary>
    public static byte[] Bytes<T>(T value, JsonTypeInfo<T> type) => Bytes((value, type), static (json, of) => JsonSerializer.Serialize(json, of.value, of.type));

    /// <summary>UTF-8 JSON as <paramref name="write"/> writes it.</summary>
    public static byte[] Bytes<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var writer = _writer ?? new Writer();

        // A converter that writes JSON of its own must not find the buffer that is being filled.
        _writer = null;
        try
        {
            writer.Json.Reset();
            write(writer.Json, value);
            writer.Json.Flush();
            return writer.Buffer.WrittenSpan.ToArray();
        }
        finally
        {
            writer.Buffer.ResetWrittenCount();
            _writer = writer.Buffer.Capacity <= MostKept ? writer : null;
        }
    }

    private sealed class Writer
    {
        public Writer() => Json = new Utf8JsonWriter(Buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

        public ArrayBufferWriter<byte> Buffer { get; } = new(4096);

        public Utf8JsonWriter Json { get; }
    }
}
