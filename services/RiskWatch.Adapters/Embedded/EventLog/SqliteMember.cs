using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>A member of a group. It takes and gives back partitions only while it reads, so whoever uses it never loses one in the middle of its work without being fenced.</summary>
internal sealed class SqliteMember : ILogMember
{
    // A batch of the largest entries must not fill the memory.
    private const long MaxBatchBytes = 16_000_000;

    private static readonly Dictionary<string, ReadOnlyMemory<byte>> Nothing = [];

    private readonly SqliteEventLog _log;
    private readonly Wakeup _wakeup;
    private readonly EntryReader _reader;

    // Ownership as of the last sync; positions in the same order.
    private Owned[] _owned = [];
    private long[] _positions = [];
    private long _generation = -1;
    private bool _known;

    // What the stage was told: partition and epoch. Told anew after what was read is dropped.
    private readonly SortedDictionary<int, long> _told = [];
    private bool _tellAll;

    private bool _uncommitted;
    private long _round;
    private long _sequence;
    private long _committedSequence;
    private int _turn;
    private bool _backlog = true;
    private int _busy;
    private long _lastCall;

    public SqliteMember(SqliteEventLog log, LogGroup group, LogTopic? stateTopic, string id, EntryReader reader)
    {
        _log = log;
        Group = group;
        StateTopic = stateTopic;
        Id = id;
        _reader = reader;
        Session = BitConverter.ToInt64(Guid.NewGuid().ToByteArray());
        _wakeup = new Wakeup(log.Time);
        _lastCall = log.Time.GetTimestamp();
        group.Subscribe(_wakeup);
        group.Topic.Subscribe(_wakeup);
    }

    public LogGroup Group { get; }

    public LogTopic? StateTopic { get; }

    public string Id { get; }

    /// <summary>Tells this instance from another of the same id, after a restart or by mistake.</summary>
    public long Session { get; }

    /// <summary>Whether it is to be kept alive: it is at work in the log, or was not long ago.</summary>
    public bool IsAlive(TimeSpan maxPollInterval) => Volatile.Read(ref _known) && (Volatile.Read(ref _busy) > 0 || _log.Time.GetElapsedTime(Interlocked.Read(ref _lastCall)) < maxPollInterval);

