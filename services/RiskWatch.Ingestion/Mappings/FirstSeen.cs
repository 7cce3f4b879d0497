using System.Globalization;

namespace RiskWatch.Ingestion.Mappings;

/// <summary>
/// Remembers when a thing (a title) was first seen, as long as it is seen again within a span of its last appearance; then it is a new thing. What was not
/// seen for longer is forgotten, so the memory is bounded by the things of one span. Times must not decrease by more than the span.
/// </summary>
internal sealed class FirstSeen(TimeSpan within, TimeZoneInfo zone)
{
    private readonly Dictionary<ulong, (DateTimeOffset First, DateTimeOffset Last)> _seen = [];
    private DateTimeOffset _swept;

    /// <summary>Things remembered.</summary>
    public int Count => _seen.Count;

    /// <summary>When it was first seen; <paramref name="at"/> itself where it is new.</summary>
    public DateTimeOffset Of(ulong key, DateTimeOffset at)
    {
        Sweep(at);
        var first = _seen.TryGetValue(key, out var held) && at - held.Last <= within ? held.First : at;
        _seen[key] = (first, at > held.Last ? at : held.Last);
        return first;
    }

    /// <summary>The local day of a time.</summary>
    public string Day(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private void Sweep(DateTimeOffset at)
    {
        if (at - _swept < within)
        {
            return;
        }

        _swept = at;
        foreach (var key in _seen.Where(s => at - s.Value.Last > within).Select(s => s.Key).ToList())
        {
            _seen.Remove(key);
        }
    }
}
