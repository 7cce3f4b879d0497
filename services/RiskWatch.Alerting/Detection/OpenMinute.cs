using RiskWatch.Contracts;
using RiskWatch.Core.Sketches;

namespace RiskWatch.Alerting.Detection;

/// <summary>What the tallies that wait would add to each series' hour; kept up with each of them, so that a look at a busy minute costs what is new in it.</summary>
internal sealed class OpenMinute
{
    private readonly List<Tally> _fresh = [];
    private readonly Dictionary<Series, OpenSum> _extra = [];
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
    public IEnumerable<(Series Series, OpenSum Extra)> Take(long tick, IEnumerable<Tally> waiting, Func<string, string, Series?> find)
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
                List<(ulong Hash, Exemplar Exemplar)> exemplars = [.. TallyMerge.Hashed(tally.Exemplars)];
                for (var at = series; at is not null; at = at.Parent)
                {
                    if (!_extra.TryGetValue(at, out var sum))
                    {
                        _extra[at] = sum = new OpenSum();
                    }

                    sum.Add(tally, exemplars);
                    _touched.Add(at);
                }
            }
        }

        _fresh.Clear();
        List<Series> touched = [.. _touched.OrderBy(s => s.Key, StringComparer.Ordinal)];
        _touched.Clear();
        return touched.Select(s => (s, _extra[s]));
    }
}

/// <summary>What the tallies that wait add to a series.</summary>
internal sealed class OpenSum
{
    private const int MostLooseExemplars = 64;

    private readonly List<(ulong Hash, Exemplar Exemplar)> _exemplars = [];

    /// <summary>Effective volume.</summary>
    public double Volume { get; private set; }

    /// <summary>Raw counts.</summary>
    public TallyCounts Counts { get; private set; } = new();

    /// <summary>Raw counts by source.</summary>
    public IReadOnlyDictionary<string, int> Sources { get; private set; } = new Dictionary<string, int>();

    /// <summary>Some of the records, as <c>source/id</c>.</summary>
    public IEnumerable<string> Exemplars => TallyMerge.SumExemplars(_exemplars).Where(e => e.Sign > 0).Select(e => e.Source + "/" + e.Id);

    /// <summary>Adds a tally; its exemplars with their hashes, which all ancestors share.</summary>
    public void Add(Tally tally, IReadOnlyList<(ulong Hash, Exemplar Exemplar)> exemplars)
    {
        var counts = tally.Counts;
        Volume += counts.Hotline + (counts.Posts > 0 ? Math.Min(counts.Posts, tally.Pairs.Count) * (1 - (counts.FalseTenThousandths / 10_000.0 / counts.Posts)) : counts.Posts);
        Counts = TallyMerge.Sum(Counts, counts);
        Sources = TallyMerge.SumSources(Sources, tally.Sources);
        _exemplars.AddRange(exemplars);
        if (_exemplars.Count >= MostLooseExemplars)
        {
            TallyMerge.Shrink(_exemplars);
        }
    }
}