    /// <inheritdoc/>
    public async Task<LogBatch> ReadAsync(int maxMessages, TimeSpan maxWait, TimeSpan linger, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxMessages);
        cancel.ThrowIfCancellationRequested();
        using var call = new Call(this);
        var started = _log.Time.GetTimestamp();
        while (true)
        {
            var woken = _wakeup.Next;
            var changed = await FollowGroupAsync(cancel).ConfigureAwait(false);
            var available = Available();
            var left = maxWait - _log.Time.GetElapsedTime(started);
            var lingerLeft = _backlog ? TimeSpan.Zero : linger - _wakeup.Pending;
            if (changed || available >= maxMessages || left <= TimeSpan.Zero || (available > 0 && lingerLeft <= TimeSpan.Zero))
            {
                return Take(maxMessages);
            }

            await _wakeup.WaitAsync(woken, available > 0 && lingerLeft < left ? lingerLeft : left, cancel).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task RewindAsync(CancellationToken cancel)
    {
        using var call = new Call(this);
        Drop();
        return Task.CompletedTask;
    }

    public async Task CommitAsync(SqliteBatch batch, IReadOnlyList<LogOutput> outputs, IReadOnlyList<StateChange> changes, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var call = new Call(this);
        if (batch.Round != _round)
        {
            throw new FencedException($"What member '{Id}' of group '{Group.Name}' had read was dropped before it was committed. Nothing of this commit was kept.");
        }

        if (batch.Sequence < _committedSequence)
        {
            throw new InvalidOperationException("A later batch has been committed already, and with it this one.");
        }

        Check(changes);
        var request = new CommitRequest(new Outputs(outputs, _log.Catalog, _log.Options.MaxEntryBytes), changes, this, _owned, batch.Positions);
        try
        {
            await _log.Writer.SubmitAsync(request, cancel).ConfigureAwait(false);
        }
        catch (FencedException)
        {
            Drop();
            throw;
        }

        _committedSequence = batch.Sequence;
        _uncommitted &= batch.Sequence != _sequence;
        for (var i = 0; i < _owned.Length; i++)
        {
            _owned[i] = _owned[i] with { NextOffset = batch.Positions[i] };
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_log.Forget(this))
        {
            return;
        }

        Abandon();
        if (_known)
        {
            await _log.LeaveAsync(this).ConfigureAwait(false);
        }
    }

    /// <summary>Stops without telling the group, as a crash does.</summary>
    public void Abandon()
    {
        Group.Unsubscribe(_wakeup);
        Group.Topic.Unsubscribe(_wakeup);
        _reader.Dispose();
    }

    private void Check(IReadOnlyList<StateChange> changes)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            var topic = StateTopic ?? throw new InvalidOperationException($"Group '{Group.Name}' joined without a state topic, but changes state.");
            if (!Array.Exists(_owned, owned => owned.Partition == change.Partition))
            {
                throw new InvalidOperationException($"Group '{Group.Name}' changes state of partition {change.Partition}, which this member does not own.");
            }

            if (change.Value is { } value && value.Length > _log.Options.MaxEntryBytes)
            {
                throw new OversizedEntryException(topic.Name, change.Key, value.Length, _log.Options.MaxEntryBytes);
            }
        }
    }

    /// <summary>What was read and not committed is dropped; the next read tells all partitions anew.</summary>
    private void Drop()
    {
        _round++;
        _uncommitted = false;
        _tellAll = true;
        _backlog = true;
        _generation = -1;
    }

    /// <summary>Takes up a change of members or ownership. True where the stage has to be told of one.</summary>
    private async Task<bool> FollowGroupAsync(CancellationToken cancel)
    {
        if (_generation != Group.Generation)
        {
            var request = new SyncRequest(this, _known);
            await _log.Writer.SubmitAsync(request, cancel).ConfigureAwait(false);
            Volatile.Write(ref _known, true);
            Group.Advance(request.Generation);
            _generation = request.Generation;
            TakeUp(request.Owned);
        }

        return _tellAll || _told.Count != _owned.Length || !Array.TrueForAll(_owned, IsTold);
    }

    private void TakeUp(List<Owned> owned)
    {
        var same = owned.Count == _owned.Length && owned.TrueForAll(now => Array.Exists(_owned, before => before.Partition == now.Partition && before.Epoch == now.Epoch));
        if (same && !_tellAll)
        {
            return;
        }

        if (_uncommitted)
        {
            Drop();
            _generation = Group.Generation;
        }

        _round++;
        _owned = [.. owned];
        _positions = [.. owned.Select(o => o.NextOffset)];
        _backlog = true;
    }

    private bool IsTold(Owned owned) => _told.TryGetValue(owned.Partition, out var epoch) && epoch == owned.Epoch;

    private long Available()
    {
        var available = Count();
        if (available == 0)
        {
            _backlog = false;
            _wakeup.Seen();
            available = Count();
        }

        return available;

        long Count()
        {
            long count = 0;
            for (var i = 0; i < _owned.Length; i++)
            {
                count += Math.Max(0, Group.Topic.End(_owned[i].Partition) - _positions[i]);
            }

            return count;
        }
    }

    private SqliteBatch Take(int max)
    {
        var assigned = new List<PartitionAssignment>();
        foreach (var owned in _owned)
        {
            if (_tellAll || !IsTold(owned))
            {
                assigned.Add(new PartitionAssignment(owned.Partition, StateTopic is null ? Nothing : _reader.State(StateTopic, owned.Partition)));
            }
        }

        _wakeup.Seen();
        var (messages, positions) = ReadFairly(max);

        // Only now, so that a read that failed half-way leaves everything as it was.
        List<int> revoked = [.. _told.Keys.Where(partition => !Array.Exists(_owned, owned => owned.Partition == partition))];
        _told.Clear();
        foreach (var owned in _owned)
        {
            _told[owned.Partition] = owned.Epoch;
        }

        _tellAll = false;
        _positions = positions;
        _uncommitted |= messages.Count > 0;
        _backlog = messages.Count > 0 && Available() > 0;
        return new SqliteBatch(this, _round, ++_sequence, messages, assigned, revoked, positions);
    }

    /// <summary>An equal share of each partition first, what is left over after that; each read begins with another partition.</summary>
    private (List<LogMessage> Messages, long[] Positions) ReadFairly(int max)
    {
        var positions = (long[])_positions.Clone();
        var messages = new List<LogMessage>((int)Math.Min(max, Available()));
        var budget = MaxBatchBytes;
        for (var pass = 0; pass < 2; pass++)
        {
            for (var step = 0; step < _owned.Length && messages.Count < max && budget > 0; step++)
            {
                var i = (step + _turn) % _owned.Length;
                if (Group.Topic.End(_owned[i].Partition) <= positions[i])
                {
                    continue;
                }

                var share = pass == 0 ? Math.Max(1, max / _owned.Length) : max - messages.Count;
                var shareBudget = pass == 0 ? budget / (_owned.Length - step) : budget;
                budget -= shareBudget;
                positions[i] = _reader.Read(Group.Topic, _owned[i].Partition, positions[i], Math.Min(share, max - messages.Count), messages, ref shareBudget);
                budget += shareBudget;
            }
        }

        _turn++;
        return (messages, positions);
    }

    private readonly struct Call : IDisposable
    {
        private readonly SqliteMember _member;

        public Call(SqliteMember member)
        {
            _member = member;
            Interlocked.Increment(ref member._busy);
        }

        public void Dispose()
        {
            Interlocked.Exchange(ref _member._lastCall, _member._log.Time.GetTimestamp());
            Interlocked.Decrement(ref _member._busy);
        }
    }
}
