using RiskWatch.Contracts;
using RiskWatch.Core.Ingest;
using RiskWatch.Ingestion.Edge;
using RiskWatch.Ingestion.Mappings;

namespace RiskWatch.Ingestion.Reading;

/// <summary>Reads one file's rows in the order they stand in it, and maps them. Memory is bounded by the longest line allowed.</summary>
internal sealed class InputReader : IDisposable
{
    private readonly OpenInput _input;
    private readonly LineSplitter _lines;
    private readonly RawRecord _peeked = new();

    /// <summary>Opens a file; without a mapping it must be NDJSON in the form of DESIGN §6.</summary>
    /// <exception cref="IngestionConfigurationException">The file cannot be read or does not go with the mapping.</exception>
    public InputReader(string path, Mapping? mapping, FirstSeen? memory, int limit, JoinedRows? joined = null)
    {
        Name = Path.GetFileName(path);
        var format = mapping?.Format ?? InputFile.FormatOf(path)
            ?? throw new IngestionConfigurationException($"The format of {path} is not known: its name must end in .ndjson, .jsonl, .csv or .tsv (and .gz), or the mapping must give 'format'.");
        if (mapping is null && format != InputFormat.Ndjson)
        {
            throw new IngestionConfigurationException($"{path} needs a mapping, which says how its columns become fields: --mapping {string.Join(", ", BuiltInMappings.Names)}, or a file.");
        }

        _input = InputFile.Open(path, mapping?.Encoding);
        try
        {
            _lines = new LineSplitter(_input.Stream, limit, format == InputFormat.Csv ? (byte)',' : null);
            Mapper = mapping is null ? null : new RowMapper(mapping, memory, format, format == InputFormat.Ndjson ? [] : Header(format), Name, joined);
        }
        catch
        {
            _input.Dispose();
            throw;
        }
    }

    /// <summary>File name without folders.</summary>
    public string Name { get; }

    /// <summary>Maps rows; null for records in their own form.</summary>
    public RowMapper? Mapper { get; }

    /// <summary>The header line with its line break; empty where the file has none.</summary>
    public byte[] HeaderLine { get; private set; } = [];

    /// <summary>The row at hand.</summary>
    public RawLine Line { get; private set; }

    /// <summary>The next row.</summary>
    public bool Read()
    {
        while (true)
        {
            if (_lines.TryRead(out var line))
            {
                Line = line;
                return true;
            }

            if (!Fill())
            {
                return false;
            }
        }
    }

    /// <summary>Merged time and source of the row at hand, null where it has none.</summary>
    public (DateTimeOffset? Time, string? Source) Peek()
    {
        if (Line.Fault != LineFault.None)
        {
            return (null, null);
        }

        if (Mapper is not null)
        {
            return Mapper.Peek(Line.Bytes);
        }

        return RecordJson.Read(Line.Bytes.Span, _peeked) is null ? (_peeked.Merged, _peeked.Source) : (null, null);
    }

    /// <summary>Maps a row of this file; null where it went well.</summary>
    public Refusal? Map(in RawLine line, RawRecord record)
    {
        if (FaultOf(line) is { } fault)
        {
            record.Clear();
            return fault;
        }

        if (_input.Transcoded && line.Bytes.Span.IndexOf("\uFFFD"u8) >= 0)
        {
            record.Clear();
            return new Refusal(DeadLetterReason.WrongEncoding, "Bytes that are wrong in the file's encoding: declare the right one in the mapping ('encoding').");
        }

        return Mapper is null ? RecordJson.Read(line.Bytes.Span, record) : Mapper.Map(line.Bytes, record, line.Number);
    }

    /// <summary>What a fault of a line means.</summary>
    public static Refusal? FaultOf(in RawLine line) => line.Fault switch
    {
        LineFault.Oversized => new Refusal(DeadLetterReason.Oversized, $"The record is {line.Length} bytes long, over the limit: shorten it, or raise RiskWatch:Ingestion:LongestRecord."),
        LineFault.UnclosedQuote => new Refusal(DeadLetterReason.Malformed, "A field opens a quote and never closes it: double the quotes inside of quoted fields."),
        _ => null,
    };

    public void Dispose() => _input.Dispose();

    private bool Fill()
    {
        try
        {
            return _lines.Fill();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new IngestionConfigurationException($"The input {Name} is damaged or cannot be read to its end: {e.Message}", e);
        }
    }

    private IReadOnlyList<string> Header(InputFormat format)
    {
        if (!Read() || Line.Fault != LineFault.None)
        {
            throw new IngestionConfigurationException($"{Name} has no header line.");
        }

        HeaderLine = [.. Line.Bytes.Span, (byte)'\n'];
        return RowMapper.Columns(Line.Bytes, format);
    }
}
