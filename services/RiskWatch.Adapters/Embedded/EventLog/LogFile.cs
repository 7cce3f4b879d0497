using Microsoft.Data.Sqlite;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>The log's file: makes it, checks that this build can read it, opens connections to it.</summary>
internal sealed class LogFile(string path, EmbeddedOptions options)
{
    // "RWLG": tells a log from any other SQLite database.
    private const int ApplicationId = 0x52574C47;
    private const int SchemaVersion = 1;
    private const int PageSize = 4096;

    private const string Schema = """
        CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL, compact INTEGER NOT NULL, retention_ms INTEGER, droppable INTEGER NOT NULL);
        CREATE TABLE partitions(topic_id INTEGER NOT NULL, partition INTEGER NOT NULL, next_offset INTEGER NOT NULL,
          PRIMARY KEY(topic_id, partition)) WITHOUT ROWID;
        CREATE TABLE entries(position INTEGER PRIMARY KEY, key TEXT, type TEXT NOT NULL, schema INTEGER NOT NULL, appended_at INTEGER NOT NULL, trace TEXT, value BLOB);
        CREATE TABLE state(topic_id INTEGER NOT NULL, partition INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
          PRIMARY KEY(topic_id, partition, key)) WITHOUT ROWID;
        CREATE TABLE groups(id INTEGER PRIMARY KEY, name TEXT NOT NULL, topic_id INTEGER NOT NULL, generation INTEGER NOT NULL, UNIQUE(name, topic_id));
        CREATE TABLE group_offsets(group_id INTEGER NOT NULL, partition INTEGER NOT NULL, next_offset INTEGER NOT NULL, epoch INTEGER NOT NULL, owner INTEGER,
          PRIMARY KEY(group_id, partition)) WITHOUT ROWID;
        CREATE TABLE group_members(group_id INTEGER NOT NULL, member TEXT NOT NULL, session INTEGER NOT NULL, heartbeat INTEGER NOT NULL,
          PRIMARY KEY(group_id, member)) WITHOUT ROWID;
        CREATE VIEW log AS SELECT topics.name AS topic, (position >> 42) & 1023 AS "partition", position & 4398046511103 AS "offset", key, type, schema,
          datetime(appended_at / 1000, 'unixepoch') AS appended, value FROM entries JOIN topics ON topics.id = position >> 52;
        """;

    public string Path => path;

    /// <summary>Makes the file where it is missing and checks it otherwise.</summary>
    /// <exception cref="LogConfigurationException">No log, damaged, of another version, or not writable.</exception>
    /// <exception cref="TransientLogException">Locked or out of space.</exception>
    public SqliteConnection OpenForWriting()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogConfigurationException($"The directory of the event log '{path}' cannot be made ({e.Message}). Choose a writable one with --data.", e);
        }

        var connection = Connect();
        try
        {
            Prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that only reads.</summary>
    public SqliteConnection OpenForReading()
    {
        var connection = Connect();
        Execute(connection, "PRAGMA query_only=ON");
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        statement.Run();
    }

    public static long Query(SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        return statement.Scalar() ?? 0;
    }

    private SqliteConnection Connect() => LogErrors.Guard(path, () =>
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout={(int)options.BusyTimeout.TotalMilliseconds}");
            Execute(connection, "PRAGMA temp_store=MEMORY");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    });

    private void Prepare(SqliteConnection connection) => LogErrors.Guard(path, () =>
    {
        if (Query(connection, "SELECT count(*) FROM sqlite_master") == 0)
        {
            Execute(connection, $"PRAGMA page_size={PageSize}");
        }
        else
        {
            CheckVersion(connection);
        }

        Execute(connection, "PRAGMA journal_mode=WAL");
        Execute(connection, "PRAGMA synchronous=FULL");
        Execute(connection, "PRAGMA secure_delete=ON");
        Execute(connection, "PRAGMA wal_autocheckpoint=4096");
        Execute(connection, "PRAGMA cache_size=-32768");
        Execute(connection, "BEGIN IMMEDIATE");
        if (Query(connection, "SELECT count(*) FROM sqlite_master") == 0)
        {
            Create(connection);
        }

        Execute(connection, "COMMIT");
        CheckVersion(connection);
        if (options.MaxFileBytes > 0)
        {
            Execute(connection, $"PRAGMA max_page_count={Math.Max(1, options.MaxFileBytes / Query(connection, "PRAGMA page_size"))}");
        }

        return true;
    });

    private static void Create(SqliteConnection connection)
    {
        foreach (var sql in Schema.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Execute(connection, sql);
        }

        Execute(connection, $"PRAGMA application_id={ApplicationId}");
        Execute(connection, $"PRAGMA user_version={SchemaVersion}");
    }

    private void CheckVersion(SqliteConnection connection)
    {
        if (Query(connection, "PRAGMA application_id") != ApplicationId)
        {
            throw new LogConfigurationException($"'{path}' is an SQLite database, but no RiskWatch event log. Choose another data directory with --data, or move the file away.");
        }

        var version = Query(connection, "PRAGMA user_version");
        if (version != SchemaVersion)
        {
            throw new LogConfigurationException($"The event log '{path}' has schema version {version}; this build reads version {SchemaVersion}. Use the build that wrote it, or move the file away and start with an empty log.");
        }
    }
}
