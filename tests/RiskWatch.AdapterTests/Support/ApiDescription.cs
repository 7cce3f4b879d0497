using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace RiskWatch.AdapterTests.Support;

/// <summary>
/// The official description of Elasticsearch's API, walked strictly: what it does not name is refused, although no schema says so itself. It models long
/// forms only. Fields of documents and names of fields to sort by are the user's.
/// </summary>
internal sealed class ApiDescription
{
    private static readonly Lazy<ApiDescription?> Loaded = new(Load);

    // Options that every call takes; the description leaves them out.
    private static readonly HashSet<string> Common = ["filter_path", "pretty", "human", "error_trace"];

    private static readonly HashSet<string> FieldSort = ["order", "missing", "mode", "nested", "unmapped_type", "numeric_type", "format"];

    private readonly JsonElement _root;
    private readonly List<(string[] Segments, JsonElement Path)> _paths;

    private ApiDescription(JsonElement root)
    {
        _root = root;
        _paths = [.. root.GetProperty("paths").EnumerateObject().Select(p => (p.Name.Split('/', StringSplitOptions.RemoveEmptyEntries), p.Value))];
    }

    /// <summary>The description, null where it is not at hand; it is not part of the repository.</summary>
    public static ApiDescription? Find() => Loaded.Value;

    /// <summary>The description; skips the test where it is not at hand.</summary>
    public static ApiDescription Required()
    {
        if (Find() is { } found)
        {
            return found;
        }

        var required = (Environment.GetEnvironmentVariable("RISKWATCH_REQUIRE") ?? "").Split(',', StringSplitOptions.TrimEntries);
        Assert.False(required.Contains("spec"), "RISKWATCH_REQUIRE asks for spec, but no folder above has shared/spec/elasticsearch.");
        Assert.Skip("No folder above has shared/spec/elasticsearch: no API description to check against.");
        return null!;
    }

    /// <summary>What is wrong with a request; null where nothing is.</summary>
    public string? Check(string method, string pathAndQuery, ReadOnlyMemory<byte> body, bool lines)
    {
        var parts = pathAndQuery.TrimStart('/').Split('?', 2);
        var segments = parts[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var candidates = _paths.Where(p => Matches(p.Segments, segments) && p.Path.TryGetProperty(method.ToLowerInvariant(), out _)).OrderBy(p => p.Segments.Count(s => s[0] == '{')).ToList();
        if (candidates.Count == 0)
        {
            return $"{method} /{parts[0]} is not in the description";
        }

        var operation = candidates[0].Path.GetProperty(method.ToLowerInvariant());
        foreach (var pair in parts.Length > 1 ? parts[1].Split('&') : [])
        {
            var name = pair.Split('=')[0];
            if (!Common.Contains(name) && !Parameters(operation).Contains(name))
            {
                return $"{method} /{parts[0]} takes no parameter {name}";
            }
        }

        if (body.IsEmpty)
        {
            return null;
        }

        if (!operation.TryGetProperty("requestBody", out var request))
        {
            return $"{method} /{parts[0]} takes no body";
        }

        if (lines)
        {
            return CheckLines(body);
        }

        var schema = Resolve(request).GetProperty("content").EnumerateObject().First().Value.GetProperty("schema");
        using var document = JsonDocument.Parse(body);
        return Walk(document.RootElement, schema, "$", 0);
    }

    /// <summary>What is wrong with a value under a named schema; null where nothing is.</summary>
    public string? Check(string schema, string json)
    {
        using var document = JsonDocument.Parse(json);
        return Walk(document.RootElement, _root.GetProperty("components").GetProperty("schemas").GetProperty(schema), "$", 0);
    }

    private static ApiDescription? Load()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var specification = new DirectoryInfo(Path.Combine(folder.FullName, "shared", "spec", "elasticsearch"));
            if (specification.Exists && specification.GetFiles("*.json.gz") is [var file, ..])
            {
                using var stream = new GZipStream(file.OpenRead(), CompressionMode.Decompress);
                return new ApiDescription(JsonDocument.Parse(stream).RootElement);
            }
        }

