using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using RiskWatch.Contracts;
using RiskWatch.Core.Ingest;
using RiskWatch.Ingestion.Edge;
using RiskWatch.Ingestion.Reading;

namespace RiskWatch.Ingestion.Mappings;

/// <summary>Reads and checks mapping files (the README of this service describes them). Every error names the mapping and the key.</summary>
internal static class MappingReader
{
    private static readonly string[] Tops = ["name", "description", "format", "encoding", "kind", "rename", "fields", "firstSeen", "join", "refuse"];
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 16 };

    /// <summary>Reads a mapping.</summary>
    /// <exception cref="IngestionConfigurationException">It is not one; the message names the key.</exception>
    public static Mapping Read(string json, string label)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            return Read(document.RootElement, json);
        }
        catch (JsonException e)
        {
            throw new IngestionConfigurationException($"Mapping {label} is not JSON: {e.Message}", e);
        }
        catch (MappingException e)
        {
            throw new IngestionConfigurationException($"Mapping {label}: {e.Message}.", e);
        }
    }

    private static Mapping Read(JsonElement root, string json)
    {
        Only(root, "the mapping", Tops);
        var columns = new ColumnSlots();
        var fields = Need(root, "fields", "fields");
        var texts = new List<TextRule>();
        var times = new List<TimeRule>();
        var numbers = new List<NumberRule>();
        if (fields.ValueKind != JsonValueKind.Object)
        {
            throw new MappingException("fields", "must be an object");
        }

        foreach (var field in fields.EnumerateObject())
        {
            var key = "fields." + field.Name;
            if (RecordFields.TimeFields.Contains(field.Name))
            {
                times.Add(Time(field.Value, field.Name, key, columns));
            }
            else if (RecordFields.NumberFields.Contains(field.Name))
            {
                numbers.Add(new NumberRule(field.Name, Template.Parse(String(field.Value, key), columns, key)));
            }
            else if (field.Name == "place.name" || (field.Name != "kind" && RecordFields.TextFields.Contains(field.Name)))
            {
                texts.Add(Text(field.Value, field.Name, key, columns));
            }
            else
            {
                throw new MappingException(key, $"is no field of a record; there are {string.Join(", ", RecordFields.TextFields.Where(f => f != "kind").Concat(["place.name"]).Concat(RecordFields.TimeFields).Concat(RecordFields.NumberFields))}");
            }
        }

        var mapping = new Mapping
        {
            Name = String(Need(root, "name", "name"), "name"),
            Format = Format(root),
            Encoding = Encoding(root),
            Json = json,
            Kind = Kind(root),
            Columns = columns,
            Rename = Strings(root, "rename", "rename"),
            Texts = texts,
            Times = times,
            Numbers = numbers,
            Refuse = Refuse(root, columns),
            FirstSeen = FirstSeen(root, columns),
            Join = Join(root, columns),
        };
        Check(mapping);
        return mapping;
    }

    private static void Check(Mapping mapping)
    {
        foreach (var field in (string[])["id", "source"])
        {
            if (mapping.Texts.All(t => t.Field != field))
            {
                throw new MappingException("fields." + field, "is missing");
            }
        }

        if (mapping.Times.All(t => t.Field != RecordFields.PublishedField))
        {
            throw new MappingException("fields.published", "is missing");
        }

        if (mapping.Texts.All(t => t.Field is not ("text" or "title")))
        {
            throw new MappingException("fields.text", "is missing: map text or title");
        }

        if (mapping.Join is null && mapping.Columns.Columns.Any(c => c.Name == ColumnSlots.Joined))
        {
            throw new MappingException("join", $"is missing, but {ColumnSlots.Joined} is used");
        }

        if (mapping.FirstSeen is null && mapping.Columns.Columns.Any(c => c.Name is ColumnSlots.First or ColumnSlots.FirstDay))
        {
            throw new MappingException("firstSeen", $"is missing, but {ColumnSlots.First} or {ColumnSlots.FirstDay} is used");
        }

        if (mapping.FirstSeen is not null && mapping.Times.All(t => t.Field != RecordFields.UpdatedField))
        {
            throw new MappingException("fields.updated", "is missing: with firstSeen each appearance is a version and needs its own time");
        }
    }

    private static TextRule Text(JsonElement value, string field, string key, ColumnSlots columns)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return new TextRule(field, Template.Parse(value.GetString()!, columns, key), null, [], new Dictionary<string, string>());
        }

        Only(value, key, "template", "hash", "cases", "values");
        var cases = new List<(Condition, Template)>();
        foreach (var (item, itemKey) in Items(value, "cases", key))
        {
            Only(item, itemKey, "when", "then");
            cases.Add((Condition(Need(item, "when", itemKey + ".when"), itemKey + ".when", columns), Template.Parse(String(Need(item, "then", itemKey + ".then"), itemKey + ".then"), columns, itemKey + ".then")));
        }

        var template = value.TryGetProperty("template", out var t) ? Template.Parse(String(t, key + ".template"), columns, key + ".template") : null;
        var hash = value.TryGetProperty("hash", out _) ? Templates(value, "hash", key, columns) : null;
        if (template is null == hash is null)
        {
            throw new MappingException(key, "needs either template or hash");
        }

        return new TextRule(field, template, hash, cases, Strings(value, "values", key + ".values"));
    }

    private static TimeRule Time(JsonElement value, string field, string key, ColumnSlots columns)
    {
        Only(value, key, "template", "format", "zone", "otherwise");
        var format = new TimeFormat(
            String(Need(value, "format", key + ".format"), key + ".format"),
            value.TryGetProperty("zone", out var zone) ? String(zone, key + ".zone") : null,
            key);
        var template = Template.Parse(String(Need(value, "template", key + ".template"), key + ".template"), columns, key + ".template");
        return new TimeRule(field, template, format, value.TryGetProperty("otherwise", out var otherwise) ? Time(otherwise, field, key + ".otherwise", columns) : null);
    }

    private static Condition Condition(JsonElement value, string key, ColumnSlots columns)
    {
        Only(value, key, "value", "equals", "not", "matches", "empty", "notDayIn");
        if (value.EnumerateObject().Count() != 2)
        {
            throw new MappingException(key, "needs value and one of equals, not, matches, empty, notDayIn");
        }

        return new Condition
        {
            Value = Template.Parse(String(Need(value, "value", key + ".value"), key + ".value"), columns, key + ".value"),
            Equals = value.TryGetProperty("equals", out var equals) ? String(equals, key + ".equals") : null,
            Not = value.TryGetProperty("not", out var not) ? String(not, key + ".not") : null,
            Matches = value.TryGetProperty("matches", out var matches) ? Pattern(String(matches, key + ".matches"), key + ".matches") : null,
            Empty = value.TryGetProperty("empty", out var empty) ? empty.ValueKind == JsonValueKind.True : null,
            NotDayIn = value.TryGetProperty("notDayIn", out var zone) ? TimeFormat.FindZone(String(zone, key + ".notDayIn"), key + ".notDayIn") : null,
        };
    }

    private static Regex Pattern(string pattern, string key)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new MappingException(key, "is not a regular expression of linear time: " + e.Message);
        }
    }

    private static List<RefuseRule> Refuse(JsonElement root, ColumnSlots columns)
    {
        var rules = new List<RefuseRule>();
        foreach (var (item, key) in Items(root, "refuse", ""))
        {
            Only(item, key, "when", "detail");
            rules.Add(new RefuseRule(Condition(Need(item, "when", key + ".when"), key + ".when", columns), DeadLetterReason.RefusedByMapping, String(Need(item, "detail", key + ".detail"), key + ".detail")));
        }

        return rules;
    }

    private static FirstSeenRule? FirstSeen(JsonElement root, ColumnSlots columns)
    {
        if (!root.TryGetProperty("firstSeen", out var value))
        {
            return null;
        }

        Only(value, "firstSeen", "key", "time", "within");
        if (!TimeSpan.TryParse(String(Need(value, "within", "firstSeen.within"), "firstSeen.within"), CultureInfo.InvariantCulture, out var within) || within <= TimeSpan.Zero || within > TimeSpan.FromDays(31))
        {
            throw new MappingException("firstSeen.within", "must be a span of at most 31 days, for example 3.00:00:00");
        }

        return new FirstSeenRule(Templates(value, "key", "firstSeen", columns), Time(Need(value, "time", "firstSeen.time"), "first seen", "firstSeen.time", columns), within);
    }

    private static JoinRule? Join(JsonElement root, ColumnSlots columns)
    {
        if (!root.TryGetProperty("join", out var value))
        {
            return null;
        }

        Only(value, "join", "key", "time");
        return new JoinRule(Templates(value, "key", "join", columns), Time(Need(value, "time", "join.time"), "joined", "join.time", columns));
    }

    private static InputFormat? Format(JsonElement root) => !root.TryGetProperty("format", out var value) ? null : String(value, "format") switch
    {
        "csv" => InputFormat.Csv,
        "tsv" => InputFormat.Tsv,
        "ndjson" => InputFormat.Ndjson,
        var other => throw new MappingException("format", $"'{other}' must be csv, tsv or ndjson"),
    };

    private static string? Encoding(JsonElement root)
    {
        if (!root.TryGetProperty("encoding", out var value))
        {
            return null;
        }

        var name = String(value, "encoding");
        try
        {
            InputFile.Named(name);
            return name;
        }
        catch (ArgumentException)
        {
            throw new MappingException("encoding", $"'{name}' is unknown: use an IANA name such as utf-8, gb18030, big5");
        }
    }

    private static RecordKind Kind(JsonElement root) => String(Need(root, "kind", "kind"), "kind") switch
    {
        "post" => RecordKind.Post,
        "hotline" => RecordKind.Hotline,
        var other => throw new MappingException("kind", $"'{other}' must be post or hotline"),
    };

    private static List<Template> Templates(JsonElement owner, string name, string key, ColumnSlots columns)
    {
        var templates = Items(owner, name, key).Select(i => Template.Parse(String(i.Item, i.Key), columns, i.Key)).ToList();
        return templates.Count > 0 ? templates : throw new MappingException(key + "." + name, "must list at least one template");
    }

    private static IEnumerable<(JsonElement Item, string Key)> Items(JsonElement owner, string name, string key)
    {
        var path = key.Length == 0 ? name : key + "." + name;
        if (!owner.TryGetProperty(name, out var list))
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select((item, i) => (item, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")))
            : throw new MappingException(path, "must be a list");
    }

    private static Dictionary<string, string> Strings(JsonElement owner, string name, string key)
    {
        var strings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!owner.TryGetProperty(name, out var value))
        {
            return strings;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new MappingException(key, "must be an object of strings");
        }

        foreach (var item in value.EnumerateObject())
        {
            strings[item.Name] = String(item.Value, key + "." + item.Name);
        }

        return strings;
    }

    private static void Only(JsonElement value, string key, params string[] known)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new MappingException(key, "must be an object");
        }

        foreach (var item in value.EnumerateObject())
        {
            if (!known.Contains(item.Name))
            {
                throw new MappingException(key == "the mapping" ? item.Name : key + "." + item.Name, $"is not known; there are {string.Join(", ", known)}");
            }
        }
    }

    private static JsonElement Need(JsonElement owner, string name, string key) =>
        owner.TryGetProperty(name, out var value) ? value : throw new MappingException(key, "is missing");

    private static string String(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new MappingException(key, "must be a string");
}
