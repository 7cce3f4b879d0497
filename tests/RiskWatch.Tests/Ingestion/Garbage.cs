using System.Text;

namespace RiskWatch.Tests.Ingestion;

/// <summary>Lines that nobody should send, from a seed: never blank, never with a line break.</summary>
internal static class Garbage
{
    public static byte[] Line(Random random, int number)
    {
        var good = $$"""{"id":"{{number}}","source":"news","published":"2026-11-24T08:00:00Z","text":"the water is brown <b>again</b> @joe 13812345678","author":"li","place":{"latitude":1,"longitude":2} }""";
        var bytes = Encoding.UTF8.GetBytes(good);
        switch (random.Next(12))
        {
            case 0:
                return Clean(Bytes(random, random.Next(1, 400)));
            case 1:
                return bytes[..random.Next(1, bytes.Length)];
            case 2:
                return Encoding.UTF8.GetBytes(good.Replace("\"text\"", "\"test\"", StringComparison.Ordinal));
            case 3:
                return Encoding.UTF8.GetBytes(good.Replace("\"published\"", "\"publisher\"", StringComparison.Ordinal));
            case 4:
                return Clean(Encoding.Unicode.GetBytes(good));
            case 5:
                return Clean([.. bytes[..^2], 0xD6, 0xA3, 0xD6, 0xDD, .. bytes[^2..]]);
            case 6:
                return Encoding.UTF8.GetBytes(new string((char)('a' + random.Next(26)), random.Next(20_001, 60_000)));
            case 7:
                return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", random.Next(1, 5_000))));
            case 8:
                // One byte changed anywhere.
                bytes[random.Next(bytes.Length)] = (byte)random.Next(32, 256);
                return Clean(bytes);
            case 9:
                return Encoding.UTF8.GetBytes(good.Replace("2026-11-24", $"{random.Next(0, 10_000):0000}-{random.Next(0, 14):00}-{random.Next(0, 33):00}", StringComparison.Ordinal));
            case 10:
                return Encoding.UTF8.GetBytes(good.Replace("the water", "\\ud83d \\u0000 \\udc00" + (char)random.Next(0x20, 0xD7FF), StringComparison.Ordinal));
            default:
                return bytes;
        }
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Clean(byte[] bytes)
    {
        var clean = bytes.Select(b => b == '\n' ? (byte)'?' : b).ToArray();
        clean[0] = clean[0] is (byte)' ' or (byte)'\t' or (byte)'\r' ? (byte)'!' : clean[0];
        return clean;
    }
}
