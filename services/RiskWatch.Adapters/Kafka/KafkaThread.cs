using System.Collections.Concurrent;

namespace RiskWatch.Adapters.Kafka;

/// <summary>
/// A thread of its own for a client's blocking calls, one after another. On the thread pool, which grows by about two threads a second, they would keep
/// everything else waiting: on two cores the continuation of a request that was answered within a millisecond came seconds later.
/// </summary>
internal sealed class KafkaThread
{
    private readonly BlockingCollection<Task> _calls = [];
    private readonly Lock _lock = new();
    private Task? _end;

    /// <summary>Starts it.</summary>
    /// <param name="name">Name that a debugger shows.</param>
    public KafkaThread(string name) => new Thread(Work) { IsBackground = true, Name = name }.Start();

    /// <summary>Makes a call on this thread.</summary>
    /// <exception cref="OperationCanceledException">It was not begun in time.</exception>
    public Task<T> RunAsync<T>(Func<T> call, CancellationToken cancel)
    {
        var task = new Task<T>(
            () =>
            {
                cancel.ThrowIfCancellationRequested();
                return call();
            },
            CancellationToken.None,
            TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Add(task, CancellationToken.None);
        return task;
    }

    /// <summary>Makes a call on this thread.</summary>
    public Task RunAsync(Action call, CancellationToken cancel) => RunAsync(
        () =>
        {
            call();
            return true;
        },
        cancel);

    /// <summary>Ends the thread after the calls that were asked for and this last one; once only, whoever asks again waits for the same end.</summary>
    public Task EndAsync(Action last)
    {
        lock (_lock)
        {
            if (_end is null)
            {
                _end = RunAsync(last, CancellationToken.None);
                _calls.CompleteAdding();
            }

            return _end;
        }
    }

    private void Work()
    {
        foreach (var call in _calls.GetConsumingEnumerable())
        {
            call.RunSynchronously(TaskScheduler.Default);
        }

        _calls.Dispose();
    }
}
