using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Encoders;

/// <summary>
/// The file of the second heads, "RWHEADS" and a line feed in a <see cref="ModelEnvelope"/>; its content is the header's length (4), the header as JSON,
/// and the weights of all outputs of all heads of all languages as little-endian floats.
/// </summary>
internal static class EncoderFile
{
    /// <summary>The one version this code reads and writes.</summary>
    public const int FormatVersion = 1;

    private static ReadOnlySpan<byte> Magic => "RWHEADS\n"u8;

    /// <summary>Number of weights of one output of a head.</summary>
    public static int WeightsOf(EncoderFamilyHeader family, HeadHeader head) => family.Dimensions + head.Outputs;

    /// <summary>Writes heads; the same heads give the same bytes. <paramref name="weights"/>: one array per output, in the header's order.</summary>
    public static byte[] Write(EncoderHeader header, IReadOnlyList<float[]> weights)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(header, EncoderJson.Default.EncoderHeader);
        using var content = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        content.Write(length);
        content.Write(json);
        foreach (var output in weights)
        {
            content.Write(MemoryMarshal.AsBytes(output.AsSpan()));
        }

        return ModelEnvelope.Wrap(Magic, FormatVersion, content.ToArray());
    }

    /// <summary>Reads and checks a file's bytes.</summary>
    /// <exception cref="ModelFileException">It is cut short, damaged, of another kind or version.</exception>
    public static (string Version, EncoderHeader Header, IReadOnlyList<float[]> Weights) Parse(string path, ReadOnlySpan<byte> file)
    {
        var content = ModelEnvelope.Unwrap(path, file, Magic, FormatVersion, out var hash);
        try
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(content);
            var header = JsonSerializer.Deserialize(content.Slice(4, length), EncoderJson.Default.EncoderHeader) ?? throw new InvalidDataException("the header is empty");
            var floats = MemoryMarshal.Cast<byte, float>(content[(4 + length)..].ToArray());
            var weights = new List<float[]>();
            foreach (var family in header.Families)
            {
                foreach (var head in family.Heads)
                {
                    for (var output = 0; output < head.Outputs; output++)
                    {
                        var own = WeightsOf(family, head);
                        weights.Add(floats[..own].ToArray());
                        floats = floats[own..];
                    }
                }
            }

            return floats.IsEmpty ? ($"encoder-{FormatVersion}-{hash}", header, weights) : throw new InvalidDataException("there are more weights than heads");
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or ArgumentException)
        {
            throw new ModelFileException(path, "is damaged: " + e.Message, e);
        }
    }
}
