using RiskWatch.Ingestion.Reading;

namespace RiskWatch.Ingestion.Replay;

/// <summary>
/// Sorts a file's rows by time, then line, with bounded memory (external merge sort): chunks are sorted in memory and, where there are several, written to
/// files that vanish when closed, then merged.
/// </summary>
internal sealed class RowSorter(string folder, long chunkBytes = RowSorter.DefaultChunk) : IDisposable
{
    public const long DefaultChunk = 64 * 1024 * 1024;

    private readonly List<FileStream> _runs = [];
    private readonly List<(long Key, long Order, RawLine Line)> _rows = [];
    private long _bytes;
    private long _order;

    /// <summary>Adds a row; rows of the same key stay in the order they were added.</summary>
    public void Add(long key, in RawLine line)
    {
        _rows.Add((key, _order++, line with { Bytes = line.Bytes.ToArray() }));
        _bytes += line.Bytes.Length + 96;
        if (_bytes >= chunkBytes)
        {
            Spill();
        }
    }

    /// <summary>All rows in order; once.</summary>
    public IEnumerable<(long Key, RawLine Line)> Sorted()
    {
        Sort();
        if (_runs.Count == 0)
        {
            foreach (var (key, _, line) in _rows)
            {
                yield return (key, line);
            }

            yield break;
        }

        Spill();
        var heads = new PriorityQueue<(BinaryReader Run, RawLine Line, long Order), (long Key, long Order)>();
        foreach (var run in _runs)
        {
            run.Position = 0;
            Next(new BinaryReader(run), heads);
        }

        while (heads.TryDequeue(out var head, out var place))
        {
            yield return (place.Key, head.Line);
            Next(head.Run, heads);
        }
    }

    public void Dispose()
    {
        foreach (var run in _runs)
        {
            run.Dispose();
        }
    }

    private void Sort() => _rows.Sort(static (a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Order.CompareTo(b.Order));

    private void Spill()
    {
        if (_rows.Count == 0)
        {
            return;
        }

        Sort();
        Directory.CreateDirectory(folder);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows())
        {
            // The rows have not passed the edge yet: authors and texts stand in them.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var run = new FileStream(Path.Combine(folder, "sort-" + Path.GetRandomFileName()), options);
        _runs.Add(run);
        using var writer = new BinaryWriter(run, System.Text.Encoding.UTF8, leaveOpen: true);
        foreach (var (key, order, line) in _rows)
        {
            writer.Write(key);
            writer.Write(order);
            writer.Write(line.Number);
            writer.Write((byte)line.Fault);
            writer.Write(line.Length);
            writer.Write(line.Sha256?.Length ?? 0);
            writer.Write(line.Sha256 ?? []);
            writer.Write(line.Bytes.Length);
            writer.Write(line.Bytes.Span);
        }

        _rows.Clear();
        _bytes = 0;
    }

    private static void Next(BinaryReader run, PriorityQueue<(BinaryReader Run, RawLine Line, long Order), (long Key, long Order)> heads)
    {
        if (run.BaseStream.Position >= run.BaseStream.Length)
        {
            return;
        }

        var key = run.ReadInt64();
        var order = run.ReadInt64();
        var number = run.ReadInt64();
        var fault = (LineFault)run.ReadByte();
        var length = run.ReadInt64();
        var sha = run.ReadBytes(run.ReadInt32());
        var bytes = run.ReadBytes(run.ReadInt32());
        heads.Enqueue((run, new RawLine(bytes, number, fault, length, sha.Length == 0 ? null : sha), order), (key, order));
    }
}
