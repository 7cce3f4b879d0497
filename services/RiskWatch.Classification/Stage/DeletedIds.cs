using System.Runtime.InteropServices;

namespace RiskWatch.Classification.Stage;

/// <summary>A deletion and the minute in which it was received.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct DeletedId(ulong Id, long Minute);

/// <summary>Ids deleted in the last 7 days, so that an overlapping poll cannot bring them back (LOG §5.4).</summary>
internal sealed class DeletedIds
{
    /// <summary>How long a deleted id stays deleted, in minutes.</summary>
    public const long KeptMinutes = 7 * 24 * 60;

    // A day more in memory than the rule asks, since sources' receive times may lie apart; the rule itself is asked per record.
    private const long KeptHours = 8 * 24;

    private readonly Dictionary<ulong, long> _minutes = [];
    private readonly SortedDictionary<long, List<ulong>> _hours = [];
    private readonly PackedHours<DeletedId> _log = new('x');

    public int Count => _minutes.Count;

    /// <summary>Whether the id is deleted for a record received in <paramref name="minute"/>.</summary>
    public bool Contains(ulong id, long minute) => _minutes.TryGetValue(id, out var deleted) && minute < deleted + KeptMinutes;

    public void Add(ulong id, long minute)
    {
        Apply(new DeletedId(id, minute));
        _log.Put(0, EventTime.HourOf(minute), id, new DeletedId(id, minute));
    }

    /// <summary>Forgets what is older than the rule asks, and the oldest hours beyond <paramref name="most"/> ids; returns how many the bound cost.</summary>
    public int Prune(long minute, int most)
    {
        var early = 0;
        while (_hours.Count > 0)
        {
            var (hour, ids) = First();
            var old = hour < EventTime.HourOf(minute) - KeptHours;
            if (!old && _minutes.Count <= most)
            {
                break;
            }

            early += old ? 0 : ids.Count;
            foreach (var id in ids)
            {
                if (EventTime.HourOf(_minutes.GetValueOrDefault(id)) == hour)
                {
                    _minutes.Remove(id);
                }
            }

            _hours.Remove(hour);
            _log.Drop(0, hour);
        }

        return early;
    }

    public void Flush(StateWriter writer) => _log.Flush(writer);

    public void Restore(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> state) => _log.Restore(state, (_, _, row) => Apply(row));

    private (long Hour, List<ulong> Ids) First()
    {
        foreach (var (hour, ids) in _hours)
        {
            return (hour, ids);
        }

        throw new InvalidOperationException("Nothing is held.");
    }

    private void Apply(DeletedId row)
    {
        _minutes[row.Id] = row.Minute;
        var hour = EventTime.HourOf(row.Minute);
        if (!_hours.TryGetValue(hour, out var ids))
        {
            _hours[hour] = ids = [];
        }

        ids.Add(row.Id);
    }
}
