using Microsoft.Data.Sqlite;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>Drops what has expired and what a later entry of its key replaced. It looks over a connection of its own and removes in small steps, so that commits do not wait for it.</summary>
internal sealed class Maintenance : IDisposable
{
    private const int Step = 1_000;

    private readonly SqliteConnection _connection;
    private readonly LogFile _file;
    private readonly LogCatalog _catalog;
    private readonly LogWriter _writer;
    private readonly EmbeddedOptions _options;
    private readonly Statement _oldest;
    private readonly Statement _keys;
    private readonly Statement _passed;
    private bool _tombstonesLeft;

    public Maintenance(LogFile file, LogCatalog catalog, LogWriter writer, EmbeddedOptions options)
    {
        _file = file;
        _catalog = catalog;
        _writer = writer;
        _options = options;
        _connection = file.OpenForReading();
        _oldest = new Statement(_connection, "SELECT position, appended_at FROM entries WHERE position BETWEEN ?1 AND ?2 ORDER BY position LIMIT ?3");
        _keys = new Statement(_connection, "SELECT position, key, appended_at, value IS NULL FROM entries WHERE position BETWEEN ?1 AND ?2 ORDER BY position");
        _passed = new Statement(_connection, "SELECT min(o.next_offset) FROM group_offsets o JOIN groups g ON g.id = o.group_id WHERE g.topic_id = ?1 AND o.partition = ?2");
    }

    /// <summary>Entries removed.</summary>
    public long Removed { get; private set; }

    public async Task RunAsync(DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var topic in _catalog.Topics)
        {
            for (var partition = 0; partition < topic.Partitions; partition++)
            {
                if (topic.Compact)
                {
                    await CompactAsync(topic, partition, now, cancel).ConfigureAwait(false);
                }
                else if (topic.Retention is { } age)
                {
                    await ExpireAsync(topic, partition, now - age, cancel).ConfigureAwait(false);
                }
            }
        }

        await ShrinkAsync(cancel).ConfigureAwait(false);
        LogErrors.Guard(_file.Path, () => LogFile.Query(_connection, "PRAGMA wal_checkpoint(TRUNCATE)"));
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _oldest, _keys, _passed })
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private async Task ExpireAsync(LogTopic topic, int partition, DateTimeOffset before, CancellationToken cancel)
    {
        List<long> due;
        do
        {
            due = LogErrors.Guard(_file.Path, () => Oldest(topic, partition, before.ToUnixTimeMilliseconds()));
            await RemoveAsync(due, cancel).ConfigureAwait(false);
        }
        while (due.Count == Step);
    }

    /// <summary>Over its size the log lets go of what everyone has passed, oldest first in turns of the droppable partitions; what is not passed stays, and the edge refuses.</summary>
    private async Task ShrinkAsync(CancellationToken cancel)
    {
        var removed = 1;
        while (removed > 0)
        {
            removed = 0;
            foreach (var topic in _catalog.Topics.Where(topic => topic.Droppable))
            {
                for (var partition = 0; partition < topic.Partitions && IsOverSize(); partition++)
                {
                    var oldest = LogErrors.Guard(_file.Path, () => Oldest(topic, partition, long.MaxValue));
                    await RemoveAsync(oldest, cancel).ConfigureAwait(false);
                    removed += oldest.Count;
                }
            }
        }
    }

    // A tenth of room, so that not every run has to shrink it again.
    private bool IsOverSize()
    {
        _catalog.Refresh();
        return _catalog.UsedBytes > _options.MaxLogBytes / 10 * 9;
    }

    /// <summary>The first entries that were appended before a time and that every group has passed.</summary>
    private List<long> Oldest(LogTopic topic, int partition, long before)
    {
        var passed = Passed(topic, partition);
        var due = new List<long>();
        _oldest.Bind(1, EntryPosition.Of(topic.Id, partition, 0)).Bind(2, EntryPosition.Of(topic.Id, partition, passed) - 1).Bind(3, Step);
        while (_oldest.Step() && _oldest.Int64(1) < before)
        {
            due.Add(_oldest.Int64(0));
        }

        _oldest.Reset();
        return due;
    }

    private long Passed(LogTopic topic, int partition) => Math.Min(topic.End(partition), _passed.Bind(1, topic.Id).Bind(2, partition).Scalar() ?? long.MaxValue);

    private async Task CompactAsync(LogTopic topic, int partition, DateTimeOffset now, CancellationToken cancel)
    {
        var end = topic.End(partition);
        if (topic.CompactedTo[partition] == end)
        {
            return;
        }

        var due = LogErrors.Guard(_file.Path, () => Replaced(topic, partition, end, (now - _options.TombstoneRetention).ToUnixTimeMilliseconds()));
        foreach (var step in due.Chunk(Step))
        {
            await RemoveAsync(step, cancel).ConfigureAwait(false);
        }

        topic.CompactedTo[partition] = _tombstonesLeft ? -1 : end;
    }

    private List<long> Replaced(LogTopic topic, int partition, long end, long tombstonesBefore)
    {
        var due = new List<long>();
        var last = new Dictionary<string, (long Position, bool Tombstone, bool Due)>(StringComparer.Ordinal);
        var passed = EntryPosition.Of(topic.Id, partition, Passed(topic, partition));
        _keys.Bind(1, EntryPosition.Of(topic.Id, partition, 0)).Bind(2, EntryPosition.Of(topic.Id, partition, end) - 1);
        while (_keys.Step())
        {
            // Without a key there is nothing that could replace it.
            if (_keys.IsNull(1))
            {
                continue;
            }

            var key = _keys.Text(1);
            var position = _keys.Int64(0);
            if (last.TryGetValue(key, out var before))
            {
                due.Add(before.Position);
            }

            var tombstone = _keys.Int64(3) != 0;
            last[key] = (position, tombstone, tombstone && _keys.Int64(2) < tombstonesBefore && position < passed);
        }

        _keys.Reset();
        due.AddRange(last.Values.Where(entry => entry.Due).Select(entry => entry.Position));
        _tombstonesLeft = last.Values.Any(entry => entry.Tombstone && !entry.Due);
        return due;
    }

    private async Task RemoveAsync(IReadOnlyList<long> positions, CancellationToken cancel)
    {
        if (positions.Count > 0)
        {
            await _writer.SubmitAsync(new RemoveRequest(positions), cancel).ConfigureAwait(false);
            Removed += positions.Count;
        }
    }
}
