using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>What this process knows of the log's topics and groups, kept up with the file: by its own commits, and by looking for those of other processes.</summary>
internal sealed class LogCatalog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LogFile _file;
    private readonly SqliteConnection _connection;
    private readonly Statement _dataVersion;
    private readonly Statement _topics;
    private readonly Statement _ends;
    private readonly Statement _generations;
    private readonly Statement _committed;
    private readonly Statement _pages;
    private readonly Statement _freePages;
    private readonly long _pageSize;
    private readonly ConcurrentDictionary<string, LogTopic> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, LogTopic> _byId = new();
    private readonly ConcurrentDictionary<(string Group, int Topic), LogGroup> _groups = new();
    private long _seenVersion = -1;
    private long _usedBytes;

    public LogCatalog(LogFile file)
    {
        _file = file;
        _connection = file.OpenForReading();
        _dataVersion = new Statement(_connection, "PRAGMA data_version");
        _topics = new Statement(_connection, "SELECT id, name, partitions, compact, retention_ms, droppable FROM topics");
        _ends = new Statement(_connection, "SELECT topic_id, partition, next_offset FROM partitions");
        _generations = new Statement(_connection, "SELECT name, topic_id, generation FROM groups");
        _committed = new Statement(_connection, "SELECT o.partition, o.next_offset FROM group_offsets o JOIN groups g ON g.id = o.group_id WHERE g.name = ?1 AND g.topic_id = ?2");
        _pages = new Statement(_connection, "PRAGMA page_count");
        _freePages = new Statement(_connection, "PRAGMA freelist_count");
        _pageSize = LogFile.Query(_connection, "PRAGMA page_size");
        Refresh();
    }

    /// <summary>Bytes that entries and state took at the last look.</summary>
    public long UsedBytes => Interlocked.Read(ref _usedBytes);

    public IEnumerable<LogTopic> Topics => _byName.Values;

    public LogTopic Topic(string name)
    {
        if (_byName.TryGetValue(name, out var topic))
        {
            return topic;
        }

        Refresh();
        return _byName.TryGetValue(name, out topic) ? topic : throw new InvalidOperationException($"Topic '{name}' is not in the event log '{_file.Path}': it was not ensured.");
    }

    public LogTopic? TopicById(int id) => _byId.GetValueOrDefault(id);

    public LogGroup Group(string name, LogTopic topic) => _groups.GetOrAdd((name, topic.Id), static (key, topic) => new LogGroup(key.Group, topic), topic);

    /// <summary>Takes up what any process has committed since the last look.</summary>
    public void RefreshIfChanged()
    {
        lock (_lock)
        {
            Guard(() =>
            {
                var version = _dataVersion.Scalar() ?? 0;
                if (version != _seenVersion)
                {
                    LoadAll();
                    _seenVersion = version;
                }
            });
        }
    }

    /// <summary>Reads topics, ends and generations as committed now.</summary>
    public void Refresh()
    {
        lock (_lock)
        {
            Guard(LoadAll);
        }
    }

    public long[] Committed(string group, LogTopic topic)
    {
        var offsets = new long[topic.Partitions];
        lock (_lock)
        {
            Guard(() =>
            {
                _committed.Bind(1, group).Bind(2, topic.Id);
                while (_committed.Step())
                {
                    offsets[_committed.Int64(0)] = _committed.Int64(1);
                }

                _committed.Reset();
            });
        }

        return offsets;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var statement in new[] { _dataVersion, _topics, _ends, _generations, _committed, _pages, _freePages })
            {
                statement.Dispose();
            }

            _connection.Dispose();
        }
    }

    private void LoadAll()
    {
        while (_topics.Step())
        {
            var name = _topics.Text(1);
            TimeSpan? retention = _topics.IsNull(4) ? null : TimeSpan.FromMilliseconds(_topics.Int64(4));
            if (!_byName.TryGetValue(name, out var topic))
            {
                topic = new LogTopic((int)_topics.Int64(0), name, (int)_topics.Int64(2), _topics.Int64(3) != 0, retention, _topics.Int64(5) != 0);
                topic = _byName.GetOrAdd(name, topic);
                _byId[topic.Id] = topic;
            }

            topic.Retention = retention;
            topic.Droppable = _topics.Int64(5) != 0;
        }

        _topics.Reset();
        LogTopic? moved = null;
        while (_ends.Step())
        {
            if (_byId.TryGetValue((int)_ends.Int64(0), out var topic) && topic.Advance((int)_ends.Int64(1), _ends.Int64(2)) && moved != topic)
            {
                // Its other partitions are read in this loop too, but a reader that wakes early just looks again.
                moved?.Wake();
                moved = topic;
            }
        }

        _ends.Reset();
        moved?.Wake();
        while (_generations.Step())
        {
            if (_groups.TryGetValue((_generations.Text(0), (int)_generations.Int64(1)), out var group))
            {
                group.Advance(_generations.Int64(2));
            }
        }

        _generations.Reset();
        Interlocked.Exchange(ref _usedBytes, ((_pages.Scalar() ?? 0) - (_freePages.Scalar() ?? 0)) * _pageSize);
    }

    private void Guard(Action work) => LogErrors.Guard(_file.Path, () =>
    {
        work();
        return true;
    });
}
