using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;

namespace RiskWatch.Core.Control;

/// <summary>Follows the control topic. <see cref="StartAsync"/> returns once everything that was there is loaded, so that nothing starts on half a table.</summary>
public sealed partial class ControlTable(IEventLog log, ILogger<ControlTable> logger) : BackgroundService, IControlTable
{
    private const int CachedViews = 32;
    private static readonly TimeSpan QuietWait = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<(long Offset, ControlEntry Entry)> _entries = [];
    private readonly SortedList<long, ControlView> _views = new() { [-1] = ControlView.Empty };
    private ILogTail? _tail;
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public long Offset => Latest.Offset;

    /// <inheritdoc/>
    public ControlView Latest { get; private set; } = ControlView.Empty;

    /// <inheritdoc/>
    public async ValueTask<ControlView> AtAsync(long offset, CancellationToken cancel)
    {
        var told = false;
        while (true)
        {
            Task grown;
            lock (_lock)
            {
                if (offset <= Latest.Offset)
                {
                    return offset == Latest.Offset ? Latest : ViewAt(offset);
                }

                grown = _grown.Task;
            }

            try
            {
                await grown.WaitAsync(told ? Timeout.InfiniteTimeSpan : QuietWait, TimeProvider.System, cancel).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                ControlBehind(logger, offset, Latest.Offset);
                told = true;
            }
        }
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _tail = log.Tail(Topics.Control, fromBeginning: true);
        while (!_tail.CaughtUp)
        {
            Take(await _tail.ReadAsync(TimeSpan.FromMilliseconds(100), cancellationToken).ConfigureAwait(false));
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _tail?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var waiting = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Take(await _tail!.ReadAsync(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(false));
                waiting = false;
            }
            catch (TransientLogException e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!waiting)
                {
                    ControlNotReadable(logger, e.Message);
                    waiting = true;
                }

                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private void Take(IReadOnlyList<LogMessage> messages)
    {
        if (messages.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var message in messages)
            {
                NewerSchemaException.ThrowIfNewer(message);
                if (message.Type != EntryTypes.Control || message.Value is null)
                {
                    continue;
                }

                var entry = Entries.Read(message, ContractsJson.Default.ControlEntry);
                _entries.Add((message.Offset, entry));
                Latest = Latest.With(message.Offset, entry);
            }

            Keep(Latest);
            var grown = _grown;
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            grown.SetResult();
        }
    }

    // Stages ask for the same few offsets again and again; older ones are built from the nearest cached view before them.
    private ControlView ViewAt(long offset)
    {
        var index = _entries.FindLastIndex(e => e.Offset <= offset);
        var exact = index < 0 ? -1 : _entries[index].Offset;
        if (_views.TryGetValue(exact, out var view))
        {
            return view;
        }

        var before = _views.Keys.Last(key => key < exact);
        view = _views[before];
        foreach (var (at, entry) in _entries)
        {
            if (at > before && at <= exact)
            {
                view = view.With(at, entry);
            }
        }

        Keep(view);
        return view;
    }

    private void Keep(ControlView view)
    {
        _views[view.Offset] = view;
        if (_views.Count > CachedViews)
        {
            _views.RemoveAt(1);
        }
    }

    [LoggerMessage(9010, LogLevel.Warning, "The control table cannot follow its topic: {Reason}. Stages wait for entries they need")]
    private static partial void ControlNotReadable(ILogger logger, string reason);

    [LoggerMessage(9011, LogLevel.Warning, "A stage's input asks for control entries up to {Asked}; the table has come to {Loaded} and waits for more")]
    private static partial void ControlBehind(ILogger logger, long asked, long loaded);
}
