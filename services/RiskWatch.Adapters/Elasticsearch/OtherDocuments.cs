using System.Text.Json;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>Alerts and hours of series as documents.</summary>
internal sealed class OtherDocuments(IndexNames names, IGazetteer gazetteer)
{
    /// <summary>An alert, in the month in which it was first seen.</summary>
    public BulkOperation Of(Alert alert, int tag) => new(tag, IndexFamily.Alerts, names.Month(IndexFamily.Alerts, alert.RaisedAt), alert.Id, alert.Version, json =>
    {
        json.WriteStartObject();
        json.WriteString("id"u8, alert.Id);
        json.WriteString("site"u8, alert.Site);
        json.WriteString("status"u8, RecordSearch.Json(alert.Status));
        json.WriteNumber("peak"u8, (int)alert.PeakLevel);
        if (alert.Topic is { } topic)
        {
            json.WriteString("topic"u8, topic.Id);
        }

        RecordDocument.WritePlaces(json, gazetteer, alert.Place is { } place ? [place.Code] : []);
        json.WriteString("raisedAt"u8, alert.RaisedAt);
        json.WriteNumber("ticks"u8, alert.RaisedAt.UtcTicks);
        json.WriteNumber("updated"u8, alert.UpdatedAt.UtcTicks);
        json.WritePropertyName("alert"u8);
        JsonSerializer.Serialize(json, alert, ContractsJson.Default.Alert);
        json.WriteEndObject();
    });

    /// <summary>An hour of a series, in its month.</summary>
    public BulkOperation Of(HistoryHour hour, int tag) => new(tag, IndexFamily.Trends, names.Month(IndexFamily.Trends, hour.Hour), RecordDocument.IdOf(hour), hour.Version, json =>
    {
        json.WriteStartObject();
        json.WriteString("series"u8, RecordDocument.SeriesOf(new SeriesId(hour.Site, hour.Topic, hour.Place, hour.Term)));
        json.WriteNumber("ticks"u8, hour.Hour.UtcTicks);
        json.WritePropertyName("trend"u8);
        JsonSerializer.Serialize(json, hour, ContractsJson.Default.HistoryHour);
        json.WriteEndObject();
    });

    /// <summary>The alert of a document.</summary>
    public static Alert Alert(Hit hit) => Part(hit, "alert").Deserialize(ContractsJson.Default.Alert)!;

    /// <summary>The hour of a document.</summary>
    public static HistoryHour Hour(Hit hit) => Part(hit, "trend").Deserialize(ContractsJson.Default.HistoryHour)!;

    private static JsonElement Part(Hit hit, string name) =>
        hit.Source?.GetProperty(name) ?? throw new StoreConfigurationException($"{hit.Index} has a document without its source: indices must keep _source.");
}
