using Microsoft.Data.Sqlite;
using RiskWatch.Adapters.Embedded.EventLog;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>A connection with its prepared statements. Not thread-safe.</summary>
internal sealed class StoreSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _statements = [];

    // What is written by the million goes past SqliteCommand, which looks parameters up by name and makes a reader for each run.
    private readonly Dictionary<string, Statement> _prepared = [];

    /// <summary>Runs a statement with parameters <c>?1</c>, <c>?2</c> …; returns the rows changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        var statement = Prepare(sql, values);
        statement.Run();
        return statement.Changes;
    }

    /// <summary>The first column of the first row, null where there is none.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values)
    {
        var statement = Prepare(sql, values);
        try
        {
            return statement.Step() ? statement.Value(0) : null;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>Fills <paramref name="numbers"/> from the first row; false where there is none.</summary>
    public bool Numbers(string sql, Span<long> numbers, params ReadOnlySpan<object?> values)
    {
        var statement = Prepare(sql, values);
        try
        {
            if (!statement.Step())
            {
                return false;
            }

            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = statement.Int64(i);
            }

            return true;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>Rows; dispose them before the same statement runs again.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteReader();

    /// <summary>Runs several statements once, without keeping them.</summary>
    public void Script(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        foreach (var statement in _prepared.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private Statement Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(sql, out var statement))
        {
            _prepared.Add(sql, statement = new Statement(connection, sql));
        }

        for (var i = 0; i < values.Length; i++)
        {
            _ = values[i] switch
            {
                null => statement.Bind(i + 1, (string?)null),
                string text => statement.Bind(i + 1, text),
                long number => statement.Bind(i + 1, number),
                int number => statement.Bind(i + 1, number),
                double number => statement.Bind(i + 1, number),
                byte[] bytes => statement.Bind(i + 1, (ReadOnlyMemory<byte>?)bytes),
                var other => throw new ArgumentException($"SQLite has no type for {other.GetType().Name}.", nameof(values)),
            };
        }

        return statement;
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter($"?{i}", null));
            }

            _statements.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
