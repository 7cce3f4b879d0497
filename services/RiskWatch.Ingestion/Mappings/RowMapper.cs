using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using RiskWatch.Contracts;
using RiskWatch.Core.Ingest;
using RiskWatch.Core.Text;
using RiskWatch.Ingestion.Edge;
using RiskWatch.Ingestion.Reading;

namespace RiskWatch.Ingestion.Mappings;

/// <summary>Maps the rows of one file. Not thread-safe; one for each file, the memory of things seen is shared among the files of an input.</summary>
internal sealed class RowMapper : IRowValues
{
    private const int First = -2;
    private const int FirstDay = -3;
    private const int Absent = -1;
    private const int JoinedTime = -4;
    private const int LineNumber = -5;

    private readonly Mapping _mapping;
    private readonly FirstSeen? _memory;
    private readonly JoinedRows? _joined;
    private readonly bool _json;
    private readonly DelimitedFields _fields;
    private readonly int[] _columnOf;
    private readonly string?[] _values;
    private string _first = "";
    private string _firstDay = "";
    private long _line;

    /// <summary>For a file with a header.</summary>
    /// <exception cref="IngestionConfigurationException">The file lacks a column that the mapping needs.</exception>
    public RowMapper(Mapping mapping, FirstSeen? memory, InputFormat format, IReadOnlyList<string> header, string file, JoinedRows? joined = null)
    {
        _mapping = mapping;
        _memory = memory;
        _joined = joined;
        _json = format == InputFormat.Ndjson;
        _fields = Fields(format);
        _values = new string?[mapping.Columns.Columns.Count];
        var names = header.Select(name => mapping.Rename.GetValueOrDefault(name.Trim(), name.Trim())).ToList();
        _columnOf = [.. mapping.Columns.Columns.Select((column, slot) => column.Name switch
        {
            ColumnSlots.First => First,
            ColumnSlots.FirstDay => FirstDay,
            ColumnSlots.Joined => JoinedTime,
            ColumnSlots.Line => LineNumber,
            _ when _json => slot,
            _ => Column(column, names, file),
        })];
    }

    /// <summary>The value of a slot in the row at hand.</summary>
    public string this[int slot] => _columnOf[slot] switch
    {
        First => _first,
        FirstDay => _firstDay,
        JoinedTime => _joined?.Of(JoinKey(_mapping.Join!))?.ToString(CultureInfo.InvariantCulture) ?? "",
        LineNumber => _line.ToString(CultureInfo.InvariantCulture),
        Absent => "",
        var column => _values[slot] ??= _json ? "" : _fields.Text(column),
    };

    /// <summary>Names of the columns in a header line.</summary>
    public static IReadOnlyList<string> Columns(ReadOnlyMemory<byte> header, InputFormat format)
    {
        var fields = Fields(format);
        fields.Set(header);
        return [.. Enumerable.Range(0, fields.Count).Select(fields.Text)];
    }

    /// <summary>A memory for the mapping; null where it needs none.</summary>
    public static FirstSeen? MemoryFor(Mapping mapping) => mapping.FirstSeen is { } rule ? new FirstSeen(rule.Within, rule.Time.Format.Zone) : null;

    /// <summary>Maps a row; null where it went well.</summary>
    /// <param name="row">Its bytes.</param>
    /// <param name="record">Filled.</param>
    /// <param name="line">Its line in the file.</param>
    public Refusal? Map(ReadOnlyMemory<byte> row, RawRecord record, long line = 0)
    {
        record.Clear();
        _line = line;
        if (Take(row) is { } refusal)
        {
            return refusal;
        }

        if (_mapping.FirstSeen is { } rule)
        {
            if (!TryTime(rule.Time, out var seen) || seen is not { } at)
            {
                return Refusal.Invalid("first seen", "has no time that the mapping can read");
            }

            var first = _memory!.Of(StableHash.Of(Joined(rule.Key)), at);
            _first = first.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            _firstDay = _memory.Day(first);
        }

        if (_mapping.Join is { } join && join.Time.Template.Of(this).Length == 0 && _joined?.Of(JoinKey(join)) is null)
        {
            return Refusal.Invalid(RecordFields.PublishedField, "the row refers to one that is not among the files: give the file with the originals too");
        }

        return Times(record) ?? Refused(record.Merged) ?? Texts(record) ?? Numbers(record);
    }

    /// <summary>Remembers the row where others may refer to it.</summary>
    public void Remember(ReadOnlyMemory<byte> row, JoinedRows into)
    {
        if (_mapping.Join is { } join && Take(row) is null && TryTime(join.Time, out var time) && time is { } at)
        {
            into.Add(JoinKey(join), at);
        }
    }

    /// <summary>Merged time and source of a row alone, without memory; null where the row has none that can be read.</summary>
    public (DateTimeOffset? Time, string? Source) Peek(ReadOnlyMemory<byte> row)
    {
        if (Take(row) is not null)
        {
            return (null, null);
        }

        var source = _mapping.Texts.First(t => t.Field == "source");
        DateTimeOffset? merged = null;
        foreach (var field in (string[])[RecordFields.UpdatedField, RecordFields.PublishedField])
        {
            if (merged is null && _mapping.Times.FirstOrDefault(t => t.Field == field) is { } time && TryTime(time, out var found))
            {
                merged = found;
            }
        }

        return (merged, Text(source));
    }

