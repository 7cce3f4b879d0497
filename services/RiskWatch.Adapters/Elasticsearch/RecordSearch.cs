using System.Globalization;
using System.Text.Json.Nodes;
using RiskWatch.Adapters.Embedded.Store;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>Queries in the server's language. Long forms only, which the API description knows.</summary>
internal static class RecordSearch
{
    /// <summary>The filter of a query of records; null where its text holds no word, so that nothing can match.</summary>
    public static JsonObject? Of(RecordQuery query)
    {
        var filters = new JsonArray();
        Add(filters, "record.site", query.Site);
        Add(filters, "assessment.topics.id", query.TopicFilter);
        Add(filters, "places", query.Place);
        Add(filters, "record.source", query.Source);
        Add(filters, "record.kind", query.Kind is { } kind ? Json(kind) : null);
        Add(filters, "assessment.sentiment.label", query.Sentiment is { } mood ? Json(mood) : null);
        Add(filters, "assessment.credibility.band", query.BandFilter is { } band ? Json(band) : null);
        Add(filters, "assessment.group", query.Group);
        Between(filters, query.From, query.Until);
        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            var before = filters.Count;
            foreach (var phrase in SearchPhrases.Of(query.Text))
            {
                filters.Add(Phrase(phrase));
            }

            if (filters.Count == before)
            {
                return null;
            }
        }

        return All(filters);
    }

    /// <summary>The filter of a query of alerts.</summary>
    public static JsonObject Of(AlertQuery query)
    {
        var filters = new JsonArray();
        Add(filters, "site", query.Site);
        Add(filters, "topic", query.Topic);
        Add(filters, "places", query.Place);
        Between(filters, query.From, query.Until);
        if (query.MinimumLevel is { } level)
        {
            filters.Add(new JsonObject { ["range"] = new JsonObject { ["peak"] = new JsonObject { ["gte"] = (int)level } } });
        }

        var statuses = query.Statuses ?? [.. Enum.GetValues<AlertStatus>().Where(s => s != AlertStatus.Withdrawn)];
        filters.Add(Any("status", [.. statuses.Select(Json)]));
        return All(filters);
    }

    /// <summary>All of some filters; without scores.</summary>
    public static JsonObject All(JsonArray filters) => new() { ["bool"] = new JsonObject { ["filter"] = filters } };

    /// <summary>One value of a field.</summary>
    public static JsonObject Term(string field, string value) => new() { ["term"] = new JsonObject { [field] = new JsonObject { ["value"] = value } } };

    /// <summary>Any of some values of a field; none of them matches nothing. ("terms" with a field is not in the API description.)</summary>
    public static JsonObject Any(string field, IReadOnlyCollection<string> values) => values.Count == 0
        ? new JsonObject { ["match_none"] = new JsonObject() }
        : new JsonObject { ["bool"] = new JsonObject { ["should"] = new JsonArray([.. values.Select(v => Term(field, v))]), ["minimum_should_match"] = 1 } };

    /// <summary>Ticks in a range.</summary>
    public static void Between(JsonArray filters, DateTimeOffset? from, DateTimeOffset? until)
    {
        var range = new JsonObject();
        if (from is { } first)
        {
            range["gte"] = first.UtcTicks;
        }

        if (until is { } end)
        {
            range["lt"] = end.UtcTicks;
        }

        if (range.Count > 0)
        {
            filters.Add(new JsonObject { ["range"] = new JsonObject { ["ticks"] = range } });
        }
    }

    /// <summary>A sort order.</summary>
    public static JsonArray Sort(params ReadOnlySpan<(string Field, string Order)> fields)
    {
        var sort = new JsonArray();
        foreach (var (field, order) in fields)
        {
            sort.Add(new JsonObject { [field] = new JsonObject { ["order"] = order } });
        }

        return sort;
    }

    /// <summary>Counts by time, in pages of buckets.</summary>
    public static JsonObject Histogram(JsonObject filter, TimeSpan bucket, int buckets) => new()
    {
        ["size"] = 0,
        ["track_total_hits"] = false,
        ["query"] = filter,
        ["aggregations"] = new JsonObject
        {
            ["times"] = new JsonObject
            {
                ["composite"] = new JsonObject
                {
                    ["size"] = buckets,
                    ["sources"] = new JsonArray(new JsonObject
                    {
                        ["start"] = new JsonObject
                        {
                            ["date_histogram"] = new JsonObject { ["field"] = "record.published", ["fixed_interval"] = string.Create(CultureInfo.InvariantCulture, $"{bucket.Ticks / TimeSpan.TicksPerSecond}s") },
                        },
                    }),
                },
                ["aggregations"] = new JsonObject
                {
                    ["negative"] = new JsonObject { ["filter"] = Term("assessment.sentiment.label", Json(Sentiment.Negative)) },
                    ["likely_false"] = new JsonObject { ["filter"] = Term("assessment.credibility.band", Json(CredibilityBand.LikelyFalse)) },
                },
            },
        },
    };

    /// <summary>An enum's member as the contracts write it.</summary>
    public static string Json<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonSerializer.SerializeToElement(value, typeof(T), ContractsJson.Default).GetString()!;

    private static JsonObject Phrase(SearchPhrase phrase)
    {
        if (!phrase.Prefix)
        {
            return new JsonObject { ["match_phrase"] = new JsonObject { ["words"] = new JsonObject { ["query"] = phrase.Tokens } } };
        }

        // A lone character is the start of a bigram: any number of them. In a phrase as many as the server may expand.
        return phrase.Tokens.Contains(' ', StringComparison.Ordinal)
            ? new JsonObject { ["match_phrase_prefix"] = new JsonObject { ["words"] = new JsonObject { ["query"] = phrase.Tokens, ["max_expansions"] = 1000 } } }
            : new JsonObject { ["prefix"] = new JsonObject { ["words"] = new JsonObject { ["value"] = phrase.Tokens } } };
    }

    private static void Add(JsonArray filters, string field, string? value)
    {
        if (value is not null)
        {
            filters.Add(Term(field, value));
        }
    }
}
