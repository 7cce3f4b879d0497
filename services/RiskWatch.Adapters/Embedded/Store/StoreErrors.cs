using Microsoft.Data.Sqlite;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>Says in words what SQLite's errors mean for the store's file and what to do.</summary>
internal static class StoreErrors
{
    private const int Perm = 3, Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CantOpen = 14, Protocol = 15, Auth = 23, NotADatabase = 26;

    /// <summary>The port's exception for an error, or null where it is none an operator or time can mend: a bug.</summary>
    public static Exception? Translate(SqliteException e, string path) => e.SqliteErrorCode switch
    {
        Full => new TransientStoreException($"No space is left for the store {path}: free some on its disk. Indexing goes on by itself; nothing is lost.", e),
        Busy or Locked or Protocol => new TransientStoreException($"The store {path} is locked by another process: end that one, or give this one another data directory.", e),
        IoError => new TransientStoreException($"The store {path} cannot be read or written (SQLite error {e.SqliteExtendedErrorCode}): check its disk and the space on it.", e),
        Corrupt or NotADatabase => new StoreConfigurationException($"The store {path} is damaged or not a database: move it and its -wal and -shm files away and put a backup in their place; without one an empty store is made at the next start.", e),
        CantOpen => new StoreConfigurationException($"The store {path} cannot be opened: check that its directory exists and may be written to.", e),
        Perm or ReadOnly or Auth => new StoreConfigurationException($"The store {path} may not be written to: give this user the right to write the file and its directory.", e),
        _ => null,
    };
}
