using System.Buffers.Binary;
using System.Security.Cryptography;

namespace RiskWatch.Classification.Models;

/// <summary>What surrounds every model file: eight bytes that name its kind, format version (4 bytes), length (4) and SHA-256 (32) of the content that follows. Little-endian.</summary>
internal static class ModelEnvelope
{
    private const int Length = 8 + 4 + 4 + 32;

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="ModelFileException">It is missing or cannot be read.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFileException(path, "is missing", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, "cannot be read: " + e.Message, e);
        }
    }

    /// <summary>A file around its content.</summary>
    public static byte[] Wrap(ReadOnlySpan<byte> kind, int version, ReadOnlySpan<byte> content)
    {
        var file = new byte[Length + content.Length];
        kind.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), version);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), content.Length);
        SHA256.HashData(content, file.AsSpan(16));
        content.CopyTo(file.AsSpan(Length));
        return file;
    }

    /// <summary>The content of a file, checked; <paramref name="hash"/>: the first eight digits of its SHA-256.</summary>
    /// <exception cref="ModelFileException">It is cut short, damaged, of another kind or version.</exception>
    public static ReadOnlySpan<byte> Unwrap(string path, ReadOnlySpan<byte> file, ReadOnlySpan<byte> kind, int version, out string hash)
    {
        if (file.Length < Length)
        {
            throw new ModelFileException(path, $"is cut short: {file.Length} bytes");
        }

        if (!file.StartsWith(kind))
        {
            throw new ModelFileException(path, "is no RiskWatch model");
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(file[8..]) is var found && found != version)
        {
            throw new ModelFileException(path, $"has format version {found}, this program reads {version}");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(file[12..]);
        var content = file[Length..];
        if (content.Length != length)
        {
            throw new ModelFileException(path, $"is cut short or padded: {content.Length} bytes of content, {length} announced");
        }

        Span<byte> whole = stackalloc byte[32];
        SHA256.HashData(content, whole);
        hash = Convert.ToHexStringLower(whole[..4]);
        return whole.SequenceEqual(file.Slice(16, 32)) ? content : throw new ModelFileException(path, "is damaged: its SHA-256 does not fit its content");
    }
}
