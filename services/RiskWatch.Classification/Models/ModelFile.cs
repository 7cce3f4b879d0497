using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace RiskWatch.Classification.Models;

/// <summary>
/// The model file: "RWMODEL" and a line feed, format version (4 bytes), length (4) and SHA-256 (32) of what follows; then, Brotli-compressed,
/// the header's length (4), the header as JSON, and each language's weights as signed bytes, output by output. Numbers are little-endian.
/// </summary>
internal static class ModelFile
{
    /// <summary>The one version this code reads and writes.</summary>
    public const int FormatVersion = 1;

    private const int PreambleLength = 8 + 4 + 4 + 32;
    private const int LargestContent = 256 << 20;

    private static ReadOnlySpan<byte> Magic => "RWMODEL\n"u8;

    /// <summary>Reads and checks a file.</summary>
    public static FastModel Read(string path)
    {
        byte[] file;
        try
        {
            file = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFileException(path, "is missing", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, "cannot be read: " + e.Message, e);
        }

        return Parse(path, file);
    }

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

        var content = compressed.ToArray();
        var file = new byte[PreambleLength + content.Length];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), content.Length);
        SHA256.HashData(content, file.AsSpan(16));
        content.CopyTo(file.AsSpan(PreambleLength));
        return file;
    }

    /// <summary>Reads and checks a file's bytes.</summary>
    public static FastModel Parse(string path, ReadOnlySpan<byte> file)
    {
        if (file.Length < PreambleLength)
        {
            throw new ModelFileException(path, $"is cut short: {file.Length} bytes");
        }

        if (!file.StartsWith(Magic))
        {
            throw new ModelFileException(path, "is no RiskWatch model");
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(file[8..]) is var version && version != FormatVersion)
        {
            throw new ModelFileException(path, $"has format version {version}, this program reads {FormatVersion}");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(file[12..]);
        var content = file[PreambleLength..];
        if (content.Length != length)
        {
            throw new ModelFileException(path, $"is cut short or padded: {content.Length} bytes of content, {length} announced");
        }

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(content, hash);
        if (!hash.SequenceEqual(file.Slice(16, 32)))
        {
            throw new ModelFileException(path, "is damaged: its SHA-256 does not fit its content");
        }

        try
        {
            return Unpack($"fast-{FormatVersion}-{Convert.ToHexStringLower(hash[..4])}", content);
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
