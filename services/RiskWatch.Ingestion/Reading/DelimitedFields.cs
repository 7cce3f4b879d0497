using System.Text;

namespace RiskWatch.Ingestion.Reading;

/// <summary>The fields of one delimited record (RFC 4180 where quotes count), as ranges of its bytes; one instance is used again for each.</summary>
internal sealed class DelimitedFields(byte delimiter, bool quotes)
{
    private readonly List<(int Start, int Length, bool Escaped)> _fields = [];
    private ReadOnlyMemory<byte> _bytes;

    /// <summary>Number of fields.</summary>
    public int Count => _fields.Count;

    /// <summary>Cuts the record.</summary>
    public void Set(ReadOnlyMemory<byte> record)
    {
        _bytes = record;
        _fields.Clear();
        var bytes = record.Span;
        var at = 0;
        while (true)
        {
            at = quotes && at < bytes.Length && bytes[at] == '"' ? Quoted(bytes, at) : Plain(bytes, at);
            if (at > bytes.Length)
            {
                return;
            }
        }
    }

    /// <summary>A field; empty where the record is too short to have it.</summary>
    public string Text(int index)
    {
        if (index >= _fields.Count)
        {
            return "";
        }

        var (start, length, escaped) = _fields[index];
        if (length == 0)
        {
            return "";
        }

        var text = Encoding.UTF8.GetString(_bytes.Span.Slice(start, length));
        return escaped ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text;
    }

    private int Plain(ReadOnlySpan<byte> bytes, int at)
    {
        var end = bytes[at..].IndexOf(delimiter);
        var length = end < 0 ? bytes.Length - at : end;
        _fields.Add((at, length, false));
        return at + length + 1;
    }

    private int Quoted(ReadOnlySpan<byte> bytes, int at)
    {
        var start = at + 1;
        var escaped = false;
        var end = start;
        while (true)
        {
            var quote = bytes[end..].IndexOf((byte)'"');
            end = quote < 0 ? bytes.Length : end + quote;
            if (end + 1 >= bytes.Length || bytes[end + 1] != '"')
            {
                break;
            }

            escaped = true;
            end += 2;
        }

        _fields.Add((start, end - start, escaped));

        // Whatever stands between the closing quote and the delimiter belongs to nobody; lenient readers drop it too.
        var after = Math.Min(end + 1, bytes.Length);
        var next = bytes[after..].IndexOf(delimiter);
        return next < 0 ? bytes.Length + 1 : after + next + 1;
    }
}
