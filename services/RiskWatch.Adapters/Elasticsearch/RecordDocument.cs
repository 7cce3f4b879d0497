using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RiskWatch.Adapters.Embedded.Store;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>Records as documents: the contracts' JSON, and beside it what they are searched and sorted by.</summary>
internal sealed class RecordDocument(IGazetteer gazetteer)
{
    private const int LongestId = 512;

    /// <summary>Id of a record's document: source and id; a hash in place of what would be too long.</summary>
    public static string IdOf(string source, string id)
    {
        var name = source.Contains('/', StringComparison.Ordinal) || source.Contains('%', StringComparison.Ordinal)
            ? source.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal) : source;
        var whole = $"{name}/{id}";
        return Encoding.UTF8.GetByteCount(whole) <= LongestId ? whole : "sha256/" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)));
    }

    /// <summary>Writes a document.</summary>
    public void Write(Utf8JsonWriter json, StoredRecord stored, StringBuilder tokens)
    {
        tokens.Clear();
        SearchTokens.AppendText(tokens, stored.Record.Title);
        SearchTokens.AppendText(tokens, stored.Record.Text);
        json.WriteStartObject();
        json.WriteString("words"u8, tokens.ToString());
        json.WriteNumber("ticks"u8, stored.Record.Published.UtcTicks);
        WritePlaces(json, gazetteer, stored.Assessment.Places.Select(p => p.Code));
        json.WriteNumber("doubts"u8, stored.Doubts);
        if (stored.CorrectedBy is { } by)
        {
            json.WriteString("correctedBy"u8, by);
        }

        json.WriteNumber("version"u8, stored.Version);
        json.WritePropertyName("record"u8);
        JsonSerializer.Serialize(json, stored.Record, ContractsJson.Default.Record);
        json.WritePropertyName("assessment"u8);
        JsonSerializer.Serialize(json, stored.Assessment, ContractsJson.Default.Assessment);
        json.WriteEndObject();
    }

    /// <summary>Reads a document.</summary>
    public static StoredRecord Read(Hit hit)
    {
        var source = hit.Source ?? throw new StoreConfigurationException($"{hit.Index} has a document without its source: indices must keep _source.");
        return new StoredRecord(
            source.GetProperty("record").Deserialize(ContractsJson.Default.Record)!,
            source.GetProperty("assessment").Deserialize(ContractsJson.Default.Assessment)!,
            source.GetProperty("doubts").GetInt32(),
            source.TryGetProperty("correctedBy", out var by) ? by.GetString() : null,
            source.GetProperty("version").GetInt64());
    }

    /// <summary>Writes places with their ancestors, each once.</summary>
    public static void WritePlaces(Utf8JsonWriter json, IGazetteer gazetteer, IEnumerable<string> codes)
    {
        json.WriteStartArray("places"u8);
        foreach (var code in codes.SelectMany(c => gazetteer.WithAncestors(c).Prepend(c)).Distinct(StringComparer.Ordinal))
        {
            json.WriteStringValue(code);
        }

        json.WriteEndArray();
    }

    /// <summary>Id of a series' hour.</summary>
    public static string IdOf(HistoryHour hour) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(SeriesOf(new SeriesId(hour.Site, hour.Topic, hour.Place, hour.Term)))))[..32]}-{hour.Hour.UtcTicks / TimeSpan.TicksPerHour}");

    /// <summary>One word for a series.</summary>
    public static string SeriesOf(SeriesId series) => string.Join('\u001f', series.Site, series.Topic ?? "", series.Place, series.Term ?? "");
}
