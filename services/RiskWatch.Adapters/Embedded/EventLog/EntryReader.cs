using System.Text;
using Microsoft.Data.Sqlite;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>Reads entries and state over a connection of its own. One user at a time.</summary>
internal sealed class EntryReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Statement _entries;
    private readonly Statement _state;
    private readonly string _path;

    // Types are a handful, entries are millions.
    private readonly List<(byte[] Bytes, string Text)> _types = [];

    public EntryReader(LogFile file)
    {
        _path = file.Path;
        _connection = file.OpenForReading();
        _entries = new Statement(_connection, "SELECT position, key, type, schema, appended_at, trace, value FROM entries WHERE position BETWEEN ?1 AND ?2 ORDER BY position LIMIT ?3");
        _state = new Statement(_connection, "SELECT key, value FROM state WHERE topic_id = ?1 AND partition = ?2");
    }

    /// <summary>Adds entries of a partition from an offset on; stops at the number or when <paramref name="budget"/> bytes are used up.</summary>
    /// <returns>The offset to go on from; the known end where there is nothing more before it.</returns>
    public long Read(LogTopic topic, int partition, long from, int max, List<LogMessage> into, ref long budget)
    {
        var end = topic.End(partition);
        var taken = 0;
        var next = from;
        try
        {
            _entries.Bind(1, EntryPosition.Of(topic.Id, partition, from)).Bind(2, EntryPosition.Of(topic.Id, partition, end - 1)).Bind(3, max);
            while (_entries.Step())
            {
                var message = Message(topic.Name, partition);
                into.Add(message);
                next = message.Offset + 1;
                budget -= message.Value?.Length ?? 0;
                if (++taken == max || budget <= 0)
                {
                    return next;
                }
            }

            // Fewer than asked for: what lies between was compacted or has expired.
            return end;
        }
        catch (SqliteException e) when (LogErrors.Translate(e, _path) is { } translated)
        {
            throw translated;
        }
        finally
        {
            _entries.Reset();
        }
    }

    public Dictionary<string, ReadOnlyMemory<byte>> State(LogTopic topic, int partition) => LogErrors.Guard(_path, () =>
    {
        var state = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        _state.Bind(1, topic.Id).Bind(2, partition);
        while (_state.Step())
        {
            state[_state.Text(0)] = _state.Bytes(1).ToArray();
        }

        _state.Reset();
        return state;
    });

    public void Dispose()
    {
        _entries.Dispose();
        _state.Dispose();
        _connection.Dispose();
    }

    private LogMessage Message(string topic, int partition) => new(
        topic,
        partition,
        EntryPosition.Offset(_entries.Int64(0)),
        _entries.IsNull(1) ? null : _entries.Text(1),
        Type(_entries.Bytes(2)),
        (int)_entries.Int64(3),
        _entries.IsNull(6) ? (ReadOnlyMemory<byte>?)null : _entries.Bytes(6).ToArray(),
        DateTimeOffset.FromUnixTimeMilliseconds(_entries.Int64(4)),
        _entries.IsNull(5) ? null : _entries.Text(5));

    private string Type(ReadOnlySpan<byte> utf8)
    {
        foreach (var (bytes, text) in _types)
        {
            if (utf8.SequenceEqual(bytes))
            {
                return text;
            }
        }

        var type = Encoding.UTF8.GetString(utf8);
        if (_types.Count < 64)
        {
            _types.Add((utf8.ToArray(), type));
        }

        return type;
    }
}
