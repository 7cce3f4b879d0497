using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>
/// The one thread that writes. It takes all that waits into one transaction, since the fsync costs more than the rows; a request that another member
/// fenced is refused alone, and one that fails for a reason of its own does not take the others with it.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    private const int MaxRequests = 64;
    private const int MaxEntries = 20_000;

    private readonly Channel<WriteRequest> _queue = Channel.CreateBounded<WriteRequest>(new BoundedChannelOptions(1024) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WriteTransaction _transaction;
    private readonly string _path;

    public LogWriter(WriteTransaction transaction, string path)
    {
        _transaction = transaction;
        _path = path;
        new Thread(Run) { IsBackground = true, Name = "event log writer" }.Start();
    }

    /// <summary>Durable when it returns. Cancellation counts only until it is in the queue: after that the outcome must be known.</summary>
    public async Task SubmitAsync(WriteRequest request, CancellationToken cancel)
    {
        try
        {
            await _queue.Writer.WriteAsync(request, cancel).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(SqliteEventLog), $"The event log '{_path}' is closed.");
        }

        await request.Done.ConfigureAwait(false);
    }

    /// <summary>Finishes what is in the queue.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopped.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        var batch = new List<WriteRequest>(MaxRequests);
        var one = new List<WriteRequest>(1);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            var entries = 0;
            while (batch.Count < MaxRequests && entries < MaxEntries && _queue.Reader.TryRead(out var request))
            {
                batch.Add(request);
                entries += request.Weight;
            }

            if (TryWrite(batch) is not { } error)
            {
                continue;
            }

            // What SQLite says of the file itself strikes everyone alike.
            if (batch.Count == 1 || error.InnerException is SqliteException)
            {
                batch.ForEach(request => request.Fail(error));
                continue;
            }

            // Someone's fault, but whose is not known: each alone.
            foreach (var request in batch)
            {
                one.Clear();
                one.Add(request);
                if (TryWrite(one) is { } own)
                {
                    request.Fail(own);
                }
            }
        }

        _transaction.Dispose();
        _stopped.SetResult();
    }

    /// <summary>The error, after which nothing of the batch was kept; null where all of it was.</summary>
    private Exception? TryWrite(List<WriteRequest> batch)
    {
        try
        {
            _transaction.Begin();
            foreach (var request in batch)
            {
                request.Refusal = null;
                try
                {
                    request.Apply(_transaction);
                }
                catch (FencedException e)
                {
                    request.Refusal = e;
                }
            }

            _transaction.Commit();
        }
#pragma warning disable CA1031 // Whatever it is, it goes to whoever asked; the thread serves the others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Undo(e);
        }

        batch.ForEach(request => request.Complete());
        return null;
    }

    private Exception Undo(Exception error)
    {
        try
        {
            _transaction.Rollback();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does on a full disk; the first error says why.
        }

        return error is SqliteException sqlite ? LogErrors.Translate(sqlite, _path) ?? error : error;
    }
}
