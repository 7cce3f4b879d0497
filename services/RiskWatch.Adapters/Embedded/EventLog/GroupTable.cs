using RiskWatch.Core.Log;

namespace RiskWatch.Adapters.Embedded.EventLog;

/// <summary>A partition that a member owns: the epoch that its commits are checked against, and where the group stands.</summary>
internal readonly record struct Owned(int Partition, long Epoch, long NextOffset);

/// <summary>
/// Members, ownership and positions of the groups, within the writer's transaction. Partition i belongs to the (i mod n)th of n members in order of their ids;
/// it changes hands once its owner has let it go or is dead, and its epoch grows whenever it does, which is what fences the old owner.
/// </summary>
internal sealed class GroupTable
{
    private readonly WriteTransaction _transaction;
    private readonly TimeSpan _sessionTimeout;
    private readonly Statement _find;
    private readonly Statement _add;
    private readonly Statement _addPartition;
    private readonly Statement _members;
    private readonly Statement _putMember;
    private readonly Statement _removeMember;
    private readonly Statement _heartbeat;
    private readonly Statement _session;
    private readonly Statement _partitions;
    private readonly Statement _own;
    private readonly Statement _disown;
    private readonly Statement _owner;
    private readonly Statement _move;
    private readonly Statement _regroup;
    private readonly Statement _generation;

    public GroupTable(WriteTransaction transaction, TimeSpan sessionTimeout)
    {
        _transaction = transaction;
        _sessionTimeout = sessionTimeout;
        _find = transaction.Prepare("SELECT id FROM groups WHERE name = ?1 AND topic_id = ?2");
        _add = transaction.Prepare("INSERT INTO groups(name, topic_id, generation) VALUES(?1, ?2, 1) RETURNING id");
        _addPartition = transaction.Prepare("INSERT INTO group_offsets(group_id, partition, next_offset, epoch) VALUES(?1, ?2, 0, 0)");
        _members = transaction.Prepare("SELECT member, session, heartbeat FROM group_members WHERE group_id = ?1");
        _putMember = transaction.Prepare("INSERT OR REPLACE INTO group_members(group_id, member, session, heartbeat) VALUES(?1, ?2, ?3, ?4)");
        _removeMember = transaction.Prepare("DELETE FROM group_members WHERE group_id = ?1 AND member = ?2 AND session = ?3");
        _heartbeat = transaction.Prepare("UPDATE group_members SET heartbeat = ?4 WHERE group_id = ?1 AND member = ?2 AND session = ?3");
        _session = transaction.Prepare("SELECT 1 FROM group_members WHERE group_id = ?1 AND member = ?2 AND session = ?3");
        _partitions = transaction.Prepare("SELECT partition, epoch, next_offset, owner FROM group_offsets WHERE group_id = ?1 ORDER BY partition");
        _own = transaction.Prepare("UPDATE group_offsets SET owner = ?3, epoch = epoch + 1 WHERE group_id = ?1 AND partition = ?2");
        _disown = transaction.Prepare("UPDATE group_offsets SET owner = NULL, epoch = epoch + 1 WHERE group_id = ?1 AND partition = ?2");
        _owner = transaction.Prepare("SELECT 1 FROM group_offsets WHERE group_id = ?1 AND partition = ?2 AND owner = ?3 AND epoch = ?4");
        _move = transaction.Prepare("UPDATE group_offsets SET next_offset = ?3 WHERE group_id = ?1 AND partition = ?2");
        _regroup = transaction.Prepare("UPDATE groups SET generation = generation + 1 WHERE id = ?1");
        _generation = transaction.Prepare("SELECT generation FROM groups WHERE id = ?1");
    }

    /// <summary>
    /// Brings a member up to date: takes it in, removes the dead, gives back what is no longer its share and takes what is free of it.
    /// </summary>
    /// <param name="group">Group.</param>
    /// <param name="member">Member id.</param>
    /// <param name="session">This instance of the member.</param>
    /// <param name="known">Whether this instance was taken in before: then a newer one of the same id keeps its place.</param>
    /// <param name="owned">Filled with what it owns now.</param>
    /// <returns>The generation that this is the state of.</returns>
    public long Sync(LogGroup group, string member, long session, bool known, List<Owned> owned)
    {
        owned.Clear();
        var id = Find(group) ?? Add(group);
        var members = Members(id);
        var changed = Evict(id, members, session);
        var mine = members.Find(m => m.Id == member);
        var replaced = known && mine.Id is not null && mine.Session != session;
        if (!replaced)
        {
            _putMember.Bind(1, id).Bind(2, member).Bind(3, session).Bind(4, _transaction.Now).Run();
            if (mine.Id is null || mine.Session != session)
            {
                changed = true;
                members.RemoveAll(m => m.Id == member);
                members.Add((member, session, _transaction.Now));
            }
        }

        changed |= Share(id, members, session, replaced ? null : member, owned);
        return changed ? Regroup(group, id) : Generation(id);
    }

