using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>
/// A prepared statement on the connection's native handle. The log binds and reads millions of rows; SqliteCommand boxes each value and allocates
/// a reader per run, which costs more than SQLite itself.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;

    public Statement(SqliteConnection connection, string sql)
    {
        _db = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(_db, sql, out _statement));
    }

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, double value)
    {
        Check(raw.sqlite3_bind_double(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, string? text)
    {
        if (text is null)
        {
            Check(raw.sqlite3_bind_null(_statement, index));
        }
        else if (text.Length == 0)
        {
            Check(raw.sqlite3_bind_text(_statement, index, ""));
        }
        else
        {
            Span<byte> buffer = stackalloc byte[384];
            var bytes = text.Length * 3 <= buffer.Length ? buffer[..Encoding.UTF8.GetBytes(text, buffer)] : Encoding.UTF8.GetBytes(text);
            Check(raw.sqlite3_bind_text(_statement, index, bytes));
        }

        return this;
    }

    public Statement Bind(int index, ReadOnlyMemory<byte>? blob)
    {
        Check(blob switch
        {
            null => raw.sqlite3_bind_null(_statement, index),
            { Length: 0 } => raw.sqlite3_bind_zeroblob(_statement, index, 0),
            { } value => raw.sqlite3_bind_blob(_statement, index, value.Span),
        });
        return this;
    }

    /// <summary>True where there is a row.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        if (code != raw.SQLITE_DONE)
        {
            // Extended codes tell a failed fsync from a failed read; take them before reset forgets them.
            var extended = raw.sqlite3_extended_errcode(_db);
            var message = raw.sqlite3_errmsg(_db).utf8_to_string();
            _ = raw.sqlite3_reset(_statement);
            throw new SqliteException(message, code, extended);
        }

        return false;
    }

    public void Reset() => _ = raw.sqlite3_reset(_statement);

    /// <summary>Runs to the end and resets.</summary>
    public void Run()
    {
        while (Step())
        {
        }

        Reset();
    }

    /// <summary>The first column of the first row, null where there is none.</summary>
    public long? Scalar()
    {
        long? value = Step() && !IsNull(0) ? Int64(0) : null;
        Reset();
        return value;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>Rows that the last run changed; 0 where it changes nothing by its kind.</summary>
    public int Changes => raw.sqlite3_stmt_readonly(_statement) != 0 ? 0 : raw.sqlite3_changes(_db);

    /// <summary>A column as long, double, string or byte array; null for null.</summary>
    public object? Value(int column) => raw.sqlite3_column_type(_statement, column) switch
    {
        raw.SQLITE_NULL => null,
        raw.SQLITE_INTEGER => Int64(column),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(_statement, column),
        raw.SQLITE_TEXT => Text(column),
        _ => Bytes(column).ToArray(),
    };

    /// <summary>Text or blob, valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, _db);
        }
    }
}
