using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>Settings and mappings of each family.</summary>
internal sealed class IndexTemplates(ElasticsearchOptions options, Flavor flavor, IndexNames names)
{
    /// <summary>Version of the mappings; a greater one only adds fields.</summary>
    public const int Version = 1;

    // Above Elastic's own templates, which begin at 100.
    private const int Priority = 500;

    /// <summary>The template of a family, with version and hash.</summary>
    public JsonObject Of(IndexFamily family, bool lifecycle)
    {
        var template = new JsonObject { ["settings"] = Settings(family, lifecycle), ["mappings"] = Mappings(family) };
        if (family != IndexFamily.Deleted)
        {
            template["aliases"] = new JsonObject { [names.Alias(family)] = new JsonObject() };
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(template.ToJsonString())))[..16];
        return new JsonObject
        {
            ["index_patterns"] = new JsonArray(names.Pattern(family)),
            ["priority"] = Priority,
            ["version"] = Version,
            ["_meta"] = new JsonObject { ["riskwatch"] = Version, ["hash"] = hash },
            ["template"] = template,
        };
    }

    /// <summary>The mappings of a family.</summary>
    public static JsonObject Mappings(IndexFamily family)
    {
        var mappings = new JsonObject
        {
            ["dynamic"] = "strict",
            ["_meta"] = new JsonObject { ["riskwatch"] = Version },
            ["properties"] = family switch
            {
                IndexFamily.Records => Records(),
                IndexFamily.Alerts => Alerts(),
                IndexFamily.Trends => Trends(),
                _ => new JsonObject { ["ticks"] = Field("long") },
            },
        };
        if (family == IndexFamily.Records)
        {
            mappings["_source"] = new JsonObject { ["excludes"] = new JsonArray("words") };
        }

        return mappings;
    }

    // "words" holds the tokens that the embedded store has too, so that both find the same; "text" and "title" are what other tools search.
    private static JsonObject Records() => new()
    {
        ["words"] = new JsonObject { ["type"] = "text", ["analyzer"] = "whitespace", ["norms"] = false },
        ["ticks"] = Field("long"),
        ["places"] = Field("keyword"),
        ["doubts"] = Field("integer"),
        ["correctedBy"] = Field("keyword"),
        ["version"] = Field("long"),
        ["record"] = Object(
            ("id", Field("keyword")), ("source", Field("keyword")), ("site", Field("keyword")), ("kind", Field("keyword")), ("published", Field("date")),
            ("text", Cjk()), ("title", Cjk()), ("category", Keyword()), ("channel", Keyword()), ("department", Keyword())),
        ["assessment"] = Object(
            ("language", Keyword()), ("group", Field("keyword")), ("modelVersion", Keyword()),
            ("credibility", Object(("band", Field("keyword")), ("falseProbability", Field("double")))),
            ("sentiment", Object(("label", Field("keyword")), ("score", Field("double")))),
            ("topics", Object(("id", Field("keyword")), ("probability", Field("double")))),
            ("department", Object(("label", Keyword()))),
            ("relevance", Object(("probability", Field("double")))),
            ("places", Object(("code", Field("keyword"))))),
    };

    private static JsonObject Alerts() => new()
    {
        ["id"] = Field("keyword"),
        ["site"] = Field("keyword"),
        ["status"] = Field("keyword"),
        ["peak"] = Field("byte"),
        ["topic"] = Field("keyword"),
        ["places"] = Field("keyword"),
        ["raisedAt"] = Field("date"),
        ["ticks"] = Field("long"),
        ["updated"] = Field("long"),
        ["alert"] = new JsonObject { ["type"] = "object", ["enabled"] = false },
    };

    private static JsonObject Trends() => new()
    {
        ["series"] = Field("keyword"),
        ["ticks"] = Field("long"),
        ["trend"] = Object(
            ("site", Field("keyword")), ("topic", Field("keyword")), ("place", Field("keyword")), ("term", Keyword()), ("hour", Field("date")),
            ("observed", Field("double")), ("expected", Field("double")), ("authors", Field("double"))),
    };

    private static JsonObject Field(string type) => new() { ["type"] = type };

    private static JsonObject Keyword() => new() { ["type"] = "keyword", ["ignore_above"] = 1024 };

    private static JsonObject Cjk() => new() { ["type"] = "text", ["analyzer"] = "cjk", ["norms"] = false };

    private static JsonObject Object(params ReadOnlySpan<(string Name, JsonObject Field)> fields)
    {
        var properties = new JsonObject();
        foreach (var (name, field) in fields)
        {
            properties[name] = field;
        }

        return new JsonObject { ["type"] = "object", ["dynamic"] = "false", ["properties"] = properties };
    }

    private JsonObject Settings(IndexFamily family, bool lifecycle)
    {
        var settings = new JsonObject
        {
            ["number_of_shards"] = family == IndexFamily.Records ? options.Shards : 1,
            ["number_of_replicas"] = options.Replicas,
            ["refresh_interval"] = string.Create(CultureInfo.InvariantCulture, $"{(long)options.RefreshInterval.TotalMilliseconds}ms"),
        };
        if (lifecycle && flavor == Flavor.Elasticsearch && family != IndexFamily.Deleted)
        {
            settings["lifecycle"] = new JsonObject { ["name"] = names.Policy };
        }

        return new JsonObject { ["index"] = settings };
    }
}
