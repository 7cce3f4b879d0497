using Microsoft.Data.Sqlite;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>The writer's connection with its prepared statements, used for one transaction after another by the one writer thread.</summary>
internal sealed class WriteTransaction : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly TimeProvider _time;
    private readonly List<Statement> _statements = [];
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;
    private readonly Statement _dataVersion;
    private readonly Statement _loadNext;
    private readonly Statement _saveNext;
    private readonly Statement _insert;
    private readonly Statement _remove;
    private readonly Statement _putState;
    private readonly Statement _removeState;
    private readonly Dictionary<int, long[]> _next = [];
    private readonly HashSet<(LogTopic Topic, int Partition)> _grown = [];
    private readonly List<(LogGroup Group, long Generation)> _regrouped = [];
    private long _seenVersion = -1;

    public WriteTransaction(SqliteConnection connection, TimeProvider time, TimeSpan sessionTimeout)
    {
        _connection = connection;
        _time = time;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _dataVersion = Prepare("PRAGMA data_version");
        _loadNext = Prepare("SELECT topic_id, partition, next_offset FROM partitions ORDER BY topic_id, partition");
        _saveNext = Prepare("UPDATE partitions SET next_offset = ?3 WHERE topic_id = ?1 AND partition = ?2");
        _insert = Prepare("INSERT INTO entries(position, key, type, schema, appended_at, trace, value) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        _remove = Prepare("DELETE FROM entries WHERE position = ?1");
        _putState = Prepare("INSERT INTO state(topic_id, partition, key, value) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET value = excluded.value");
        _removeState = Prepare("DELETE FROM state WHERE topic_id = ?1 AND partition = ?2 AND key = ?3");
        Groups = new GroupTable(this, sessionTimeout);
    }

    /// <summary>Ingest time of everything in this transaction, milliseconds since 1970.</summary>
    public long Now { get; private set; }

    public GroupTable Groups { get; }

    public SqliteConnection Connection => _connection;

    public Statement Prepare(string sql)
    {
        var statement = new Statement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }

    public void Begin()
    {
        _begin.Run();
        Now = _time.GetUtcNow().ToUnixTimeMilliseconds();

        // Inside the lock: offsets that another process gave out are seen before any is given out here.
        var version = _dataVersion.Scalar() ?? 0;
        if (version != _seenVersion)
        {
            LoadNext();
            _seenVersion = version;
        }
    }

    public long Append(LogTopic topic, int partition, LogOutput output, string? trace)
    {
        var next = _next[topic.Id];
        var offset = next[partition]++;
        _insert.Bind(1, EntryPosition.Of(topic.Id, partition, offset)).Bind(2, output.Key).Bind(3, output.Type)
            .Bind(4, Schema.Current).Bind(5, Now).Bind(6, trace).Bind(7, output.Value).Run();
        _grown.Add((topic, partition));
        return offset;
    }

    public void Change(LogTopic stateTopic, StateChange change)
    {
        if (change.Value is null)
        {
            _removeState.Bind(1, stateTopic.Id).Bind(2, change.Partition).Bind(3, change.Key).Run();
        }
        else
        {
            _putState.Bind(1, stateTopic.Id).Bind(2, change.Partition).Bind(3, change.Key).Bind(4, change.Value).Run();
        }
    }

    public void Remove(long position) => _remove.Bind(1, position).Run();

    /// <summary>Tells the group's members in this process, once it is committed.</summary>
    public void Regrouped(LogGroup group, long generation) => _regrouped.Add((group, generation));

    /// <summary>A topic was made in this transaction.</summary>
    public void Added(int topicId, int partitions) => _next[topicId] = new long[partitions];

    public void Commit()
    {
        foreach (var (topic, partition) in _grown)
        {
            _saveNext.Bind(1, topic.Id).Bind(2, partition).Bind(3, _next[topic.Id][partition]).Run();
        }

        _commit.Run();
        Publish();
        Clear();
    }

    public void Rollback()
    {
        try
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                _rollback.Run();
            }
        }
        finally
        {
            Clear();
            _seenVersion = -1;
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private void Publish()
    {
        foreach (var (topic, partition) in _grown)
        {
            topic.Advance(partition, _next[topic.Id][partition]);
        }

        foreach (var topic in _grown.Select(grown => grown.Topic).Distinct())
        {
            topic.Wake();
        }

        foreach (var (group, generation) in _regrouped)
        {
            group.Advance(generation);
        }
    }

    private void Clear()
    {
        _grown.Clear();
        _regrouped.Clear();
    }

    private void LoadNext()
    {
        _next.Clear();
        var offsets = new List<long>();
        var current = -1;
        while (_loadNext.Step())
        {
            var topic = (int)_loadNext.Int64(0);
            if (topic != current && offsets.Count > 0)
            {
                _next[current] = [.. offsets];
                offsets.Clear();
            }

            current = topic;
            offsets.Add(_loadNext.Int64(2));
        }

        if (offsets.Count > 0)
        {
            _next[current] = [.. offsets];
        }

        _loadNext.Reset();
    }
}
