using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;

namespace RiskWatch.Classification.Models;

/// <summary>
/// The file of the fast heads, "RWMODEL" and a line feed in a <see cref="ModelEnvelope"/>; its content is, Brotli-compressed,
/// the header's length (4), the header as JSON, and each language's weights as signed bytes, output by output. Numbers are little-endian.
/// </summary>
internal static class ModelFile
{
    /// <summary>The one version this code reads and writes.</summary>
    public const int FormatVersion = 1;

    private const int LargestContent = 256 << 20;

    private static ReadOnlySpan<byte> Magic => "RWMODEL\n"u8;

    /// <summary>Reads and checks a file.</summary>
    public static FastModel Read(string path) => Parse(path, ModelEnvelope.Read(path));

    /// <summary>Writes a model; the same model gives the same bytes. <paramref name="columns"/>: per family, one quantised array per output.</summary>
    public static byte[] Write(ModelHeader header, IReadOnlyList<IReadOnlyList<sbyte[]>> columns)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(header, ModelJson.Default.ModelHeader);
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
            brotli.Write(length);
            brotli.Write(json);
            foreach (var column in columns.SelectMany(c => c))
            {
                brotli.Write((byte[])(Array)column);
            }
        }

        return ModelEnvelope.Wrap(Magic, FormatVersion, compressed.ToArray());
    }

    /// <summary>Reads and checks a file's bytes.</summary>
    public static FastModel Parse(string path, ReadOnlySpan<byte> file)
    {
        var content = ModelEnvelope.Unwrap(path, file, Magic, FormatVersion, out var hash);
        try
        {
            return Unpack($"fast-{FormatVersion}-{hash}", content);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or ArgumentException or EndOfStreamException)
        {
            throw new ModelFileException(path, "is damaged: " + e.Message, e);
        }
    }

    private static FastModel Unpack(string version, ReadOnlySpan<byte> content)
    {
        using var source = new MemoryStream(content.ToArray());
        using var brotli = new BrotliStream(source, CompressionMode.Decompress);
        Span<byte> number = stackalloc byte[4];
        brotli.ReadExactly(number);
        var length = BinaryPrimitives.ReadInt32LittleEndian(number);
        if (length is <= 0 or > LargestContent)
        {
            throw new InvalidDataException("the header's length is out of range");
        }

        var json = new byte[length];
        brotli.ReadExactly(json);
        var header = JsonSerializer.Deserialize(json, ModelJson.Default.ModelHeader) ?? throw new InvalidDataException("the header is empty");
        var families = header.Families.Select(family =>
        {
            var outputs = family.Heads.Sum(h => h.Outputs);
            if (outputs is 0 or > HeadTable.MaximumOutputs || family.Scales.Count != outputs || family.Heads.Any(h => h.Intercepts.Count != h.Outputs))
            {
                throw new InvalidDataException($"the heads of '{family.Language}' do not fit each other");
            }

            var stored = new byte[HeadTable.StoredLength(outputs)];
            brotli.ReadExactly(stored);
            return new FastFamily(family, HeadTable.FromBytes(stored, family.Scales));
        }).ToArray();
        return new FastModel(version, header, families);
    }
}
