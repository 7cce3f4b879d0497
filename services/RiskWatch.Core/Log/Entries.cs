using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RiskWatch.Contracts;

namespace RiskWatch.Core.Log;

/// <summary>Reads and writes the contracts as entries: one place that knows key, partition and type of each.</summary>
public static class Entries
{
    /// <summary>Key of everything that belongs to a site and topic.</summary>
    public static string SiteTopicKey(string site, string topic) => site + "/" + topic;

    /// <summary>A version of a record, or its deletion. A deletion that names no root goes to all partitions (LOG §5.4).</summary>
    public static LogOutput Of(Record record) => new(
        Topics.Records, record.Source + "/" + record.RootId, EntryTypes.Record, Json(record, ContractsJson.Default.Record),
        record is { Deleted: true, Root: null, RepostOf: null } ? OutputRoute.ToAllPartitions : OutputRoute.ByKey);

    /// <summary>A mark, to all partitions.</summary>
    public static LogOutput Of(Mark mark) => new(Topics.Records, mark.Source, EntryTypes.Mark, Json(mark, ContractsJson.Default.Mark), OutputRoute.ToAllPartitions);

    /// <summary>A correction, beside its record.</summary>
    public static LogOutput Of(Correction correction) => new(Topics.Records, correction.Source + "/" + correction.RootId, EntryTypes.Correction, Json(correction, ContractsJson.Default.Correction));

    /// <summary>A scored record, in its record's partition number.</summary>
    public static LogOutput Of(ScoredRecord scored, int partition) => new(Topics.Scored, scored.Record.Source + "/" + scored.Record.Id, EntryTypes.Scored, Json(scored, ContractsJson.Default.ScoredRecord), OutputRoute.ToPartition, partition);

    /// <summary>The same where the record stands as it was read: its JSON is copied, not written anew.</summary>
    /// <param name="scored">The scored record.</param>
    /// <param name="partition">Its record's partition.</param>
    /// <param name="record">JSON of its record.</param>
    public static LogOutput Of(ScoredRecord scored, int partition, ReadOnlyMemory<byte> record) => new(
        Topics.Scored, scored.Record.Source + "/" + scored.Record.Id, EntryTypes.Scored, CompactJson.Bytes((scored, record), WriteScored), OutputRoute.ToPartition, partition);

    /// <summary>A revision, in its record's partition number.</summary>
    public static LogOutput Of(Revision revision, int partition) => new(Topics.Scored, revision.Source + "/" + revision.Id, EntryTypes.Revision, Json(revision, ContractsJson.Default.Revision), OutputRoute.ToPartition, partition);

    /// <summary>A tally, by site and topic.</summary>
    public static LogOutput Of(Tally tally) => new(Topics.Tallies, SiteTopicKey(tally.Site, tally.Topic), EntryTypes.Tally, Json(tally, ContractsJson.Default.Tally));

    /// <summary>A clock, to all partitions.</summary>
    public static LogOutput Of(Clock clock) => new(Topics.Tallies, clock.Site, EntryTypes.Clock, Json(clock, ContractsJson.Default.Clock), OutputRoute.ToAllPartitions);

    /// <summary>A closed hour, by site and topic (a term's with "everything").</summary>
    public static LogOutput Of(HistoryHour hour) => new(Topics.History, SiteTopicKey(hour.Site, hour.Topic ?? "*"), EntryTypes.HistoryHour, Json(hour, ContractsJson.Default.HistoryHour));

    /// <summary>A signal, by site.</summary>
    public static LogOutput Of(Signal signal) => new(Topics.Signals, signal.Series.Site, EntryTypes.Signal, Json(signal, ContractsJson.Default.Signal));

    /// <summary>A tick report, by site.</summary>
    public static LogOutput Of(TickReport report) => new(Topics.Signals, report.Site, EntryTypes.TickReport, Json(report, ContractsJson.Default.TickReport));

    /// <summary>A person's action, by site.</summary>
    public static LogOutput Of(AlertAction action) => new(Topics.Signals, action.Site, EntryTypes.Action, Json(action, ContractsJson.Default.AlertAction));

    /// <summary>An alert under site + id, beside its site's signals.</summary>
    public static LogOutput Of(Alert alert) => new(Topics.Alerts, alert.Site + "/" + alert.Id, EntryTypes.Alert, Json(alert, ContractsJson.Default.Alert), PartitionKey: alert.Site);

    /// <summary>How far a site is decided, beside its alerts.</summary>
    public static LogOutput Of(SiteTick tick) => new(Topics.Alerts, tick.Site + "/tick", EntryTypes.SiteTick, Json(tick, ContractsJson.Default.SiteTick), PartitionKey: tick.Site);

    /// <summary>A control entry.</summary>
    public static LogOutput Of(ControlEntry entry) => new(Topics.Control, entry.Key(), EntryTypes.Control, Json(entry, ContractsJson.Default.ControlEntry));

    /// <summary>A dead letter.</summary>
    public static LogOutput Of(DeadLetter letter) => new(Topics.DeadLetter, letter.Id, EntryTypes.DeadLetter, Json(letter, ContractsJson.Default.DeadLetter));

    /// <summary>What became of a dead letter.</summary>
    public static LogOutput Of(DeadLetterResolution resolution) => new(Topics.DeadLetter, resolution.Id, EntryTypes.DeadLetterResolution, Json(resolution, ContractsJson.Default.DeadLetterResolution));

    /// <summary>An audit entry.</summary>
    public static LogOutput Of(AuditEntry entry) => new(Topics.Audit, entry.Id, EntryTypes.Audit, Json(entry, ContractsJson.Default.AuditEntry));

    /// <summary>Reads a value; an unreadable one is poison.</summary>
    /// <exception cref="PoisonException">The value is not that contract.</exception>
    public static T Read<T>(LogMessage entry, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return (entry.Value is { } value ? JsonSerializer.Deserialize(value.Span, type) : null)
                ?? throw new PoisonException(entry, DeadLetterReason.Malformed, $"An entry of type '{entry.Type}' has no value.");
        }
        catch (JsonException e)
        {
            throw new PoisonException(entry, DeadLetterReason.Malformed, $"Not a {typeof(T).Name}: {e.Path} at line {e.LineNumber}, byte {e.BytePositionInLine}.", e);
        }
    }

    /// <summary>Reads a record; the hot path of classification.</summary>
    /// <exception cref="PoisonException">The value is no record.</exception>
    public static Record ReadRecord(LogMessage entry) => (entry.Value is { } value ? RecordEntryReader.TryRead(value.Span) : null) ?? Read(entry, ContractsJson.Default.Record);

    /// <summary>Reads a tally; the hot path of detection.</summary>
    /// <exception cref="PoisonException">The value is no tally.</exception>
    public static Tally ReadTally(LogMessage entry) => (entry.Value is { } value ? TallyEntryReader.TryRead(value.Span) : null) ?? Read(entry, ContractsJson.Default.Tally);

    private static void WriteScored(Utf8JsonWriter json, (ScoredRecord Scored, ReadOnlyMemory<byte> Record) of)
    {
        json.WriteStartObject();
        json.WritePropertyName("record"u8);
        json.WriteRawValue(of.Record.Span, skipInputValidation: true);
        json.WritePropertyName("assessment"u8);
        if (of.Scored.Assessment is { } assessment)
        {
            JsonSerializer.Serialize(json, assessment, ContractsJson.Default.Assessment);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteNumber("version"u8, of.Scored.Version);
        json.WriteBoolean("counted"u8, of.Scored.Counted);
        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Json<T>(T value, JsonTypeInfo<T> type) => CompactJson.Bytes(value, type);
}
