using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Core.Control;
using RiskWatch.Core.Ingest;
using RiskWatch.Core.Log;
using RiskWatch.Core.Privacy;
using RiskWatch.Ingestion.Edge;
using RiskWatch.Ingestion.Mappings;
using RiskWatch.Ingestion.Reading;

namespace RiskWatch.Ingestion;

/// <summary>Handles dead letters again: those of the edge from their original bytes and mapping, those of later stages from the record that stands in them.</summary>
internal sealed class DeadLetterRetry(IDeadLetterVault vault, IControlTable control, IPseudonymSecrets secrets, IOptions<IngestionOptions> options) : IDeadLetterRetry
{
    /// <inheritdoc/>
    public DeadLetterRetryResult Retry(DeadLetter letter, DateTimeOffset now)
    {
        if (letter.Reason == DeadLetterReason.Oversized || letter.Length > DeadLetters.LargestWhole)
        {
            return Refused(DeadLetterReason.Oversized, "Only the beginning of it was kept: send it again in a shorter form.");
        }

        byte[] bytes;
        try
        {
            bytes = vault.Unprotect(letter.Bytes);
        }
        catch (CryptographicException)
        {
            return Refused(DeadLetterReason.Failed, "It was encrypted with another key: restore RiskWatch:Privacy:DeadLetterKey or the file dead-letters.key.");
        }

        return letter.Stage == IngestionService.Stage ? FromEdge(letter, bytes, now) : FromLog(letter, bytes, now);
    }

    private DeadLetterRetryResult FromEdge(DeadLetter letter, byte[] bytes, DateTimeOffset now)
    {
        var raw = new RawRecord();
        Refusal? refusal;
        try
        {
            refusal = letter.Mapping is null ? RecordJson.Read(bytes, raw) : FromRow(letter, bytes, raw);
        }
        catch (IngestionConfigurationException e)
        {
            return Refused(DeadLetterReason.Malformed, e.Message);
        }

        if (string.IsNullOrWhiteSpace(raw.Source))
        {
            raw.Source = letter.Origin.Source;
        }

        var made = refusal is null
            ? EdgeEntry.Of(new RecordEdge(new SourceCatalog(control, letter.Site), new Pseudonyms(secrets)).Handle(raw, now, retried: true), options.Value.LargestEntry)
            : new EdgeEntry(null, null, refusal);
        return made.Entry is { } entry ? new DeadLetterRetryResult([entry]) : Refused(made.Refusal!.Reason, made.Refusal.Detail);
    }

    // A row of a file with a header lies behind its header line.
    private static Refusal? FromRow(DeadLetter letter, byte[] bytes, RawRecord raw)
    {
        var mapping = BuiltInMappings.Find(letter.Mapping!);
        var format = mapping.Format ?? InputFile.FormatOf(letter.Origin.File ?? "") ?? InputFormat.Ndjson;
        var header = format == InputFormat.Ndjson ? 0 : bytes.AsSpan().IndexOf((byte)'\n') + 1;
        var columns = header > 0 ? RowMapper.Columns(bytes.AsMemory(0, header - 1), format) : [];
        return new RowMapper(mapping, RowMapper.MemoryFor(mapping), format, columns, letter.Origin.File ?? "the letter").Map(bytes.AsMemory(header), raw, letter.Origin.Line ?? 0);
    }

    private static DeadLetterRetryResult FromLog(DeadLetter letter, byte[] bytes, DateTimeOffset now)
    {
        if (letter.Origin.Topic != Topics.Records)
        {
            return Refused(DeadLetterReason.Failed, $"Entries of {letter.Origin.Topic} cannot be retried: correct the cause and replay the records.");
        }

        try
        {
            var record = JsonSerializer.Deserialize(bytes, ContractsJson.Default.Record);
            return record is null ? Refused(DeadLetterReason.Malformed, "It is not a record.") : new DeadLetterRetryResult([Entries.Of(record with { Received = now, Retried = true })]);
        }
        catch (JsonException e)
        {
            return Refused(DeadLetterReason.Malformed, $"It is not a record: {e.Path} at byte {e.BytePositionInLine}.");
        }
    }

    private static DeadLetterRetryResult Refused(DeadLetterReason reason, string detail) => new([], reason, detail);
}
