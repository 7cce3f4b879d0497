using Microsoft.Extensions.Logging;
using RiskWatch.Adapters.Embedded.EventLog;
using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded;

/// <summary>
/// The event log in one SQLite file (WAL, synchronous=FULL): a commit is one transaction, durable when it returns. Several processes may use the file at once.
/// Nothing is opened before the first use.
/// </summary>
public sealed class SqliteEventLog : IEventLog, ILogCapacity
{
    private readonly Lock _lock = new();
    private readonly LogFile _file;
    private readonly ILogger<SqliteEventLog> _logger;
    private readonly List<SqliteMember> _members = [];
    private readonly List<SqliteTail> _tails = [];
    private readonly CancellationTokenSource _stop = new();
    private LogCatalog? _catalog;
    private LogWriter? _writer;
    private Task _following = Task.CompletedTask;
    private bool _disposed;

    public SqliteEventLog(string path, EmbeddedOptions options, TimeProvider time, ILogger<SqliteEventLog> logger)
    {
        _file = new LogFile(path, options);
        _logger = logger;
        Options = options;
        Time = time;
    }

    /// <inheritdoc/>
    public LogCapacity Capacity => new(Catalog.UsedBytes, Options.MaxLogBytes);

    internal EmbeddedOptions Options { get; }

    internal TimeProvider Time { get; }

    internal LogCatalog Catalog
    {
        get
        {
            Open();
            return _catalog!;
        }
    }

    internal LogWriter Writer
    {
        get
        {
            Open();
            return _writer!;
        }
    }

    /// <inheritdoc/>
    public async Task EnsureTopicsAsync(IReadOnlyCollection<TopicDefinition> topics, CancellationToken cancel)
    {
        await Writer.SubmitAsync(new EnsureTopicsRequest(topics, _file.Path), cancel).ConfigureAwait(false);
        Catalog.Refresh();
    }

    /// <inheritdoc/>
    public int PartitionsOf(string topic) => Catalog.Topic(topic).Partitions;

