using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>Appends, after whatever else a subclass checks.</summary>
internal class AppendRequest(Outputs outputs) : WriteRequest
{
    /// <summary>Positions in the order of the outputs.</summary>
    public LogPosition[] Positions { get; private set; } = [];

    public override int Weight => outputs.Count;

    public override void Apply(WriteTransaction transaction) => Positions = outputs.Append(transaction);
}

/// <summary>A stage's commit: outputs, state and positions, if it still owns its partitions.</summary>
internal sealed class CommitRequest(Outputs outputs, IReadOnlyList<StateChange> changes, SqliteMember member, ReadOnlyMemory<Owned> owned, ReadOnlyMemory<long> positions) : WriteRequest
{
    public override int Weight => outputs.Count + changes.Count;

    public override void Apply(WriteTransaction transaction)
    {
        var group = transaction.Groups.CheckOwnership(member.Group, member.Id, member.Session, owned.Span);
        _ = outputs.Append(transaction);
        for (var i = 0; i < changes.Count; i++)
        {
            transaction.Change(member.StateTopic!, changes[i]);
        }

        for (var i = 0; i < owned.Length; i++)
        {
            if (owned.Span[i].NextOffset != positions.Span[i])
            {
                transaction.Groups.Move(group, owned.Span[i].Partition, positions.Span[i]);
            }
        }
    }
}

/// <summary>Brings a member's ownership up to date.</summary>
internal sealed class SyncRequest(SqliteMember member, bool known) : WriteRequest
{
    public List<Owned> Owned { get; } = [];

    public long Generation { get; private set; }

    public override void Apply(WriteTransaction transaction) => Generation = transaction.Groups.Sync(member.Group, member.Id, member.Session, known, Owned);
}

/// <summary>A member goes.</summary>
internal sealed class LeaveRequest(SqliteMember member) : WriteRequest
{
    public override void Apply(WriteTransaction transaction) => transaction.Groups.Leave(member.Group, member.Id, member.Session);
}

/// <summary>The living members of this process say so.</summary>
internal sealed class HeartbeatRequest(IReadOnlyList<SqliteMember> members) : WriteRequest
{
    public override void Apply(WriteTransaction transaction)
    {
        foreach (var member in members)
        {
            transaction.Groups.Heartbeat(member.Group, member.Id, member.Session);
        }
    }
}

/// <summary>Makes missing topics, checks the others.</summary>
internal sealed class EnsureTopicsRequest(IReadOnlyCollection<TopicDefinition> definitions, string path) : WriteRequest
{
    public override void Apply(WriteTransaction transaction)
    {
        using var find = new Statement(transaction.Connection, "SELECT partitions, compact, id FROM topics WHERE name = ?1");
        using var change = new Statement(transaction.Connection, "UPDATE topics SET retention_ms = ?2, droppable = ?3 WHERE name = ?1");
        using var add = new Statement(transaction.Connection, "INSERT INTO topics(name, partitions, compact, retention_ms, droppable) VALUES(?1, ?2, ?3, ?4, ?5) RETURNING id");
        using var addPartition = new Statement(transaction.Connection, "INSERT INTO partitions(topic_id, partition, next_offset) VALUES(?1, ?2, 0)");
        foreach (var definition in definitions)
        {
            if (find.Bind(1, definition.Name).Step())
            {
                Check(definition, find.Int64(0), find.Int64(1) != 0);
                find.Reset();
                Retention(change.Bind(1, definition.Name), 2, definition).Bind(3, definition.Droppable ? 1 : 0).Run();
                continue;
            }

            find.Reset();
            add.Bind(1, definition.Name).Bind(2, definition.Partitions).Bind(3, definition.Cleanup == TopicCleanup.Compact ? 1 : 0);
            var id = (int)Retention(add, 4, definition).Bind(5, definition.Droppable ? 1 : 0).Scalar()!.Value;
            if (id > EntryPosition.MaxTopics || definition.Partitions > EntryPosition.MaxPartitions)
            {
                throw new LogConfigurationException($"Topic '{definition.Name}': the embedded event log takes at most {EntryPosition.MaxTopics} topics of at most {EntryPosition.MaxPartitions} partitions.");
            }

            for (var partition = 0; partition < definition.Partitions; partition++)
            {
                addPartition.Bind(1, id).Bind(2, partition).Run();
            }

            transaction.Added(id, definition.Partitions);
        }
    }

    private static Statement Retention(Statement statement, int index, TopicDefinition definition) =>
        definition.Retention is { } age ? statement.Bind(index, (long)age.TotalMilliseconds) : statement.Bind(index, (string?)null);

    private void Check(TopicDefinition definition, long partitions, bool compact)
    {
        if (partitions != definition.Partitions)
        {
            throw new LogConfigurationException($"Topic '{definition.Name}' of the event log '{path}' has {partitions} partitions, but {definition.Partitions} are configured. They are fixed when topics are made: configure {partitions} again, or start with another data directory.");
        }

        if (compact != (definition.Cleanup == TopicCleanup.Compact))
        {
            throw new LogConfigurationException($"Topic '{definition.Name}' of the event log '{path}' was made with another clean-up than {definition.Cleanup}. Start with another data directory, or use the build that made it.");
        }
    }
}

/// <summary>Removes entries by position.</summary>
internal sealed class RemoveRequest(IReadOnlyList<long> positions) : WriteRequest
{
    public override int Weight => positions.Count;

    public override void Apply(WriteTransaction transaction)
    {
        foreach (var position in positions)
        {
            transaction.Remove(position);
        }
    }
}
