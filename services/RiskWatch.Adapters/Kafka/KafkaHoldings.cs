using Confluent.Kafka;
using LogMessage = RiskWatch.Core.Log.LogMessage;

namespace RiskWatch.Adapters.Kafka;

/// <summary>What a member holds: its partitions, how far each was read, and which came and went since it was last told.</summary>
internal sealed class KafkaHoldings
{
    private readonly HashSet<int> _owned = [];
    private readonly List<int> _untold = [];

    // The next offset of each owned partition: what a commit moves the group to.
    private readonly Dictionary<int, long> _positions = [];

    // Behind the last message handed out and not committed, by partition.
    private readonly Dictionary<int, long> _handed = [];
    private bool _markersPassed;

    /// <summary>Partitions that came, as the callbacks say.</summary>
    public List<int> Gained { get; } = [];

    /// <summary>Partitions that went, as the callbacks say.</summary>
    public List<int> Lost { get; } = [];

    /// <summary>Whether partitions came or went since <see cref="Settle"/>.</summary>
    public bool Changed => Gained.Count > 0 || Lost.Count > 0;

    /// <summary>Partitions owned.</summary>
    public IReadOnlyCollection<int> Owned => _owned;

    /// <summary>Next offset by partition.</summary>
    public IReadOnlyDictionary<int, long> Positions => _positions;

    /// <summary>Whether something of this partition was handed out and not committed.</summary>
    public bool IsHanded(int partition) => _handed.ContainsKey(partition);

    /// <summary>Whether nothing but transactions' markers lies between what is committed and what was read.</summary>
    public bool OnlyMarkersToCommit => _markersPassed && _handed.Count == 0 && _positions.Count > 0 && !Changed;

    /// <summary>Lost and given back within one call, a partition starts again from what is committed: what came before goes, what comes with this call stays.</summary>
    public void DropLost(List<LogMessage> messages, Dictionary<int, long> next)
    {
        if (Lost.Count == 0)
        {
            return;
        }

        messages.RemoveAll(m => Lost.Contains(m.Partition));
        foreach (var partition in Lost)
        {
            next.Remove(partition);
            _positions.Remove(partition);
        }
    }

    /// <summary>Takes over what the callbacks said.</summary>
    /// <param name="assignment">What the client is assigned now.</param>
    /// <returns>Partitions that came, and whether what was handed out of the remaining ones must be dropped too.</returns>
    public (List<int> Gained, bool Rewind) Settle(IReadOnlyCollection<TopicPartition> assignment)
    {
        List<int> lost = [.. Lost.Where(_owned.Contains).Distinct()];
        List<int> gained = [.. Gained.Distinct()];
        Lost.Clear();
        Gained.Clear();
        foreach (var partition in lost)
        {
            _owned.Remove(partition);
            _positions.Remove(partition);
        }

        gained.RemoveAll(p => lost.Contains(p) && !assignment.Any(a => a.Partition.Value == p));
        var rewind = lost.Count > 0 && _handed.Count > 0 && _owned.Count > 0;
        if (lost.Count > 0)
        {
            _handed.Clear();
        }

        _untold.AddRange(lost);
        _owned.UnionWith(gained);
        return (gained, rewind);
    }

    /// <summary>Partitions that went and that nobody was told of; asked for once. One that has come back since is told of as gone, and then as come.</summary>
    public List<int> TakeUntold()
    {
        List<int> untold = [.. _untold.Distinct()];
        _untold.Clear();
        return untold;
    }

    /// <summary>Where an owned partition goes on.</summary>
    public void Place(int partition, long position) => _positions[partition] = position;

    /// <summary>What is handed out.</summary>
    public void Hand(IEnumerable<LogMessage> messages)
    {
        foreach (var message in messages)
        {
            // The partition's end may have been passed behind these messages already.
            _positions[message.Partition] = Math.Max(_positions.GetValueOrDefault(message.Partition), message.Offset + 1);
            _handed[message.Partition] = message.Offset + 1;
        }
    }

    /// <summary>Transaction markers take offsets: without moving past them a caught-up group would always seem to lag behind.</summary>
    public void PassMarkers(int partition, long end)
    {
        if (_owned.Contains(partition) && _positions.TryGetValue(partition, out var position) && end > position)
        {
            _positions[partition] = end;
            _markersPassed = true;
        }
    }

    /// <summary>What is committed.</summary>
    public void Commit(IReadOnlyList<TopicPartitionOffset> offsets)
    {
        foreach (var offset in offsets)
        {
            if (_handed.TryGetValue(offset.Partition.Value, out var end) && end <= offset.Offset.Value)
            {
                _handed.Remove(offset.Partition.Value);
            }
        }

        _markersPassed = offsets.Any(o => _positions.TryGetValue(o.Partition.Value, out var read) && read > o.Offset.Value);
    }

    /// <summary>Everything that was handed out and not committed is dropped: the partitions come again.</summary>
    public void Rewind()
    {
        _handed.Clear();
        Gained.AddRange(_owned);
    }

    /// <summary>Nothing is held any more.</summary>
    public void Clear()
    {
        _untold.AddRange(_owned);
        _owned.Clear();
        _positions.Clear();
        _handed.Clear();
        _markersPassed = false;
        Gained.Clear();
        Lost.Clear();
    }
}
