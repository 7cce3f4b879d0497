using System.IO.Compression;
using System.Text;
using System.Text.Unicode;
using RiskWatch.Core.Ingest;
using UtfUnknown;

namespace RiskWatch.Ingestion.Reading;

/// <summary>How records lie in a file.</summary>
internal enum InputFormat
{
    /// <summary>One JSON object a line.</summary>
    Ndjson,

    /// <summary>Comma-separated with quotes (RFC 4180) and a header line.</summary>
    Csv,

    /// <summary>Tab-separated without quotes, with a header line.</summary>
    Tsv,
}

/// <summary>An opened input as UTF-8 without byte order mark.</summary>
/// <param name="Stream">The bytes.</param>
/// <param name="Transcoded">True where they came from another encoding; U+FFFD then stands for bytes that were wrong in it.</param>
internal sealed record OpenInput(Stream Stream, bool Transcoded) : IDisposable
{
    public void Dispose() => Stream.Dispose();
}

/// <summary>Opens input files: gzip by the name's end, and any encoding as UTF-8 without byte order mark.</summary>
internal static class InputFile
{
    private const int Sample = 64 * 1024;

    static InputFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Opens a file as a stream of UTF-8.</summary>
    /// <param name="path">File.</param>
    /// <param name="encoding">Declared encoding; null: byte order mark, else UTF-8 where the beginning is, else as detected.</param>
    /// <exception cref="IngestionConfigurationException">There is no such file, it cannot be read, or nobody knows its encoding.</exception>
    public static OpenInput Open(string path, string? encoding)
    {
        try
        {
            Stream stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                stream = new GZipStream(stream, CompressionMode.Decompress);
            }

            var start = new byte[Sample];
            var length = stream.ReadAtLeast(start, Sample, throwOnEndOfStream: false);
            var (chosen, mark) = Choose(start.AsSpan(0, length), encoding, path);
            stream = new PrefixedStream(start.AsMemory(mark, length - mark), stream);
            return chosen is null ? new OpenInput(stream, false) : new OpenInput(Encoding.CreateTranscodingStream(stream, chosen, new UTF8Encoding(false)), true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new IngestionConfigurationException($"The input {path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The format by the name's end, <c>.gz</c> left aside; null where it says nothing.</summary>
    public static InputFormat? FormatOf(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".NDJSON" or ".JSONL" or ".JSON" => InputFormat.Ndjson,
            ".CSV" => InputFormat.Csv,
            ".TSV" => InputFormat.Tsv,
            _ => null,
        };
    }

    /// <summary>An encoding by name; null for UTF-8, which is read as it is.</summary>
    /// <exception cref="ArgumentException">Nobody knows the name.</exception>
    public static Encoding? Named(string name)
    {
        var found = Encoding.GetEncoding(name);
        return found.CodePage is 65001 or 20127 ? null : found;
    }

    private static (Encoding? Encoding, int MarkLength) Choose(ReadOnlySpan<byte> start, string? declared, string path)
    {
        foreach (var marked in (Encoding[])[Encoding.UTF8, Encoding.UTF32, Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            if (start.StartsWith(marked.Preamble))
            {
                return (marked.CodePage == 65001 ? null : marked, marked.Preamble.Length);
            }
        }

        if (declared is not null)
        {
            try
            {
                return (Named(declared), 0);
            }
            catch (ArgumentException e)
            {
                throw new IngestionConfigurationException($"The encoding '{declared}' declared for {path} is unknown: use an IANA name such as utf-8, gb18030, big5.", e);
            }
        }

        if (IsUtf8(start))
        {
            return (null, 0);
        }

        // A few stray bytes in a file that is otherwise UTF-8 are for the lines that hold them.
        var detected = CharsetDetector.DetectFromBytes(start.ToArray()).Detected;
        return detected is { Encoding: { } encoding, Confidence: > 0.5f } ? (encoding.CodePage is 65001 or 20127 ? null : encoding, 0) : (null, 0);
    }

    // The sample may end in the middle of a character.
    private static bool IsUtf8(ReadOnlySpan<byte> start)
    {
        for (var cut = 0; cut <= 3 && cut <= start.Length; cut++)
        {
            if (Utf8.IsValid(start[..^cut]))
            {
                return true;
            }
        }

        return false;
    }
}