        return null;
    }

    private static bool Matches(string[] path, string[] segments) =>
        path.Length == segments.Length && path.Zip(segments).All(p => p.First[0] == '{' ? !p.Second.StartsWith('_') : p.First == p.Second);

    private string? CheckLines(ReadOnlyMemory<byte> body)
    {
        var text = Encoding.UTF8.GetString(body.Span);
        if (!text.EndsWith('\n'))
        {
            return "a bulk must end with a line feed";
        }

        var isDocument = false;
        foreach (var line in text[..^1].Split('\n'))
        {
            using var document = JsonDocument.Parse(line);
            if (isDocument)
            {
                isDocument = false;
                continue;
            }

            if (Walk(document.RootElement, _root.GetProperty("components").GetProperty("schemas").GetProperty("_global.bulk:OperationContainer"), "$", 0) is { } wrong)
            {
                return wrong;
            }

            isDocument = !document.RootElement.TryGetProperty("delete", out _);
        }

        return isDocument ? "a bulk ends without the document of its last action" : null;
    }

    private HashSet<string> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var list) ? [.. list.EnumerateArray().Select(p => Resolve(p).GetProperty("name").GetString()!)] : [];

    private JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference))
        {
            element = reference.GetString()!.Split('/')[1..].Aggregate(_root, (at, name) => at.GetProperty(name.Replace("~1", "/", StringComparison.Ordinal)));
        }

        return element;
    }

    private string? Walk(JsonElement value, JsonElement schema, string at, int depth)
    {
        schema = Resolve(schema);
        if (depth > 60)
        {
            return $"{at}: too deep";
        }

        if (IsAnything(schema))
        {
            return null;
        }

        foreach (var alternatives in new[] { "oneOf", "anyOf" })
        {
            if (schema.TryGetProperty(alternatives, out var list))
            {
                return Any(value, [.. list.EnumerateArray()], at, depth);
            }
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => Object(value, schema, at, depth),
            JsonValueKind.Array => Array(value, schema, at, depth),
            _ => Scalar(value, schema, at),
        };
    }

    // How the description says "the user's own": an object of which nothing is said.
    private static bool IsAnything(JsonElement schema) =>
        schema.EnumerateObject().All(p => p.Name is "type" or "description") && (!schema.TryGetProperty("type", out var type) || type.GetString() == "object");

    // The complaint that lies deepest is the one about the alternative that was meant.
    private string? Any(JsonElement value, List<JsonElement> schemas, string at, int depth)
    {
        var complaints = new List<string>();
        foreach (var schema in schemas)
        {
            if (Walk(value, schema, at, depth + 1) is not { } wrong)
            {
                return null;
            }

            complaints.Add(wrong);
        }

        return complaints.MaxBy(c => c.Split(": ")[0].Length);
    }

    private string? Object(JsonElement value, JsonElement schema, string at, int depth)
    {
        var properties = new Dictionary<string, JsonElement>();
        var required = new HashSet<string>();
        JsonElement? others = null;
        var closed = false;
        Collect(schema, properties, required, ref others, ref closed);
        if (schema.TryGetProperty("type", out var type) && type.GetString() != "object")
        {
            return $"{at}: must be {type.GetString()}";
        }

        if (required.FirstOrDefault(r => !value.TryGetProperty(r, out _)) is { } missing)
        {
            return $"{at}: needs {missing}";
        }

        if (schema.TryGetProperty("maxProperties", out var most) && value.EnumerateObject().Count() > most.GetInt32())
        {
            return $"{at}: has too many properties";
        }

        foreach (var property in value.EnumerateObject())
        {
            var next = $"{at}.{property.Name}";
            if (properties.TryGetValue(property.Name, out var known))
            {
                if (Walk(property.Value, known, next, depth + 1) is { } wrong)
                {
                    return wrong;
                }
            }
            else if (others is { } other)
            {
                if (other.ValueKind == JsonValueKind.Object && Walk(property.Value, other, next, depth + 1) is { } wrong)
                {
                    return wrong;
                }
            }
            else if (properties.ContainsKey("_geo_distance") && properties.ContainsKey("_score"))
            {
                // A sort's other names are those of fields; what stands below them is in the reference, not in this document.
                if (property.Value.EnumerateObject().Select(o => o.Name).FirstOrDefault(o => !FieldSort.Contains(o)) is { } unknown)
                {
                    return $"{next}.{unknown}: is no option of a sort";
                }
            }
            else if (closed)
            {
                return $"{next}: is not in the description";
            }
        }

        return null;
    }

    private void Collect(JsonElement schema, Dictionary<string, JsonElement> properties, HashSet<string> required, ref JsonElement? others, ref bool closed)
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("allOf", out var parts))
        {
            foreach (var part in parts.EnumerateArray())
            {
                Collect(part, properties, required, ref others, ref closed);
            }
        }

        if (schema.TryGetProperty("properties", out var own))
        {
            closed = true;
            foreach (var property in own.EnumerateObject())
            {
                properties[property.Name] = property.Value;
            }
        }

        if (schema.TryGetProperty("additionalProperties", out var additional))
        {
            others = additional;
        }

        if (schema.TryGetProperty("required", out var names))
        {
            required.UnionWith(names.EnumerateArray().Select(n => n.GetString()!));
        }
    }

    private string? Array(JsonElement value, JsonElement schema, string at, int depth)
    {
        if (schema.TryGetProperty("type", out var type) && type.GetString() != "array")
        {
            return $"{at}: must be {type.GetString()}";
        }

        if (!schema.TryGetProperty("items", out var items))
        {
            return null;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (Walk(item, items, $"{at}[{index++}]", depth + 1) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private static string? Scalar(JsonElement value, JsonElement schema, string at)
    {
        if (schema.TryGetProperty("enum", out var values))
        {
            return values.EnumerateArray().Any(v => v.ToString() == value.ToString()) ? null : $"{at}: '{value}' is none of its values";
        }

        var wanted = schema.TryGetProperty("type", out var type) ? type.GetString() : schema.TryGetProperty("allOf", out _) ? "object" : null;
        var fits = wanted switch
        {
            null => true,
            "string" => value.ValueKind == JsonValueKind.String,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            _ => false,
        };
        return fits ? null : $"{at}: must be {wanted}";
    }
}
