using Microsoft.Data.Sqlite;
using RiskWatch.Core.Log;
using SQLitePCL;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>What an SQLite error means to whoever uses the log. Pure, so that each message can be tested.</summary>
internal static class LogErrors
{
    /// <summary>The exception to throw in place of <paramref name="error"/>; null where it is a bug and must surface as it is.</summary>
    public static Exception? Translate(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL => new TransientLogException(
            $"The event log '{path}' is locked by another process. Nothing was lost; it is tried again.", error),
        raw.SQLITE_FULL => new TransientLogException(
            $"The disk is full: the event log '{path}' cannot grow. Nothing was lost; it is tried again until there is room.", error),
        raw.SQLITE_IOERR => new TransientLogException(
            $"The event log '{path}' could not be read or written ({error.Message}). Nothing that was committed is lost; it is tried again.", error),
        raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT or raw.SQLITE_FORMAT => new LogConfigurationException(
            $"The event log '{path}' is damaged or is no SQLite database ({error.Message}). Stop every process that uses it, move it away together with its -wal and -shm files, and restore a copy or start with an empty log.", error),
        raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => new LogConfigurationException(
            $"The event log '{path}' cannot be opened for writing ({error.Message}). Make its directory exist and writable for this user, or choose another with --data.", error),
        _ => null,
    };

    /// <summary>Runs SQLite work and throws what <see cref="Translate"/> says.</summary>
    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e) when (Translate(e, path) is { } translated)
        {
            throw translated;
        }
    }
}