    /// <inheritdoc/>
    public ILogMember Join(MembershipOptions options)
    {
        var topic = Catalog.Topic(options.Topic);
        var stateTopic = options.StateTopic is { } name ? Catalog.Topic(name) : null;
        if (stateTopic is not null && stateTopic.Partitions != topic.Partitions)
        {
            throw new LogConfigurationException($"State topic '{stateTopic.Name}' has {stateTopic.Partitions} partitions, its input '{topic.Name}' has {topic.Partitions}. They must be equal: start with another data directory.");
        }

        var member = new SqliteMember(this, Catalog.Group(options.Group, topic), stateTopic, options.MemberId, new EntryReader(_file));
        lock (_lock)
        {
            _members.Add(member);
        }

        return member;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LogPosition>> AppendAsync(IReadOnlyList<LogOutput> outputs, CancellationToken cancel)
    {
        if (outputs.Count == 0)
        {
            return [];
        }

        var request = new AppendRequest(new Outputs(outputs, Catalog, Options.MaxEntryBytes));
        await Writer.SubmitAsync(request, cancel).ConfigureAwait(false);
        return request.Positions;
    }

    /// <inheritdoc/>
    public ILogTail Tail(string topic, bool fromBeginning)
    {
        Catalog.Refresh();
        var tail = new SqliteTail(this, Catalog.Topic(topic), fromBeginning, new EntryReader(_file));
        lock (_lock)
        {
            _tails.Add(tail);
        }

        return tail;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> EndOffsetsAsync(string topic, CancellationToken cancel)
    {
        Catalog.Refresh();
        var known = Catalog.Topic(topic);
        return Task.FromResult<IReadOnlyList<long>>([.. Enumerable.Range(0, known.Partitions).Select(known.End)]);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> CommittedOffsetsAsync(string group, string topic, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<long>>(Catalog.Committed(group, Catalog.Topic(topic)));

    /// <summary>
    /// Drops what has expired by <paramref name="now"/> and every group has passed, compacts, and cuts the write-ahead log so that what was deleted leaves the disk
    /// (LOG §8, §10.4). To be called every hour or so; commits go on meanwhile.
    /// </summary>
    /// <returns>Entries removed.</returns>
    public async Task<long> MaintainAsync(DateTimeOffset now, CancellationToken cancel)
    {
        Catalog.Refresh();
        using var maintenance = new Maintenance(_file, Catalog, Writer, Options);
        await maintenance.RunAsync(now, cancel).ConfigureAwait(false);
        AdaptersLog.Maintained(_logger, maintenance.Removed, Catalog.UsedBytes);
        return maintenance.Removed;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync(leave: true);

    /// <summary>Closes as a crash does: nobody leaves their group.</summary>
    internal ValueTask CrashAsync() => CloseAsync(leave: false);

    internal bool Forget(SqliteMember member)
    {
        lock (_lock)
        {
            return _members.Remove(member);
        }
    }

    internal bool Forget(SqliteTail tail)
    {
        lock (_lock)
        {
            return _tails.Remove(tail);
        }
    }

    /// <summary>Gives a member's partitions back at once; where that fails, others take them after the session time-out.</summary>
    internal async Task LeaveAsync(SqliteMember member)
    {
        try
        {
            await Writer.SubmitAsync(new LeaveRequest(member), CancellationToken.None).ConfigureAwait(false);
        }
        catch (TransientLogException e)
        {
            AdaptersLog.LeaveFailed(_logger, member.Id, member.Group.Name, e.Message);
        }
    }

    private async ValueTask CloseAsync(bool leave)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
        foreach (var member in _members.ToArray())
        {
            if (leave)
            {
                await member.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                member.Abandon();
            }
        }

        foreach (var tail in _tails.ToArray())
        {
            await tail.DisposeAsync().ConfigureAwait(false);
        }

        if (_writer is not null)
        {
            await _writer.DisposeAsync().ConfigureAwait(false);
            _catalog!.Dispose();
        }

        _stop.Dispose();
    }

    private void Open()
    {
        if (Volatile.Read(ref _writer) is not null)
        {
            return;
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_writer is not null)
            {
                return;
            }

            var connection = _file.OpenForWriting();
            _catalog = new LogCatalog(_file);
            Volatile.Write(ref _writer, new LogWriter(new WriteTransaction(connection, Time, Options.SessionTimeout), _file.Path));
            _following = FollowAsync(_stop.Token);
            AdaptersLog.EventLogOpened(_logger, _file.Path, _catalog.UsedBytes);
        }
    }

    /// <summary>Looks for what other processes committed, and says that our members live.</summary>
    private async Task FollowAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Options.PollInterval, Time);
        var lastHeartbeat = Time.GetTimestamp();
        string? failure = null;
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                try
                {
                    _catalog!.RefreshIfChanged();
                    if (Time.GetElapsedTime(lastHeartbeat) >= Options.SessionTimeout / 4)
                    {
                        lastHeartbeat = Time.GetTimestamp();
                        await HeartbeatAsync(stop).ConfigureAwait(false);
                    }

                    failure = null;
                }
                catch (Exception e) when (e is TransientLogException or LogConfigurationException)
                {
                    // Whoever reads or commits meets the same error and decides; here it is only said.
                    if (failure != e.Message)
                    {
                        failure = e.Message;
                        AdaptersLog.FollowingFailed(_logger, e.Message);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task HeartbeatAsync(CancellationToken stop)
    {
        List<SqliteMember> alive;
        lock (_lock)
        {
            alive = [.. _members.Where(member => member.IsAlive(Options.MaxPollInterval))];
        }

        if (alive.Count > 0)
        {
            await Writer.SubmitAsync(new HeartbeatRequest(alive), stop).ConfigureAwait(false);
        }
    }
}
