using RiskWatch.Contracts;
using RiskWatch.Core.Control;

namespace RiskWatch.Ingestion.Edge;

/// <summary>A source as the edge needs it.</summary>
/// <param name="Definition">As configured, or as assumed for one that only a given site knows.</param>
/// <param name="Site">Site that takes it.</param>
/// <param name="Zone">The site's time zone, which decides an author's local day.</param>
/// <param name="OfficialHandles">Handles that stay readable.</param>
internal sealed record KnownSource(SourceDefinition Definition, Site Site, TimeZoneInfo Zone, IReadOnlySet<string> OfficialHandles);

/// <summary>Sources by name as the control table has them, or, where a site is given, that site for all. Not thread-safe.</summary>
internal sealed class SourceCatalog(IControlTable control, string? givenSite = null)
{
    // Senders may make up any number of names.
    private const int MostKnown = 10_000;

    private readonly Dictionary<string, KnownSource?> _known = new(StringComparer.Ordinal);
    private long _offset = long.MinValue;
    private DateTimeOffset _from = DateTimeOffset.MaxValue;
    private DateTimeOffset _until = DateTimeOffset.MinValue;

    /// <summary>The source as it holds at a time; null where no site takes it.</summary>
    public KnownSource? Find(string source, DateTimeOffset at)
    {
        // What was found holds for one state of the table, up to the next effectiveFrom in it.
        var view = control.Latest;
        if (view.Offset != _offset || at < _from || at >= _until)
        {
            _known.Clear();
            _offset = view.Offset;
            var changes = view.Versions(ControlKind.Source).Concat(view.Versions(ControlKind.Site)).Select(e => e.EffectiveFrom).ToList();
            _from = changes.Where(c => c <= at).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
            _until = changes.Where(c => c > at).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        }

        if (!_known.TryGetValue(source, out var known))
        {
            if (_known.Count >= MostKnown)
            {
                _known.Clear();
            }

            _known[source] = known = Resolve(view, source, at);
        }

        return known;
    }

    private KnownSource? Resolve(ControlView view, string source, DateTimeOffset at)
    {
        var definition = view.At(ControlKind.Source, source, at)?.Source;
        var site = givenSite ?? definition?.Site ?? view.All(ControlKind.Site, at).Select(e => e.Site).FirstOrDefault(s => s?.Sources.Contains(source) == true)?.Id;
        if (site is null || view.Site(site, at) is not { } found)
        {
            return null;
        }

        definition = (definition ?? new SourceDefinition(source, site, SourceKinds.File)) with { Site = site };
        return new KnownSource(definition, found, TimeZoneInfo.FindSystemTimeZoneById(found.TimeZone), (definition.OfficialHandles ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase));
    }
}
