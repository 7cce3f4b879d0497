using RiskWatch.Contracts;

namespace RiskWatch.Core.Control;

/// <summary>An immutable view of the control table as of one offset. For every entity it keeps all versions, so that <c>effectiveFrom</c> can be asked at any event time.</summary>
public sealed class ControlView
{
    private readonly Dictionary<(ControlKind, string), ControlEntry[]> _versions;

    internal ControlView(long offset, Dictionary<(ControlKind, string), ControlEntry[]> versions)
    {
        Offset = offset;
        _versions = versions;
    }

    /// <summary>A view of nothing.</summary>
    public static ControlView Empty { get; } = new(-1, []);

    /// <summary>Offset it is as of.</summary>
    public long Offset { get; }

    /// <summary>A view as of the given entries, offsets 0, 1, 2 …; for tests and tools.</summary>
    public static ControlView Of(params IEnumerable<ControlEntry> entries)
    {
        var view = Empty;
        foreach (var entry in entries)
        {
            view = view.With(view.Offset + 1, entry);
        }

        return view;
    }

    /// <summary>The entity's version that holds at <paramref name="time"/>: the highest with effectiveFrom ≤ time; null where none or removed.</summary>
    public ControlEntry? At(ControlKind kind, string id, DateTimeOffset time)
    {
        ControlEntry? found = null;
        if (_versions.TryGetValue((kind, id), out var versions))
        {
            foreach (var entry in versions)
            {
                if (entry.EffectiveFrom <= time && entry.Version > (found?.Version ?? 0))
                {
                    found = entry;
                }
            }
        }

        return found is { Removed: true } ? null : found;
    }

    /// <summary>All entities of a kind as they hold at <paramref name="time"/>, by id.</summary>
    public IEnumerable<ControlEntry> All(ControlKind kind, DateTimeOffset time) => _versions.Keys
        .Where(key => key.Item1 == kind)
        .OrderBy(key => key.Item2, StringComparer.Ordinal)
        .Select(key => At(kind, key.Item2, time))
        .OfType<ControlEntry>();

    /// <summary>Every version of every entity of a kind, in no particular order.</summary>
    public IEnumerable<ControlEntry> Versions(ControlKind kind) => _versions.Where(v => v.Key.Item1 == kind).SelectMany(v => v.Value);

    /// <summary>Moments after <paramref name="after"/> and up to <paramref name="until"/> at which a version of a kind takes effect, in order.</summary>
    public IEnumerable<DateTimeOffset> Changes(ControlKind kind, DateTimeOffset after, DateTimeOffset until) => _versions
        .Where(entity => entity.Key.Item1 == kind)
        .SelectMany(entity => entity.Value)
        .Select(entry => entry.EffectiveFrom)
        .Where(from => from > after && from <= until)
        .Distinct()
        .Order();

    /// <summary>Highest version number of an entity, 0 where there is none.</summary>
    public int LastVersion(ControlKind kind, string id) => _versions.TryGetValue((kind, id), out var versions) ? versions.Max(v => v.Version) : 0;

    /// <summary>The entity's lowest version, whenever it begins to hold; null where there is none. For events from before the entity was known.</summary>
    public ControlEntry? First(ControlKind kind, string id) => _versions.TryGetValue((kind, id), out var versions) ? versions.MinBy(v => v.Version) : null;

    /// <summary>The site as it holds at <paramref name="time"/>; null where unknown.</summary>
    public Site? Site(string id, DateTimeOffset time) => At(ControlKind.Site, id, time)?.Site;

    /// <summary>The view with one more entry.</summary>
    internal ControlView With(long offset, ControlEntry entry)
    {
        var versions = new Dictionary<(ControlKind, string), ControlEntry[]>(_versions);
        var key = (entry.Kind, entry.EntityId);
        versions[key] = versions.TryGetValue(key, out var held) ? [.. held.Where(v => v.Version != entry.Version), entry] : [entry];
        return new ControlView(offset, versions);
    }
}
