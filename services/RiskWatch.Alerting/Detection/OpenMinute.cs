using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Detection;

/// <summary>What the tallies that wait would add to each series' hour; kept up with each of them, so that a look at a busy minute costs what is new in it.</summary>
internal sealed class OpenMinute
{
    private readonly List<Tally> _fresh = [];
    private readonly Dictionary<Series, double> _extra = [];
    private readonly HashSet<Series> _touched = [];
    private long? _tick;

    /// <summary>One more tally waits.</summary>
    public void Add(Tally tally) => _fresh.Add(tally);

    /// <summary>A tick was decided: series are other ones, and what waits is less.</summary>
    public void Clear()
    {
        _tick = null;
        _fresh.Clear();
    }

    /// <summary>Series to which something was added since the last call, by key, and what all waiting tallies of the hour before <paramref name="tick"/> add to each.</summary>
    /// <param name="tick">The first tick that waits.</param>
    /// <param name="waiting">All tallies that wait; read after a <see cref="Clear"/> only.</param>
    /// <param name="find">The series of a topic and place, null where there is none.</param>
    public IEnumerable<(Series Series, double Extra)> Take(long tick, IEnumerable<Tally> waiting, Func<string, string, Series?> find)
    {
        var from = _tick == tick ? _fresh : waiting;
        if (_tick != tick)
        {
            _tick = tick;
            _extra.Clear();
            _touched.Clear();
        }

        foreach (var tally in from)
        {
            if (tally.Minute <= tick && tick - tally.Minute < 60 && find(tally.Topic, tally.Place) is { } series)
            {
                var volume = Volume(tally);
                for (var at = series; at is not null; at = at.Parent)
                {
                    _extra[at] = _extra.GetValueOrDefault(at) + volume;
                    _touched.Add(at);
                }
            }
        }

        _fresh.Clear();
        List<Series> touched = [.. _touched.OrderBy(s => s.Key, StringComparer.Ordinal)];
        _touched.Clear();
        return touched.Select(s => (s, _extra[s]));
    }

    private static double Volume(Tally tally)
    {
        var counts = tally.Counts;
        return counts.Hotline + (counts.Posts > 0 ? Math.Min(counts.Posts, tally.Pairs.Count) * (1 - (counts.FalseTenThousandths / 10_000.0 / counts.Posts)) : counts.Posts);
    }
}
