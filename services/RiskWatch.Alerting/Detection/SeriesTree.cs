using System.Text;
using RiskWatch.Core.Places;

namespace RiskWatch.Alerting.Detection;

/// <summary>The series of a site by topic (or term) and place, each below the one of the place around it, with what of them must be kept anew.</summary>
internal sealed class SeriesTree(string site, IGazetteer gazetteer, AlertingOptions options)
{
    private readonly Dictionary<(string Name, string Place), Series> _series = [];
    private readonly Dictionary<string, int> _places = [];
    private readonly HashSet<Series> _live = [];
    private readonly HashSet<Series> _dirty = [];
    private readonly HashSet<(string Series, long Block)> _removed = [];

    public int Count => _series.Count;

    public IReadOnlyCollection<Series> All => _series.Values;

    /// <summary>Those to look at when the hour ends, parents first.</summary>
    public List<Series> Live() => [.. _live.OrderBy(s => s.Depth).ThenBy(s => s.Key, StringComparer.Ordinal)];

    public Series? Find(string name, string place) => _series.GetValueOrDefault((name, place));

    /// <summary>The series of a topic and place, made with those above it where it is missing; the one above where there are too many places.</summary>
    public Series Of(string topic, string place, long hour, long startHour, string root, List<Series> made)
    {
        if (_series.TryGetValue((topic, place), out var held))
        {
            return held;
        }

        var parentPlace = place == root ? null : gazetteer.Parent(place) ?? root;
        var parent = parentPlace is null ? null : Of(topic, parentPlace, hour, startHour, root, made);
        if (parent is not null && _places.GetValueOrDefault(topic) >= options.MaximumPlacesPerTopic)
        {
            AlertingMetrics.Bound("placesPerTopic");
            return parent;
        }

        var series = new Series(topic, place, null, parent);
        series.Begin(startHour, hour, options.LearningLagHours);
        parent?.Children.Add(series);
        Keep(series);
        made.Add(series);
        return series;
    }

    /// <summary>Holds a series.</summary>
    public void Keep(Series series)
    {
        _series[(series.Name, series.Place)] = series;
        if (series.Topic is { } topic)
        {
            _places[topic] = _places.GetValueOrDefault(topic) + 1;
        }

        if (series.Live)
        {
            _live.Add(series);
        }
    }

    /// <summary>Says that a series has changed.</summary>
    public void Soil(Series series) => _dirty.Add(series);

    /// <summary>Says that a series has changed and is to be looked at when the hour ends.</summary>
    public void Wake(Series series)
    {
        series.Live = true;
        _live.Add(series);
        _dirty.Add(series);
    }

    /// <summary>Says that a series need not be looked at until something comes.</summary>
    public void Rest(Series series)
    {
        series.Live = false;
        _live.Remove(series);
    }

    /// <summary>Lets a series go that has no child; whether it did.</summary>
    public bool Forget(Series series)
    {
        if (series.Children.Count > 0)
        {
            return false;
        }

        _series.Remove((series.Name, series.Place));
        if (series.Topic is { } topic)
        {
            _places[topic]--;
        }

        series.Parent?.Children.Remove(series);
        _live.Remove(series);
        _dirty.Remove(series);
        _removed.Add((series.Key, -1));
        foreach (var cell in series.Hours.Within(long.MinValue, long.MaxValue))
        {
            _removed.Add((series.Key, SeriesHours.Block(cell.Hour)));
        }

        return true;
    }

    /// <summary>State entries that changed since the last call, by series and block of hours (−1 for the series itself); null: gone.</summary>
    public IEnumerable<(string Series, long Block, ReadOnlyMemory<byte>? Value)> Changes()
    {
        using var buffer = new BinaryWriter(new MemoryStream(4096), Encoding.UTF8);
        foreach (var series in _dirty)
        {
            foreach (var (block, value) in series.Changes(buffer))
            {
                yield return (series.Key, block, value);
            }
        }

        foreach (var (key, block) in _removed)
        {
            yield return (key, block, null);
        }

        _dirty.Clear();
        _removed.Clear();
    }

    /// <summary>Puts the series of a committed state in place: each by its key, with its own entry and its blocks of hours in order.</summary>
    public void Restore(IEnumerable<(ReadOnlyMemory<byte> Self, IEnumerable<ReadOnlyMemory<byte>> Hours)> entries)
    {
        var waiting = entries.ToList();
        while (waiting.Count > 0)
        {
            var later = new List<(ReadOnlyMemory<byte> Self, IEnumerable<ReadOnlyMemory<byte>> Hours)>();
            foreach (var entry in waiting)
            {
                var missing = false;
                var series = Series.Deserialize(entry.Self, (topic, place, term) =>
                {
                    var found = _series.GetValueOrDefault((topic ?? Series.NameOf(term!), place));
                    missing = found is null;
                    return found;
                });
                if (missing)
                {
                    later.Add(entry);
                    continue;
                }

                foreach (var hours in entry.Hours)
                {
                    series.Hours.Restore(hours, series.Learned);
                }

                Keep(series);
            }

            if (later.Count == waiting.Count)
            {
                throw new InvalidDataException($"The state of site '{site}' names series whose parents it does not hold.");
            }

            waiting = later;
        }
    }
}
