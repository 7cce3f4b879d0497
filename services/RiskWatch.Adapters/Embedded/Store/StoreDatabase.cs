using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>
/// The connections to the store's file: one that writes, one write at a time, and as many readers as there are queries at once. In WAL mode they do not
/// block each other.
/// </summary>
internal sealed class StoreDatabase(string path, TimeSpan busyTimeout) : IDisposable
{
    // Indexing commits its position in the log after the store's transaction; with NORMAL a power cut could drop transactions that the log no longer
    // brings again. So FULL: one fsync per batch. secure_delete: deleted text must not stay in free pages (LOG §10.4).
    private const string WriterPragmas = """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 67108864;
        """;

    private const string ReaderPragmas = "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;";

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentBag<StoreSession> _readers = [];
    private StoreSession? _writer;
    private volatile bool _disposed;

    /// <summary>Most pages that the file may have; null for no limit but the disk's.</summary>
    public int? MaximumPages { get; set; }

    /// <summary>Runs one atomic, durable write.</summary>
    public Task<T> WriteAsync<T>(Func<StoreSession, T> work, CancellationToken cancel) => WithWriterAsync(
        session =>
        {
            session.Execute("BEGIN IMMEDIATE");
            var result = work(session);
            session.Execute("COMMIT");
            return result;
        },
        cancel);

    /// <summary>Runs with the writing connection outside a transaction: set-up, checkpoints, giving space back.</summary>
    public async Task<T> WithWriterAsync<T>(Func<StoreSession, T> work, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel).ConfigureAwait(false);
        var done = false;
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _writer ??= Open(MaximumPages is { } pages ? string.Create(CultureInfo.InvariantCulture, $"{WriterPragmas} PRAGMA max_page_count = {pages};") : WriterPragmas);
            var result = work(_writer);
            done = true;
            return result;
        }
        catch (SqliteException e) when (StoreErrors.Translate(e, path) is { } known)
        {
            throw known;
        }
        finally
        {
            if (!done)
            {
                // Closing rolls back whatever stands open, also where the connection cannot say ROLLBACK any more.
                _writer?.Dispose();
                _writer = null;
            }

            _writing.Release();
        }
    }

    /// <summary>Runs a query on a connection of its own and on one state of the store, off the caller's thread.</summary>
    public Task<T> ReadAsync<T>(Func<StoreSession, T> work, CancellationToken cancel) => Task.Run(
        () =>
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            StoreSession? session = null;
            try
            {
                session = _readers.TryTake(out var idle) ? idle : Open(ReaderPragmas);
                session.Execute("BEGIN");
                var result = work(session);
                session.Execute("COMMIT");
                Return(session);
                session = null;
                return result;
            }
            catch (SqliteException e) when (StoreErrors.Translate(e, path) is { } known)
            {
                throw known;
            }
            finally
            {
                session?.Dispose();
            }
        },
        cancel);

    /// <inheritdoc/>
    public void Dispose()
    {
        _writing.Wait();
        try
        {
            _disposed = true;
            while (_readers.TryTake(out var reader))
            {
                reader.Dispose();
            }

            // Last, so that closing it empties the WAL into the file.
            _writer?.Dispose();
            _writer = null;
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Return(StoreSession session)
    {
        if (_disposed)
        {
            session.Dispose();
        }
        else
        {
            _readers.Add(session);
        }
    }

    private StoreSession Open(string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = Math.Max(1, (int)Math.Ceiling(busyTimeout.TotalSeconds)),
        }.ToString());
        var session = new StoreSession(connection);
        try
        {
            connection.Open();
            session.Script(string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {Math.Max(1, (int)Math.Ceiling(busyTimeout.TotalSeconds)) * 1000};"));
            session.Script(pragmas);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
