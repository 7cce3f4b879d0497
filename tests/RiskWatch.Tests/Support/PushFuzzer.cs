using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RiskWatch.Tests.Support;

/// <summary>What a line must become.</summary>
internal enum Fate
{
    /// <summary>A record.</summary>
    Taken,

    /// <summary>A dead letter.</summary>
    Refused,

    /// <summary>One or the other.</summary>
    Either,
}

/// <summary>A body of a push and how many bad inputs are in it.</summary>
internal sealed record FuzzBody(byte[] Bytes, int Inputs);

/// <summary>Bad and good lines from a seed, alone and mixed, and what must become of each.</summary>
internal sealed class PushFuzzer
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Random _random;
    private readonly DateTimeOffset _now;
    private readonly Func<byte[]>[] _bad;
    private readonly Func<byte[]>[] _either;
    private readonly Encoding _gbk;
    private int _number;

    public PushFuzzer(int seed, DateTimeOffset now)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        _gbk = Encoding.GetEncoding("gb18030");
        _random = new Random(seed);
        _now = now;
        _bad =
        [
            () => Bytes(_random.Next(1, 400)),
            () => Line(Record())[..^_random.Next(1, 60)],
            () => Without("text"), () => Without("published"), () => Without("id"), () => Without("source"),
            () => _gbk.GetBytes(Text(With("text", "郑州暴雨，地铁进水"))),
            () => Encoding.Unicode.GetBytes(Text(Record())), () => Encoding.BigEndianUnicode.GetBytes(Text(Record())),
            () => Raw(Text(Record()).Replace("fuzz", "\\ud800", StringComparison.Ordinal)), () => Raw(Text(Record()).Replace("fuzz", "\\udc00\\ud800", StringComparison.Ordinal)),
            () => [.. Line(Record())[..^2], 0xED, 0xA0, 0x80, (byte)'"', (byte)'}'],
            () => Raw(Text(Record())[..^1] + Pick(",\"engagement\":{\"likes\":1e999}}", ",\"engagement\":{\"likes\":99999999999999999999}}", ",\"engagement\":{\"heat\":-1}}", ",\"engagement\":{\"heat\":0.5}}", ",\"engagement\":7}")),
            () => Raw(Text(Record())[..^1] + Pick(",\"place\":{\"latitude\":1e400,\"longitude\":0}}", ",\"place\":{\"latitude\":91,\"longitude\":0}}", ",\"place\":{\"latitude\":1}}", ",\"place\":[1,2]}", ",\"place\":{\"latitude\":NaN,\"longitude\":1}}")),
            () => Line(With("published", Pick("0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "1969-07-20T20:17:00Z", "2026-02-30T00:00:00Z", "yesterday", "2026-11-24T25:00:00Z", "2026-11-24 08:00:00", ""))),
            () => Raw(Text(Record())[..^1] + Pick(",\"updated\":12345}", ",\"closed\":\"9999-12-31T23:59:59-12:00\"}", ",\"due\":{}}", ",\"published\":1e9}")),
            () => Raw("{\"a\":" + new string('[', _random.Next(40, 5_000)) + new string(']', _random.Next(0, 5_000)) + "}"),
            () => Raw(string.Concat(Enumerable.Repeat("{\"a\":", _random.Next(40, 3_000)))),
            () => Line(With("id", new string('x', _random.Next(257, 3_000)))), () => Line(With("author", new string('y', _random.Next(257, 3_000)))), () => Line(With("id", "a\u0001b")),
            () => Line(With("title", new string('题', _random.Next(2_001, 5_000)))),
            () => Line(With("text", 5)), () => Line(With("deleted", "yes")), () => Line(With("kind", "rumour")), () => Line(With("text", new JsonArray(1))), () => Line(With("status", "maybe")),
            () => Line(With("source", Pick("nobody-knows-it", "a b", "日报", new string('s', 65)))),
            () => Raw(Pick("[]", "\"x\"", "null", "42", "{}", "{}{}", "{\"id\":\"1\"}x", "]", "}", "[{", "{\"\":\"\"}", "'", "{'id':'1'}", "\0", "<html>", "-", "{\"id\":\"1\",}", "id,source,text")),
        ];
        _either =
        [
            () => Flipped(Line(Record("m"))),
            () => Raw(Text(Record("m"))[..^1] + Pick(",\"other\":\"\\ud800\"}", ",\"closed\":\"0001-01-01T00:00:00Z\"}", ",\"text\":\"twice\"}", ",\"other\":1e999}")),
            () => Line(With("text", Words(20_000), "m")), () => Line(With("place", new JsonObject { ["name"] = Words(50), ["latitude"] = 0, ["longitude"] = -0.0 }, "m")),
            () => Line(With("repostOf", "g-" + _random.Next(1_000).ToString(CultureInfo.InvariantCulture), "m")), () => Line(With("deleted", true, "m")),
        ];
    }

    /// <summary>Ids of the records that must be found in the end.</summary>
    public HashSet<string> GoodIds { get; } = new(StringComparer.Ordinal);

    /// <summary>What must become of a line that was made; what came apart by a line feed within is refused.</summary>
    public Dictionary<string, Fate> Fates { get; } = new(StringComparer.Ordinal);

    /// <summary>Bodies that hold so many bad inputs in all, and good ones among them.</summary>
    public IEnumerable<FuzzBody> Bodies(int inputs)
    {
        while (inputs > 0)
        {
            var body = _random.Next(20) switch
            {
                0 => new FuzzBody(Raw(Pick("", "\n", "\r\n\r\n", "   ", "\uFEFF")), 1),
                < 14 => new FuzzBody(Bad(), 1),
                _ => Mixed(Math.Min(inputs, _random.Next(2, 60))),
            };
            inputs -= body.Inputs;
            yield return body;
        }
    }

    /// <summary>Lines of a body by number, blank ones left out: an independent reading of what the API promises.</summary>
    public static Dictionary<long, byte[]> LinesOf(byte[] body)
    {
        var lines = new Dictionary<long, byte[]>();
        var rest = body.AsSpan();
        rest = rest.StartsWith(Encoding.UTF8.Preamble) ? rest[3..] : rest;
        for (var number = 1L; rest.Length > 0; number++)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            line = line is [.., (byte)'\r'] ? line[..^1] : line;
            if (line.ContainsAnyExcept((byte)' ', (byte)'\t', (byte)'\r'))
            {
                lines.Add(number, line.ToArray());
            }
        }

        return lines;
    }

    /// <summary>What must become of a line.</summary>
    public Fate FateOf(byte[] line) => Fates.GetValueOrDefault(Convert.ToBase64String(line), Fate.Refused);

    private FuzzBody Mixed(int lines)
    {
        using var body = new MemoryStream();
        var inputs = 0;
        for (var i = 0; i < lines; i++)
        {
            var chance = _random.Next(10);
            inputs += chance < 2 ? 0 : 1;
            body.Write(chance switch { < 2 => Good(), 2 => Either(), _ => Bad() });
            if (i + 1 < lines || _random.Next(2) == 0)
            {
                body.Write(Raw(Pick("\n", "\n", "\r\n", "\n\n", "\n \r\n")));
            }
        }

        return new FuzzBody(body.ToArray(), inputs);
    }

    private byte[] Bad() => _bad[_random.Next(_bad.Length)]();

    private byte[] Good()
    {
        var record = Record();
        GoodIds.Add((string)record["id"]!);
        record["text"] = "fuzzgood " + Words(_random.Next(1, 60));
        return Known(Line(record), Fate.Taken);
    }

    private byte[] Either() => Known(_either[_random.Next(_either.Length)](), Fate.Either);

    private byte[] Known(byte[] line, Fate fate)
    {
        // A mutated line may hold a line feed: its parts are what they are.
        foreach (var part in LinesOf(line).Values)
        {
            Fates[Convert.ToBase64String(part)] = fate;
        }

        return line;
    }

    private JsonObject Record(string prefix = "g") => new()
    {
        ["id"] = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{_number++}"),
        ["source"] = Pick("boston-311", "weibo-hotsearch"),
        ["published"] = _now.AddSeconds(-_random.Next(0, 100_000)).ToString("O", CultureInfo.InvariantCulture),
        ["text"] = "fuzz " + Words(5),
    };

    private JsonObject With(string field, JsonNode? value, string prefix = "g")
    {
        var record = Record(prefix);
        record[field] = value;
        return record;
    }

    private byte[] Without(string field)
    {
        var record = Record();
        record.Remove(field);
        return Line(record);
    }

    // Any characters that JSON can carry, seldom pretty.
    private string Words(int characters)
    {
        var words = new StringBuilder();
        while (words.Length < characters)
        {
            var rune = _random.Next(6) switch { 0 => _random.Next(0x20, 0x7F), 1 => _random.Next(0x4E00, 0x9FFF), 2 => _random.Next(0x80, 0xD7FF), 3 => _random.Next(0xE000, 0x10FFFF), 4 => 0x200B + _random.Next(6), _ => ' ' };
            words.Append(new Rune(rune).ToString());
        }

        return words.ToString();
    }

    private byte[] Flipped(byte[] line)
    {
        for (var i = _random.Next(1, 6); i > 0; i--)
        {
            line[_random.Next(line.Length)] = (byte)_random.Next(256);
        }

        return line;
    }

    private byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Pick(params string[] from) => from[_random.Next(from.Length)];

    private static string Text(JsonObject record) => record.ToJsonString(Plain);

    private static byte[] Line(JsonObject record) => Raw(Text(record));

    private static byte[] Raw(string text) => Encoding.UTF8.GetBytes(text);
}
