using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Encoders;

/// <summary>
/// The file of the second heads, "RWHEADS" and a line feed in a <see cref="ModelEnvelope"/>; its content is the header's length (4), the header as JSON,
/// the weights of all outputs of all heads of all languages as little-endian floats, and the vectors of all neighbours as signed bytes.
/// </summary>
internal static class EncoderFile
{
    /// <summary>The one version this code reads and writes.</summary>
    public const int FormatVersion = 2;

    private static ReadOnlySpan<byte> Magic => "RWHEADS\n"u8;

    /// <summary>Number of weights of one output of a head.</summary>
    public static int WeightsOf(EncoderFamilyHeader family, HeadHeader head) => family.Dimensions + head.Outputs;

    /// <summary>Writes heads; the same heads give the same bytes.</summary>
    public static byte[] Write(EncoderHeads heads)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(heads.Header, EncoderJson.Default.EncoderHeader);
        using var content = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        content.Write(length);
        content.Write(json);
        foreach (var output in heads.Weights)
        {
            content.Write(MemoryMarshal.AsBytes(output.AsSpan()));
        }

        foreach (var vectors in heads.Neighbours)
        {
            content.Write(MemoryMarshal.AsBytes(vectors.AsSpan()));
        }

        return ModelEnvelope.Wrap(Magic, FormatVersion, content.ToArray());
    }

    /// <summary>Reads and checks a file's bytes.</summary>
    /// <exception cref="ModelFileException">It is cut short, damaged, of another kind or version.</exception>
    public static (string Version, EncoderHeads Heads) Parse(string path, ReadOnlySpan<byte> file)
    {
        var content = ModelEnvelope.Unwrap(path, file, Magic, FormatVersion, out var hash);
        try
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(content);
            var header = JsonSerializer.Deserialize(content.Slice(4, length), EncoderJson.Default.EncoderHeader) ?? throw new InvalidDataException("the header is empty");
            var rest = content[(4 + length)..];
            var weights = new List<float[]>();
            var neighbours = new List<sbyte[]>();
            foreach (var family in header.Families)
            {
                foreach (var head in family.Heads)
                {
                    for (var output = 0; output < head.Outputs; output++)
                    {
                        var own = WeightsOf(family, head);
                        weights.Add(MemoryMarshal.Cast<byte, float>(rest[..(own * sizeof(float))].ToArray()).ToArray());
                        rest = rest[(own * sizeof(float))..];
                    }
                }
            }

            foreach (var family in header.Families)
            {
                foreach (var set in family.Neighbours)
                {
                    var own = set.Labels.Count * family.Dimensions;
                    neighbours.Add(MemoryMarshal.Cast<byte, sbyte>(rest[..own]).ToArray());
                    rest = rest[own..];
                }
            }

            return rest.IsEmpty ? ($"encoder-{FormatVersion}-{hash}", new EncoderHeads(header, weights, neighbours)) : throw new InvalidDataException("there is more than its header announces");
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or ArgumentException)
        {
            throw new ModelFileException(path, "is damaged: " + e.Message, e);
        }
    }
}