    /// <summary>Whether the member still owns all of that.</summary>
    /// <exception cref="FencedException">It does not.</exception>
    public int CheckOwnership(LogGroup group, string member, long session, ReadOnlySpan<Owned> owned)
    {
        var id = Find(group) ?? throw new FencedException($"Group '{group.Name}' is not in the log any more.");
        if (owned.IsEmpty && _session.Bind(1, id).Bind(2, member).Bind(3, session).Scalar() is null)
        {
            throw new FencedException($"Member '{member}' of group '{group.Name}' was taken for dead. Nothing of this commit was kept.");
        }

        foreach (var partition in owned)
        {
            if (_owner.Bind(1, id).Bind(2, partition.Partition).Bind(3, session).Bind(4, partition.Epoch).Scalar() is null)
            {
                throw new FencedException($"Partition {partition.Partition} of '{group.Topic.Name}' no longer belongs to member '{member}' of group '{group.Name}'. Nothing of this commit was kept.");
            }
        }

        return id;
    }

    public void Move(int groupId, int partition, long nextOffset) => _move.Bind(1, groupId).Bind(2, partition).Bind(3, nextOffset).Run();

    /// <summary>Says that a member lives, and removes those of its group that do not.</summary>
    public void Heartbeat(LogGroup group, string member, long session)
    {
        if (Find(group) is not { } id)
        {
            return;
        }

        _heartbeat.Bind(1, id).Bind(2, member).Bind(3, session).Bind(4, _transaction.Now).Run();
        var members = Members(id);
        if (Evict(id, members, session))
        {
            Share(id, members, session, null, []);
            Regroup(group, id);
        }
    }

    /// <summary>The member goes and gives everything back.</summary>
    public void Leave(LogGroup group, string member, long session)
    {
        if (Find(group) is { } id)
        {
            _removeMember.Bind(1, id).Bind(2, member).Bind(3, session).Run();
            Share(id, Members(id), session, null, []);
            Regroup(group, id);
        }
    }

    private int? Find(LogGroup group) => (int?)_find.Bind(1, group.Name).Bind(2, group.Topic.Id).Scalar();

    private int Add(LogGroup group)
    {
        var id = (int)_add.Bind(1, group.Name).Bind(2, group.Topic.Id).Scalar()!.Value;
        for (var partition = 0; partition < group.Topic.Partitions; partition++)
        {
            _addPartition.Bind(1, id).Bind(2, partition).Run();
        }

        return id;
    }

    private List<(string Id, long Session, long Heartbeat)> Members(int groupId)
    {
        var members = new List<(string, long, long)>();
        _members.Bind(1, groupId);
        while (_members.Step())
        {
            members.Add((_members.Text(0), _members.Int64(1), _members.Int64(2)));
        }

        _members.Reset();
        return members;
    }

    private bool Evict(int groupId, List<(string Id, long Session, long Heartbeat)> members, long exceptSession)
    {
        var oldest = _transaction.Now - (long)_sessionTimeout.TotalMilliseconds;
        foreach (var dead in members.Where(m => m.Heartbeat < oldest && m.Session != exceptSession))
        {
            _removeMember.Bind(1, groupId).Bind(2, dead.Id).Bind(3, dead.Session).Run();
        }

        return members.RemoveAll(m => m.Heartbeat < oldest && m.Session != exceptSession) > 0;
    }

    /// <summary>Frees what belongs to nobody alive; for <paramref name="member"/>, also gives back and takes.</summary>
    private bool Share(int groupId, List<(string Id, long Session, long Heartbeat)> members, long session, string? member, List<Owned> owned)
    {
        var alive = members.Select(m => m.Session).ToHashSet();
        var order = members.Select(m => m.Id).Order(StringComparer.Ordinal).ToList();
        var changed = false;
        foreach (var (partition, epoch, nextOffset, owner) in Partitions(groupId))
        {
            var target = order.Count == 0 ? null : order[partition % order.Count];
            var mine = member is not null && target == member;
            var free = owner is null;
            if (owner is { } session0 && (!alive.Contains(session0) || (session0 == session && !mine && member is not null)))
            {
                _disown.Bind(1, groupId).Bind(2, partition).Run();
                free = true;
                changed = true;
            }

            if (mine && free)
            {
                _own.Bind(1, groupId).Bind(2, partition).Bind(3, session).Run();
                owned.Add(new Owned(partition, epoch + (owner is null ? 1 : 2), nextOffset));
            }
            else if (mine && owner == session)
            {
                owned.Add(new Owned(partition, epoch, nextOffset));
            }
        }

        return changed;
    }

    private List<(int Partition, long Epoch, long NextOffset, long? Owner)> Partitions(int groupId)
    {
        var partitions = new List<(int, long, long, long?)>();
        _partitions.Bind(1, groupId);
        while (_partitions.Step())
        {
            partitions.Add(((int)_partitions.Int64(0), _partitions.Int64(1), _partitions.Int64(2), _partitions.IsNull(3) ? null : _partitions.Int64(3)));
        }

        _partitions.Reset();
        return partitions;
    }

    private long Regroup(LogGroup group, int groupId)
    {
        _regroup.Bind(1, groupId).Run();
        var generation = Generation(groupId);
        _transaction.Regrouped(group, generation);
        return generation;
    }

    private long Generation(int groupId) => _generation.Bind(1, groupId).Scalar() ?? 0;
}
