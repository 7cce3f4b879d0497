using RiskWatch.Contracts;
using RiskWatch.Ingestion.Edge;
using RiskWatch.Ingestion.Mappings;
using RiskWatch.Ingestion.Reading;

namespace RiskWatch.Ingestion.Replay;

/// <summary>The rows of one file in order of time. A row without a time stays behind the one before it.</summary>
internal sealed class FileRows : IDisposable
{
    private readonly InputReader _reader;
    private readonly RowSorter? _sorter;
    private readonly IEnumerator<(long Key, RawLine Line)> _rows;

    private FileRows(InputReader reader, Mapping? mapping, RowSorter? sorter, IEnumerable<(long, RawLine)> rows)
    {
        _reader = reader;
        _sorter = sorter;
        _rows = rows.GetEnumerator();
        Mapping = mapping;
    }

    /// <summary>Its mapping.</summary>
    public Mapping? Mapping { get; }

    /// <summary>File name without folders.</summary>
    public string Name => _reader.Name;

    /// <summary>Its header line with the line break, empty where it has none.</summary>
    public byte[] HeaderLine => _reader.HeaderLine;

    /// <summary>Time of the row at hand, in ticks.</summary>
    public long Key => _rows.Current.Key;

    /// <summary>The row at hand.</summary>
    public RawLine Line => _rows.Current.Line;

    /// <summary>For a file that is in order.</summary>
    public static FileRows InOrder(InputReader reader, Mapping? mapping) => new(reader, mapping, null, Keyed(reader));

    /// <summary>For one that is not: sorted here, on disk where it is large.</summary>
    public static FileRows Sorted(InputReader reader, Mapping? mapping, string folder, CancellationToken cancel)
    {
        var sorter = new RowSorter(folder);
        try
        {
            foreach (var (key, line) in Keyed(reader))
            {
                cancel.ThrowIfCancellationRequested();
                sorter.Add(key, line);
            }

            return new FileRows(reader, mapping, sorter, sorter.Sorted());
        }
        catch
        {
            sorter.Dispose();
            throw;
        }
    }

    /// <summary>The next row.</summary>
    public bool Read() => _rows.MoveNext();

    /// <summary>Maps the row at hand.</summary>
    public Refusal? Map(RawRecord record) => _reader.Map(Line, record);

    public void Dispose()
    {
        _rows.Dispose();
        _sorter?.Dispose();
        _reader.Dispose();
    }

    private static IEnumerable<(long, RawLine)> Keyed(InputReader reader)
    {
        var last = long.MinValue;
        while (reader.Read())
        {
            last = reader.Peek().Time?.UtcTicks ?? last;
            yield return (last, reader.Line);
        }
    }
}

/// <summary>The rows of all files, merged by time, then file, then line (LOG §9).</summary>
internal sealed class MergedRows : IDisposable
{
    private readonly List<FileRows> _files;
    private readonly PriorityQueue<FileRows, (long Key, int File)> _heads = new();
    private readonly bool _remembers;
    private readonly RawRecord _scratch = new();
    private FileRows? _current;

    public MergedRows(List<FileRows> files, bool remembers)
    {
        _files = files;
        _remembers = remembers;
        files.ForEach(Enqueue);
    }

    /// <summary>The row at hand.</summary>
    public RawLine Line => _current!.Line;

    /// <summary>The row behind its file's header line, so that a dead letter can be read by itself.</summary>
    public byte[] LineWithHeader => [.. _current!.HeaderLine, .. _current.Line.Bytes.Span];

    /// <summary>Where it stands.</summary>
    public DeadLetterOrigin Origin(string? source) => new(Source: source, File: _current!.Name, Line: Line.Number);

    /// <summary>Name of its mapping.</summary>
    public string? Mapping => _current!.Mapping?.Name;

    /// <summary>The next row.</summary>
    public bool Read()
    {
        if (_current is not null)
        {
            Enqueue(_current);
        }

        return _heads.TryDequeue(out _current, out _);
    }

    /// <summary>Maps the row at hand; null where it went well.</summary>
    public Refusal? Map(RawRecord record) => _current!.Map(record);

    /// <summary>Passes over rows that are already in the log, so that what is remembered of them is as it was.</summary>
    public void Skip(long rows, CancellationToken cancel)
    {
        for (var i = 0L; i < rows; i++)
        {
            cancel.ThrowIfCancellationRequested();
            if (!Read())
            {
                return;
            }

            if (_remembers)
            {
                Map(_scratch);
            }
        }
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private void Enqueue(FileRows file)
    {
        if (file.Read())
        {
            _heads.Enqueue(file, (file.Key, _files.IndexOf(file)));
        }
    }
}
