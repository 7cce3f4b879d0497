using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using RiskWatch.Core.Log;
using LogMessage = RiskWatch.Core.Log.LogMessage;

namespace RiskWatch.Adapters.Kafka;

/// <summary>
/// One member of a group and its transactions. Rebalance callbacks run inside <c>Consume</c>, so inside a read, when the worker has committed or put off
/// everything it was given: what was put off is dropped and read again, which is why nothing needs to be committed in the callbacks themselves.
/// </summary>
internal sealed class KafkaMember : ILogMember
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly KafkaOptions _options;
    private readonly MembershipOptions _membership;
    private readonly KafkaTopics _topics;
    private readonly ILogger _logger;
    private readonly KafkaThread _thread;
    private readonly KafkaRestorer _restorer;
    private readonly KafkaWatch _watch;
    private readonly KafkaHoldings _held = new();
    private IConsumer<byte[]?, byte[]?>? _consumer;
    private KafkaTransactions? _transactions;
    private bool _classic;

    public KafkaMember(KafkaOptions options, MembershipOptions membership, KafkaTopics topics, KafkaPositions ends, ILogger logger)
    {
        _options = options;
        _membership = membership;
        _topics = topics;
        _logger = logger;
        _thread = new KafkaThread($"kafka {membership.Group} {membership.MemberId}");
        _watch = new KafkaWatch(options.Physical(membership.Topic), ends, logger);
        _restorer = new KafkaRestorer(options, membership, logger);
    }

    public Task<LogBatch> ReadAsync(int maxMessages, TimeSpan maxWait, TimeSpan linger, CancellationToken cancel) => _thread.RunAsync<LogBatch>(
        () =>
        {
            try
            {
                return Read(maxMessages, maxWait, linger, cancel);
            }
            catch (KafkaException e)
            {
                if (_options.GroupProtocol == "auto" && !_classic && KafkaErrors.LacksNewGroups(e.Error))
                {
                    _classic = true;
                    Reset();
                    KafkaLog.ClassicGroups(_logger, _membership.Group);
                    return Read(maxMessages, maxWait, linger, cancel);
                }

                if (e.Error.IsFatal)
                {
                    Reset();
                }

                throw KafkaErrors.Translate(e, $"reading {_membership.Topic}");
            }
        },
        cancel);

    public Task RewindAsync(CancellationToken cancel) => _thread.RunAsync(
        () =>
        {
            try
            {
                GiveUp();
                Rewind();
            }
            catch (KafkaException e)
            {
                Reset();
                KafkaLog.MemberReset(_logger, _membership.Group, _membership.MemberId, e.Error.Reason);
            }
        },
        cancel);

    public async ValueTask DisposeAsync()
    {
        await _thread.EndAsync(Reset).ConfigureAwait(false);
        _restorer.Dispose();
    }

    /// <summary>Ends it as kill -9 would: it does not leave its group, and its transaction stays open until the broker times it out.</summary>
    internal void Crash()
    {
        _transactions?.Dispose();
        _transactions = null;
        _consumer?.Dispose();
        _consumer = null;
        _restorer.Dispose();
    }

    /// <summary>Makes the client read no more of what it is assigned, without a word; for tests.</summary>
    internal void StopReading() => Consumer.Pause(Consumer.Assignment);

    internal Task CommitAsync(IReadOnlyList<LogOutput> outputs, IReadOnlyList<StateChange> changes, IReadOnlyList<TopicPartitionOffset> offsets, IConsumerGroupMetadata readAs, CancellationToken cancel) => _thread.RunAsync(
        () =>
        {
            KafkaSize.Check(outputs, _options.LargestEntry, changes, _membership.StateTopic);
            Transact(t => t.Commit(outputs, WithPositions(changes, offsets), _membership.StateTopic, _topics.PartitionsOf, offsets, readAs, Activity.Current?.Id), "committing");
            _held.Commit(offsets);
        },
        cancel);

    private IConsumer<byte[]?, byte[]?> Consumer
    {
        get
        {
            if (_consumer is null)
            {
                _consumer = new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.GroupConsumer(_options, _options.Physical(_membership.Group), _classic))
                    .SetPartitionsAssignedHandler((_, partitions) => _held.Gained.AddRange(partitions.Select(p => p.Partition.Value)))
                    .SetPartitionsRevokedHandler((_, partitions) => _held.Lost.AddRange(partitions.Select(p => p.Partition.Value)))
                    .SetPartitionsLostHandler((_, partitions) => _held.Lost.AddRange(partitions.Select(p => p.Partition.Value)))
                    .SetErrorHandler((_, error) => KafkaLog.ClientError(_logger, _membership.Group, error.Reason))
                    .SetLogHandler((_, message) => KafkaLog.Client(_logger, message.Facility, message.Message))
                    .Build();
                _consumer.Subscribe(_options.Physical(_membership.Topic));
            }

            return _consumer;
        }
    }

    private KafkaBatch Read(int maxMessages, TimeSpan maxWait, TimeSpan linger, CancellationToken cancel)
    {
        var messages = new List<LogMessage>();
        var next = new Dictionary<int, long>();
        var clock = Stopwatch.StartNew();
        var firstAt = TimeSpan.Zero;
        var cameAgain = false;

        // At least once, also when partitions come again after a rewind: a member that was fenced learns only here what it lost, and joins again only then.
        do
        {
            cancel.ThrowIfCancellationRequested();

            // What lies in the client's queue is taken without a look at the clock.
            var left = TimeSpan.Zero;
            if (Consume(TimeSpan.Zero) is not { } result)
            {
                left = messages.Count == 0 ? maxWait - clock.Elapsed : firstAt + linger - clock.Elapsed;
                result = left > TimeSpan.Zero && !_held.Changed ? Consume(left < LongestWait ? left : LongestWait) : null;
            }

            _held.DropLost(messages, next);
            if (result is null)
            {
                if (left <= TimeSpan.Zero)
                {
                    break;
                }

                if (messages.Count == 0)
                {
                    Idle();
                }
            }
            else if (result.IsPartitionEOF)
            {
                _held.PassMarkers(result.Partition.Value, result.Offset.Value);
            }
            else if (result.Offset.Value < next.GetValueOrDefault(result.Partition.Value, _held.Positions.GetValueOrDefault(result.Partition.Value)))
            {
                // Begun at an old offset, or fetched again after a leader moved: what was read comes once.
                if (!cameAgain)
                {
                    KafkaLog.CameAgain(_logger, _membership.Topic, result.Partition.Value, result.Offset.Value);
                    cameAgain = true;
                }
            }
            else
            {
                if (messages.Count == 0)
                {
                    firstAt = clock.Elapsed;
                }

                next[result.Partition.Value] = result.Offset.Value + 1;
                messages.Add(KafkaClients.Read(_options, result));
            }
        }
        while (messages.Count < maxMessages && !_held.Changed);

        var assigned = _held.Changed ? ChangeOwnership(messages, cancel) : [];
        messages.RemoveAll(m => !_held.Owned.Contains(m.Partition));
        _held.Hand(messages);

        // Who read it commits it: by the time of the commit, a member that was frozen in between may have joined its group anew, without these partitions.
        return new KafkaBatch(this, messages, assigned, _held.TakeUntold(), Positions(), Consumer.ConsumerGroupMetadata);
    }

    // A member that was silent for too long has left its group already; reading on joins it anew, and the lost partitions come through the callback.
    private ConsumeResult<byte[]?, byte[]?>? Consume(TimeSpan wait)
    {
        try
        {
            return Consumer.Consume(wait);
        }
        catch (ConsumeException e) when (e.Error.Code == ErrorCode.Local_MaxPollExceeded)
        {
            KafkaLog.MemberReset(_logger, _membership.Group, _membership.MemberId, e.Error.Reason);
            return null;
        }
    }

    private List<PartitionAssignment> ChangeOwnership(List<LogMessage> messages, CancellationToken cancel)
    {
        var (gained, rewind) = _held.Settle(Consumer.Assignment);
        if (rewind)
        {
            messages.Clear();
            Rewind();
            gained.AddRange(_held.Gained);
            _held.Gained.Clear();
        }

        return Restore([.. gained.Distinct()], messages, cancel);
    }

    private List<PartitionAssignment> Restore(List<int> partitions, List<LogMessage> messages, CancellationToken cancel)
    {
        var assigned = new List<PartitionAssignment>(partitions.Count);
        if (partitions.Count == 0)
        {
            return assigned;
        }

        foreach (var (partition, position, state) in _restorer.Restore(Committed(partitions), at => Transact(t => t.Mark(_membership.StateTopic!, at), "restoring"), cancel))
        {
            _held.Place(partition, position);
            messages.RemoveAll(m => m.Partition == partition && m.Offset < position);
            assigned.Add(new PartitionAssignment(partition, state));
        }

        return assigned;
    }

    private T Transact<T>(Func<KafkaTransactions, T> act, string doing)
    {
        try
        {
            return act(Transactions);
        }
        catch (KafkaException e)
        {
            DropTransactions();
            throw KafkaErrors.Translate(e, $"{doing} {_membership.Group}");
        }
        catch (TransientLogException)
        {
            DropTransactions();
            throw;
        }
    }

    private void Transact(Action<KafkaTransactions> act, string doing) => Transact(
        t =>
        {
            act(t);
            return true;
        },
        doing);

    // The state says how far it goes by itself: a group's offset may be told by a broker that keeps the group no more.
    private IReadOnlyList<StateChange> WithPositions(IReadOnlyList<StateChange> changes, IReadOnlyList<TopicPartitionOffset> offsets) =>
        _membership.StateTopic is null ? changes : [.. changes, .. offsets.Where(o => _held.IsHanded(o.Partition.Value)).Select(o => KafkaRestorer.Position(o.Partition.Value, o.Offset.Value))];

    private List<TopicPartitionOffset> Committed(IEnumerable<int> partitions) =>
        Consumer.Committed(partitions.Select(p => new TopicPartition(_options.Physical(_membership.Topic), p)), _options.Timeout);

    private void Rewind()
    {
        _held.Rewind();
        if (_held.Owned.Count == 0)
        {
            return;
        }

        foreach (var committed in Committed(_held.Owned))
        {
            Consumer.Seek(new TopicPartitionOffset(committed.TopicPartition, committed.Offset.IsSpecial ? Offset.Beginning : committed.Offset));
            _held.Place(committed.Partition.Value, committed.Offset.IsSpecial ? 0 : committed.Offset.Value);
        }
    }

    private void Idle()
    {
        CommitPassedMarkers();
        if (!_held.Changed && !_watch.Look(Consumer, _held.Positions))
        {
            _watch.Forget();
            Reset();
            throw new TransientLogException($"The client reads nothing of {_membership.Topic}, though there are entries; it joins anew.");
        }
    }

    // In a transaction, which is given up in time: a plain commit waits for a coordinator for as long as a session lasts, and the stage with it.
    private void CommitPassedMarkers()
    {
        if (!_held.OnlyMarkersToCommit)
        {
            return;
        }

        var positions = Positions();
        try
        {
            Transact(t => t.Commit([], [], null, _topics.PartitionsOf, positions, Consumer.ConsumerGroupMetadata, null), "moving past markers of");
            _held.Commit(positions);
        }
        catch (Exception e) when (e is FencedException or TransientLogException)
        {
            // Nothing depends on it but the lag that is shown, and the next idle read tries again. As an error, a member that was fenced with nothing in hand
            // would start again and meet it again, for ever, without the Consume that tells it what it has lost.
            KafkaLog.MarkersNotCommitted(_logger, _membership.Group, _membership.MemberId, e.Message);
        }
    }

    private KafkaTransactions Transactions => _transactions ??= new KafkaTransactions(_options, _options.Physical($"{_membership.Group}/{_membership.MemberId}"), _logger);

    private List<TopicPartitionOffset> Positions() => [.. _held.Positions.Select(p => new TopicPartitionOffset(_options.Physical(_membership.Topic), p.Key, p.Value))];

    private void GiveUp()
    {
        try
        {
            _transactions?.Abort();
        }
        catch (TransientLogException)
        {
            DropTransactions();
        }
    }

    private void DropTransactions()
    {
        _transactions?.Dispose();
        _transactions = null;
    }

    // Who cannot say that it leaves is missed by its group after the session time-out.
    private void Leave(IConsumer<byte[]?, byte[]?> consumer)
    {
        try
        {
            consumer.Close();
        }
        catch (KafkaException e)
        {
            KafkaLog.ClientError(_logger, _membership.Group, e.Error.Reason);
        }
        finally
        {
            consumer.Dispose();
        }
    }

    private void Reset()
    {
        DropTransactions();
        var consumer = _consumer;
        _consumer = null;
        if (consumer is not null)
        {
            Leave(consumer);
        }

        _held.Clear();
    }
}

/// <summary>A read of a <see cref="KafkaMember"/>.</summary>
internal sealed class KafkaBatch(KafkaMember member, IReadOnlyList<LogMessage> messages, IReadOnlyList<PartitionAssignment> assigned, IReadOnlyList<int> revoked, IReadOnlyList<TopicPartitionOffset> positions, IConsumerGroupMetadata readAs) : LogBatch
{
    public override IReadOnlyList<LogMessage> Messages => messages;

    public override IReadOnlyList<PartitionAssignment> Assigned => assigned;

    public override IReadOnlyList<int> Revoked => revoked;

    public override Task CommitAsync(IReadOnlyList<LogOutput> outputs, IReadOnlyList<StateChange> stateChanges, CancellationToken cancel) => member.CommitAsync(outputs, stateChanges, positions, readAs, cancel);
}
