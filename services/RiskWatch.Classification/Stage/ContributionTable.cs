namespace RiskWatch.Classification.Stage;

/// <summary>How many contributions all stages of this process hold.</summary>
internal sealed class HeldContributions
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Add(long number) => Interlocked.Add(ref _count, number);
}

/// <summary>Contributions of one partition, by site and hour of first publication, found by id.</summary>
internal sealed class ContributionTable(HeldContributions held)
{
    private readonly Dictionary<ulong, Place> _places = [];
    private readonly Dictionary<(int Site, long Hour), Bucket> _buckets = [];
    private readonly PackedHours<Contribution> _log = new('h');

    public int Count => _places.Count;

    /// <summary>The oldest hour held, with its site; null where nothing is held.</summary>
    public (int Site, long Hour)? Oldest
    {
        get
        {
            (int Site, long Hour)? oldest = null;
            foreach (var key in _buckets.Keys)
            {
                if (oldest is not { } o || key.Hour < o.Hour || (key.Hour == o.Hour && key.Site < o.Site))
                {
                    oldest = key;
                }
            }

            return oldest;
        }
    }

    /// <summary>Finds a contribution.</summary>
    public bool TryGet(ulong id, out Contribution row, out int site)
    {
        if (_places.TryGetValue(id, out var place))
        {
            row = place.Bucket.Rows[place.Index];
            site = place.Bucket.Site;
            return true;
        }

        row = default;
        site = 0;
        return false;
    }

    /// <summary>Adds a contribution, or replaces the one with its id.</summary>
    public void Put(int site, in Contribution row)
    {
        if (_places.TryGetValue(row.Id, out var place))
        {
            place.Bucket.Rows[place.Index] = row;
            _log.Put(place.Bucket.Site, place.Bucket.Hour, row.Id, row);
            return;
        }

        Add(site, row);
        _log.Put(site, row.Hour, row.Id, row);
    }

    /// <summary>Forgets one contribution.</summary>
    public void Remove(ulong id)
    {
        if (Forget(id, out var bucket))
        {
            // What it held is gone from the changelog's newest version of it too.
            var row = new Contribution { Id = id, Removed = true };
            _log.Put(bucket.Site, bucket.Hour, id, row);
        }
    }

    /// <summary>Drops a site's hours up to <paramref name="hour"/>.</summary>
    public void DropThrough(int site, long hour)
    {
        List<(int, long)>? gone = null;
        foreach (var key in _buckets.Keys)
        {
            if (key.Site == site && key.Hour <= hour)
            {
                (gone ??= []).Add(key);
            }
        }

        foreach (var key in gone ?? [])
        {
            Drop(key);
        }
    }

    /// <summary>Drops one hour of a site; returns how many contributions it held.</summary>
    public int Drop((int Site, long Hour) key)
    {
        if (!_buckets.Remove(key, out var bucket))
        {
            return 0;
        }

        var before = _places.Count;
        for (var i = 0; i < bucket.Rows.Count; i++)
        {
            // A removed row may have been added again, later in this bucket.
            if (_places.TryGetValue(bucket.Rows[i].Id, out var place) && place.Bucket == bucket)
            {
                _places.Remove(bucket.Rows[i].Id);
            }
        }

        var dropped = before - _places.Count;
        held.Add(-dropped);
        _log.Drop(key.Site, key.Hour);
        return dropped;
    }

    /// <summary>Takes all out of the process's count; the table is not used any more.</summary>
    public void Release() => held.Add(-_places.Count);

    public void Flush(StateWriter writer) => _log.Flush(writer);

    public void Restore(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> state) => _log.Restore(state, (site, hour, row) =>
    {
        if (row.Removed)
        {
            Forget(row.Id, out _);
        }
        else if (_places.TryGetValue(row.Id, out var place))
        {
            place.Bucket.Rows[place.Index] = row;
        }
        else
        {
            Add(site, row);
        }
    });

    private void Add(int site, in Contribution row)
    {
        if (!_buckets.TryGetValue((site, row.Hour), out var bucket))
        {
            _buckets[(site, row.Hour)] = bucket = new Bucket(site, row.Hour);
        }

        _places[row.Id] = new Place(bucket, bucket.Rows.Count);
        bucket.Rows.Add(row);
        held.Add(1);
    }

    private bool Forget(ulong id, out Bucket bucket)
    {
        if (!_places.Remove(id, out var place))
        {
            bucket = null!;
            return false;
        }

        bucket = place.Bucket;
        held.Add(-1);
        return true;
    }

    private readonly record struct Place(Bucket Bucket, int Index);

    private sealed class Bucket(int site, long hour)
    {
        public int Site => site;

        public long Hour => hour;

        public List<Contribution> Rows { get; } = [];
    }
}
