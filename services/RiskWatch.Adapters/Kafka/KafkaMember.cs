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
    private readonly KafkaOptions _options;
    private readonly MembershipOptions _membership;
    private readonly KafkaTopics _topics;
    private readonly ILogger _logger;
    private readonly KafkaThread _thread;
    private readonly KafkaRestorer? _restorer;
    private readonly HashSet<int> _owned = [];
    private readonly List<int> _gained = [];
    private readonly List<int> _lost = [];

    // The next offset of each owned partition: what a commit moves the group to.
    private readonly Dictionary<int, long> _positions = [];

    // Behind the last message handed out and not committed, by partition.
    private readonly Dictionary<int, long> _handed = [];
    private IConsumer<byte[]?, byte[]?>? _consumer;
    private KafkaTransactions? _transactions;
    private bool _markersPassed;
    private bool _classic;

    public KafkaMember(KafkaOptions options, MembershipOptions membership, KafkaTopics topics, ILogger logger)
    {
        _options = options;
        _membership = membership;
        _topics = topics;
        _logger = logger;
        _thread = new KafkaThread($"kafka {membership.Group} {membership.MemberId}");
        _restorer = membership.StateTopic is null ? null : new KafkaRestorer(options);
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
                _transactions?.Abort();
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
        _restorer?.Dispose();
    }

    /// <summary>Ends it as kill -9 would: it does not leave its group, and its transaction stays open until the broker times it out.</summary>
    internal void Crash()
    {
        _transactions?.Dispose();
        _transactions = null;
        _consumer?.Dispose();
        _consumer = null;
        _restorer?.Dispose();
    }

    internal Task CommitAsync(IReadOnlyList<LogOutput> outputs, IReadOnlyList<StateChange> changes, IReadOnlyList<TopicPartitionOffset> offsets, IConsumerGroupMetadata readAs, CancellationToken cancel) => _thread.RunAsync(
        () =>
        {
            KafkaSize.Check(outputs, _options.LargestEntry, changes, _membership.StateTopic);
            try
            {
                Transactions.Commit(outputs, changes, _membership.StateTopic, _topics.PartitionsOf, offsets, readAs, Activity.Current?.Id);
                foreach (var offset in offsets)
                {
                    if (_handed.TryGetValue(offset.Partition.Value, out var end) && end <= offset.Offset.Value)
                    {
                        _handed.Remove(offset.Partition.Value);
                    }
                }

                _markersPassed = offsets.Any(o => _positions.TryGetValue(o.Partition.Value, out var read) && read > o.Offset.Value);
            }
            catch (KafkaException e)
            {
                DropTransactions();
                throw KafkaErrors.Translate(e, $"committing {_membership.Group}");
            }
            catch (TransientLogException)
            {
                DropTransactions();
                throw;
            }
        },
        cancel);

    private IConsumer<byte[]?, byte[]?> Consumer
    {
        get
        {
            if (_consumer is null)
            {
                _consumer = new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.GroupConsumer(_options, _options.Physical(_membership.Group), _classic))
                    .SetPartitionsAssignedHandler((_, partitions) => _gained.AddRange(partitions.Select(p => p.Partition.Value)))
                    .SetPartitionsRevokedHandler((_, partitions) => _lost.AddRange(partitions.Select(p => p.Partition.Value)))
                    .SetPartitionsLostHandler((_, partitions) => _lost.AddRange(partitions.Select(p => p.Partition.Value)))
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
        while (messages.Count < maxMessages && _gained.Count == 0 && _lost.Count == 0)
        {
            cancel.ThrowIfCancellationRequested();
            var left = messages.Count == 0 ? maxWait - clock.Elapsed : firstAt + linger - clock.Elapsed;
            var wait = left <= TimeSpan.Zero ? TimeSpan.Zero : left < TimeSpan.FromMilliseconds(100) ? left : TimeSpan.FromMilliseconds(100);
            var result = Consume(wait);

            if (_lost.Count > 0)
            {
                // Lost and given back within one call, a partition starts again from what is committed: what came before goes, what comes with this call stays.
                messages.RemoveAll(m => _lost.Contains(m.Partition));
                foreach (var partition in _lost)
                {
                    next.Remove(partition);
                    _positions.Remove(partition);
                }
            }

            if (result is null)
            {
                if (left <= TimeSpan.Zero)
                {
                    break;
                }

                if (messages.Count == 0)
                {
                    CommitPassedMarkers();
                }
            }
            else if (result.IsPartitionEOF)
            {
                PassMarkers(result);
            }
            else
            {
                if (messages.Count == 0)
                {
                    firstAt = clock.Elapsed;
                }

                if (result.Offset.Value < next.GetValueOrDefault(result.Partition.Value, _positions.GetValueOrDefault(result.Partition.Value)))
                {
                    // After a leader moved, the client may fetch again from where it once began: what was read comes once.
                    KafkaLog.CameAgain(_logger, _membership.Topic, result.Partition.Value, result.Offset.Value);
                    continue;
                }

                next[result.Partition.Value] = result.Offset.Value + 1;
                messages.Add(KafkaClients.Read(_options, result));
            }
        }

        var (assigned, revoked) = _gained.Count > 0 || _lost.Count > 0 ? ChangeOwnership(messages, cancel) : ([], []);
        messages.RemoveAll(m => !_owned.Contains(m.Partition));
        foreach (var message in messages)
        {
            // The partition's end may have been passed behind these messages already.
            _positions[message.Partition] = Math.Max(_positions.GetValueOrDefault(message.Partition), message.Offset + 1);
            _handed[message.Partition] = message.Offset + 1;
        }

        // Who read it commits it: by the time of the commit, a member that was frozen in between may have joined its group anew, without these partitions.
        return new KafkaBatch(this, messages, assigned, revoked, Positions(), Consumer.ConsumerGroupMetadata);
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

    private (List<PartitionAssignment> Assigned, List<int> Revoked) ChangeOwnership(List<LogMessage> messages, CancellationToken cancel)
    {
        List<int> lost = [.. _lost.Where(_owned.Contains).Distinct()];
        List<int> gained = [.. _gained.Distinct()];
        _lost.Clear();
        _gained.Clear();
        foreach (var partition in lost)
        {
            _owned.Remove(partition);
            _positions.Remove(partition);
        }

        gained.RemoveAll(p => lost.Contains(p) && !Consumer.Assignment.Any(a => a.Partition.Value == p));
        if (lost.Count > 0 && _handed.Count > 0 && _owned.Count > 0)
        {
            messages.Clear();
            Rewind();
            gained.AddRange(_gained);
            _gained.Clear();
        }

        if (lost.Count > 0)
        {
            _handed.Clear();
        }

        _owned.UnionWith(gained);
        return (Restore([.. gained.Distinct()], cancel), lost);
    }

    // First the committed offsets, which waits for open transactions, then the state (LOG §1.2).
    private List<PartitionAssignment> Restore(List<int> partitions, CancellationToken cancel)
    {
        if (partitions.Count == 0)
        {
            return [];
        }

        foreach (var committed in Committed(partitions))
        {
            if (!_positions.ContainsKey(committed.Partition.Value))
            {
                _positions[committed.Partition.Value] = committed.Offset.IsSpecial ? 0 : committed.Offset.Value;
            }
        }

        return [.. partitions.Select(p => new PartitionAssignment(p, _restorer?.Read(_membership.StateTopic!, p, cancel) ?? new Dictionary<string, ReadOnlyMemory<byte>>()))];
    }

    private List<TopicPartitionOffset> Committed(IEnumerable<int> partitions) =>
        Consumer.Committed(partitions.Select(p => new TopicPartition(_options.Physical(_membership.Topic), p)), _options.Timeout);

    private void Rewind()
    {
        _handed.Clear();
        if (_owned.Count == 0)
        {
            return;
        }

        foreach (var committed in Committed(_owned))
        {
            var at = committed.Offset.IsSpecial ? Offset.Beginning : committed.Offset;
            Consumer.Seek(new TopicPartitionOffset(committed.TopicPartition, at));
            _positions[committed.Partition.Value] = committed.Offset.IsSpecial ? 0 : committed.Offset.Value;
        }

        _gained.AddRange(_owned);
    }

    // Transaction markers take offsets: without moving past them a caught-up group would always seem to lag behind.
    private void PassMarkers(ConsumeResult<byte[]?, byte[]?> end)
    {
        if (_owned.Contains(end.Partition.Value) && _positions.TryGetValue(end.Partition.Value, out var position) && end.Offset.Value > position)
        {
            _positions[end.Partition.Value] = end.Offset.Value;
            _markersPassed = true;
        }
    }

    // In a transaction, which is given up in time: a plain commit waits for a coordinator for as long as a session lasts, and the stage with it.
    private void CommitPassedMarkers()
    {
        if (!_markersPassed || _handed.Count > 0 || _positions.Count == 0 || _gained.Count > 0 || _lost.Count > 0)
        {
            return;
        }

        try
        {
            Transactions.Commit([], [], null, _topics.PartitionsOf, Positions(), Consumer.ConsumerGroupMetadata, null);
            _markersPassed = false;
        }
        catch (Exception e) when (e is KafkaException or TransientLogException)
        {
            // Nothing depends on it but the lag that is shown, and the next idle read tries again. As an error, a member that was fenced with nothing in hand
            // would start again and meet it again, for ever, without the Consume that tells it what it has lost.
            DropTransactions();
            KafkaLog.MarkersNotCommitted(_logger, _membership.Group, _membership.MemberId, e.Message);
        }
    }

    private KafkaTransactions Transactions => _transactions ??= new KafkaTransactions(_options, _options.Physical($"{_membership.Group}/{_membership.MemberId}"), _logger);

    private List<TopicPartitionOffset> Positions() => [.. _positions.Select(p => new TopicPartitionOffset(_options.Physical(_membership.Topic), p.Key, p.Value))];

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
        _owned.Clear();
        _positions.Clear();
        _handed.Clear();
        _markersPassed = false;
        if (consumer is not null)
        {
            Leave(consumer);
        }

        _gained.Clear();
        _lost.Clear();
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