    private static DelimitedFields Fields(InputFormat format) => new(format == InputFormat.Csv ? (byte)',' : (byte)'\t', quotes: format == InputFormat.Csv);

    private static int Column((string Name, bool Optional) column, List<string> names, string file)
    {
        var index = names.IndexOf(column.Name);
        return index >= 0 || column.Optional
            ? index
            : throw new IngestionConfigurationException($"{file} has no column '{column.Name}' that the mapping needs; it has: {string.Join(", ", names.Take(40))}. Give another mapping, or a 'rename' in it.");
    }

    private ulong JoinKey(JoinRule join) => StableHash.Of(Joined(join.Key));

    private Refusal? Take(ReadOnlyMemory<byte> row)
    {
        Array.Clear(_values);
        if (!Utf8.IsValid(row.Span))
        {
            return new Refusal(DeadLetterReason.WrongEncoding, "The bytes are not UTF-8: declare the file's encoding in the mapping ('encoding').");
        }

        if (_json)
        {
            return TakeJson(row);
        }

        _fields.Set(row);
        return null;
    }

    private Refusal? TakeJson(ReadOnlyMemory<byte> row)
    {
        try
        {
            using var document = JsonDocument.Parse(row);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return new Refusal(DeadLetterReason.Malformed, "Not a JSON object: give one record a line.");
            }

            for (var slot = 0; slot < _values.Length; slot++)
            {
                var value = document.RootElement;
                var found = true;
                foreach (var part in _mapping.Columns.Columns[slot].Name.Split('.'))
                {
                    found = found && value.ValueKind == JsonValueKind.Object && value.TryGetProperty(part, out value);
                }

                _values[slot] = !found || value.ValueKind == JsonValueKind.Null ? "" : value.ToString();
            }

            return null;
        }
        catch (JsonException e)
        {
            return new Refusal(DeadLetterReason.Malformed, string.Create(CultureInfo.InvariantCulture, $"Not JSON, or cut short: error at byte {e.BytePositionInLine}."));
        }
        catch (InvalidOperationException)
        {
            return new Refusal(DeadLetterReason.Malformed, "A string holds half of a surrogate pair (\\ud800–\\udfff).");
        }
    }

    private Refusal? Refused(DateTimeOffset? merged)
    {
        foreach (var rule in _mapping.Refuse)
        {
            if (rule.When.Holds(this, merged))
            {
                return new Refusal(rule.Reason, rule.Detail);
            }
        }

        return null;
    }

    private Refusal? Times(RawRecord record)
    {
        foreach (var rule in _mapping.Times)
        {
            if (!TryTime(rule, out var time))
            {
                return Refusal.Invalid(rule.Field, "has no time that the mapping can read: see its 'format'");
            }

            if (time is { } found)
            {
                RecordFields.SetTime(record, rule.Field, found);
            }
        }

        return record.Published is null ? Refusal.Missing(RecordFields.PublishedField, "the row has no time") : null;
    }

    private Refusal? Texts(RawRecord record)
    {
        record.Kind = _mapping.Kind;
        foreach (var rule in _mapping.Texts)
        {
            if (Text(rule) is { Length: > 0 } text && RecordFields.SetText(record, rule.Field, text) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private Refusal? Numbers(RawRecord record)
    {
        Engagement? engagement = null;
        foreach (var rule in _mapping.Numbers)
        {
            var text = rule.Template.Of(this);
            if (text.Length == 0)
            {
                continue;
            }

            var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
            if (!isNumber || (rule.Field[0] == 'e' && (number != Math.Truncate(number) || Math.Abs(number) > 1e15)))
            {
                return Refusal.Invalid(rule.Field, "is not a number that it can be");
            }

            if (rule.Field == "place.latitude")
            {
                record.Latitude = number;
            }
            else if (rule.Field == "place.longitude")
            {
                record.Longitude = number;
            }
            else
            {
                engagement = RecordFields.With(engagement ?? new Engagement(), rule.Field["engagement.".Length..], (long)number);
            }
        }

        record.Engagement = engagement;
        return null;
    }

    private bool TryTime(TimeRule rule, out DateTimeOffset? time)
    {
        var text = rule.Template.Of(this);
        if (text.Length == 0)
        {
            time = null;
            return rule.Otherwise is null || TryTime(rule.Otherwise, out time);
        }

        var read = rule.Format.TryParse(text, out var found);
        time = read ? found : null;
        return read;
    }

    private string Text(TextRule rule)
    {
        foreach (var (when, then) in rule.Cases)
        {
            if (when.Holds(this, null))
            {
                return then.Of(this);
            }
        }

        var text = rule.Hash is not null ? StableHash.Hex(Joined(rule.Hash)) : rule.Template!.Of(this);
        return rule.Values.Count > 0 && rule.Values.TryGetValue(text, out var other) ? other : text;
    }

    private string Joined(IReadOnlyList<Template> parts) => parts.Count == 1 ? parts[0].Of(this) : string.Join('\u001F', parts.Select(p => p.Of(this)));
}
