using System.Text;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;

namespace RiskWatch.Alerting.Detection;

/// <summary>What the control table says of a site, as of a tick's control offset.</summary>
/// <param name="Root">Gazetteer root.</param>
/// <param name="Local">Its hours.</param>
/// <param name="AuthorlessSources">Sources that do not know authors.</param>
internal sealed record SiteFacts(string Root, LocalHours Local, IReadOnlySet<string> AuthorlessSources);

/// <summary>What a tick brought out.</summary>
internal sealed class TickFindings
{
    public List<Signal> Signals { get; } = [];

    public List<HistoryHour> History { get; } = [];

    public long Tests { get; set; }
}

/// <summary>All series of one site whose topics lie in one tallies partition. Decides ticks in order; no clock but event time.</summary>
internal sealed class SiteDetector(string site, IGazetteer gazetteer, AlertingOptions options)
{
    // A series that fires sends at each hour's end, and in between when its finding has become this much less probable.
    private const double Clearly = 0.7;

    private readonly Dictionary<(string Topic, string Place), Series> _series = [];
    private readonly Dictionary<string, int> _places = [];
    private readonly HashSet<Series> _live = [];
    private readonly HashSet<Series> _dirty = [];
    private readonly HashSet<(string Series, long Block)> _removed = [];

    public string Site { get; } = site;

    public IReadOnlyCollection<Series> Series => _series.Values;

    public TermCells Terms { get; } = new(options);

    /// <summary>Since when the site is watched, in hours since 1970.</summary>
    public long StartHour { get; set; }

    /// <summary>Decides one tick with the tallies it takes; closes the hour whose last minute it is.</summary>
    public void Decide(long tick, IReadOnlyList<Tally> tallies, SiteFacts facts, TickFindings findings)
    {
        var hour = tick / 60;
        if (tallies.Count > 0)
        {
            var revised = new List<(Series Series, HourCell Cell)>();
            foreach (var series in Take(tick, tallies, facts, revised))
            {
                Look(series, tick, facts, findings, closing: false);
            }

            foreach (var (series, cell) in revised.OrderBy(r => r.Series.Key, StringComparer.Ordinal).ThenBy(r => r.Cell.Hour))
            {
                Close(series, cell, tick, facts, findings);
            }
        }

        if ((tick + 1) % 60 == 0)
        {
            CloseHour(hour, tick, facts, findings);
        }
    }

    /// <summary>The next tick at or after <paramref name="from"/> that ends an hour in which anything can happen without a tally.</summary>
    public static long NextHourEnd(long from) => ((from / 60) * 60) + 59;

    /// <summary>Whether an hour's end can matter at all.</summary>
    public bool IsIdle => _live.Count == 0 && _series.Count == 0 && Terms.IsEmpty;

    /// <summary>Signals that an open minute would give if it ended now; changes nothing.</summary>
    public IEnumerable<Signal> Provisional(long tick, IEnumerable<Tally> waiting, SiteFacts facts)
    {
        var extra = new Dictionary<Series, double>();
        foreach (var tally in waiting)
        {
            var counts = tally.Counts;
            var volume = counts.Hotline + (counts.Posts > 0 ? Math.Min(counts.Posts, tally.Pairs.Count) * (1 - (counts.FalseTenThousandths / 10_000.0 / counts.Posts)) : counts.Posts);
            if (tally.Minute <= tick && tick - tally.Minute < 60 && _series.TryGetValue((tally.Topic, tally.Place), out var series))
            {
                for (var at = series; at is not null; at = at.Parent)
                {
                    extra[at] = extra.GetValueOrDefault(at) + volume;
                }
            }
        }

        if (tick / 60 - StartHour < options.SignalMinimumDays * 24)
        {
            yield break;
        }

        foreach (var (series, more) in extra.OrderBy(e => e.Key.Key, StringComparer.Ordinal))
        {
            if (series.Preview(tick / 60, more, facts.Local, KnowsAuthors(series, tick / 60, facts)) is { } test
                && test.Deciding(options.SignalPValue) is var deciding && deciding.PValue < options.SignalPValue && deciding.Volume >= options.SignalMinimumCount)
            {
                yield return SignalBuilder.Build(Site, series, test, tick, facts, StartHour, options, quiet: false, chart: true) with { Provisional = true };
            }
        }
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
                var series = Detection.Series.Deserialize(entry.Self, (topic, place, term) =>
                {
                    var found = _series.GetValueOrDefault((Name(topic, term), place));
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
                    series.RestoreHours(hours);
                }

                Keep(series);
            }

            if (later.Count == waiting.Count)
            {
                throw new InvalidDataException($"The state of site '{Site}' names series whose parents it does not hold.");
            }

            waiting = later;
        }
    }

    private static string Name(string? topic, string? term) => term is null ? topic! : "term:" + term;

    private void Keep(Series series)
    {
        _series[(Name(series.Topic, series.Term), series.Place)] = series;
        if (series.Topic is { } topic)
        {
            _places[topic] = _places.GetValueOrDefault(topic) + 1;
        }

        if (series.Live)
        {
            _live.Add(series);
        }
    }

    private List<Series> Take(long tick, IReadOnlyList<Tally> tallies, SiteFacts facts, List<(Series Series, HourCell Cell)> revised)
    {
        var hour = tick / 60;
        var before = new Dictionary<(Series Series, long Hour), (TallyCounts Counts, double Volume)>();
        var made = new List<Series>();
        foreach (var tally in tallies.OrderBy(t => t.Topic, StringComparer.Ordinal).ThenBy(t => t.Place, StringComparer.Ordinal))
        {
            var of = tally.Minute / 60;
            if (of < hour - options.LearningLagHours)
            {
                AlertingMetrics.Drop("tooLateForItsHour", tally.Counts.Total);
                continue;
            }

            for (var series = Of(tally.Topic, tally.Place, hour, facts, made); series is not null; series = series.Parent)
            {
                var cell = series.Cell(of);
                before.TryAdd((series, of), (cell.Counts(), cell.Volume));
                cell.Add(tally);
            }

            if (tally.Topic == "*")
            {
                foreach (var (term, count) in Terms.Add(tally, of))
                {
                    AddTerm(term, count, of, facts, before);
                }
            }
        }

        var touched = new SortedDictionary<string, Series>(StringComparer.Ordinal);
        foreach (var ((series, of), was) in before)
        {
            var cell = series.Cell(of);
            cell.Refresh();
            if (cell.Counts() != was.Counts || cell.Volume != was.Volume)
            {
                touched[series.Key] = series;
                series.Touch(of);
                if (of < hour)
                {
                    revised.Add((series, cell));
                }
            }

            if (cell.IsEmpty && double.IsNaN(cell.Expected))
            {
                series.Remove(cell);
            }

            series.Soil(of);
            _dirty.Add(series);
            series.Live = true;
            _live.Add(series);
        }

        // A series that only cancelled tallies made must leave no trace: other cuts would not have made it.
        foreach (var series in made.Where(s => s.Hours.Count == 0).OrderByDescending(s => s.Depth))
        {
            Forget(series);
        }

        // Parents first: children borrow from them.
        return [.. touched.Values.OrderBy(s => s.Depth).ThenBy(s => s.Key, StringComparer.Ordinal)];
    }

    private void AddTerm(string term, int count, long hour, SiteFacts facts, Dictionary<(Series, long), (TallyCounts, double)> before)
    {
        if (_series.TryGetValue(("term:" + term, facts.Root), out var series))
        {
            var cell = series.Cell(hour);
            before.TryAdd((series, hour), (cell.Counts(), cell.Volume));
            cell.AddPosts(count);
        }
    }

    private void Follow(TermBurst burst, long hour, SiteFacts facts)
    {
        if (_series.ContainsKey(("term:" + burst.Term, facts.Root)))
        {
            return;
        }

        var series = new Series(null, facts.Root, burst.Term, null);
        series.Begin(StartHour, hour, options.LearningLagHours, SeriesModel.Of(burst.Count, burst.Exposure));
        foreach (var (of, count) in burst.Hours)
        {
            var cell = series.Cell(of);
            cell.AddPosts(count);
            cell.Refresh();
            series.Soil(of);
        }

        series.Hot = true;
        series.Live = true;
        Keep(series);
        _dirty.Add(series);
    }

    private Series? Of(string topic, string place, long hour, SiteFacts facts, List<Series>? made)
    {
        if (_series.TryGetValue((topic, place), out var held))
        {
            return held;
        }

        var parentPlace = place == facts.Root ? null : gazetteer.Parent(place) ?? facts.Root;
        var parent = parentPlace is null ? null : Of(topic, parentPlace, hour, facts, made);
        if (parent is not null && _places.GetValueOrDefault(topic) >= options.MaximumPlacesPerTopic)
        {
            AlertingMetrics.Bound("placesPerTopic");
            return parent;
        }

        var series = new Series(topic, place, null, parent);
        series.Begin(StartHour, hour, options.LearningLagHours);
        parent?.Children.Add(series);
        Keep(series);
        made?.Add(series);
        return series;
    }

    private void Forget(Series series)
    {
        if (series.Children.Count > 0)
        {
            return;
        }

        _series.Remove((Name(series.Topic, series.Term), series.Place));
        if (series.Topic is { } topic)
        {
            _places[topic]--;
        }

        series.Parent?.Children.Remove(series);
        if (series.Term is { } term)
        {
            Terms.Unfollow(term);
        }

        _live.Remove(series);
        _dirty.Remove(series);
        _removed.Add((series.Key, -1));
        foreach (var cell in series.Hours)
        {
            _removed.Add((series.Key, cell.Hour / Detection.Series.BlockHours));
        }
    }

    private void Look(Series series, long tick, SiteFacts facts, TickFindings findings, bool closing)
    {
        var hour = tick / 60;
        series.CatchUp(hour, options.LearningLagHours, facts.Local);
        _dirty.Add(series);
        var test = series.Test(hour, KnowsAuthors(series, hour, facts));
        findings.Tests += test.Looks;
        var deciding = test.Deciding(options.SignalPValue);
        var fires = deciding.PValue < options.SignalPValue && deciding.Volume >= options.SignalMinimumCount && hour - StartHour >= options.SignalMinimumDays * 24;
        var first = fires && !series.Hot;
        var quiet = series.Hot && closing && deciding.PValue >= options.QuietPValue;
        if (first || quiet || (fires && (closing || deciding.PValue < series.SentPValue * Clearly)))
        {
            series.Hot = !quiet;
            series.SentPValue = quiet ? 1 : deciding.PValue;
            findings.Signals.Add(SignalBuilder.Build(Site, series, test, tick, facts, StartHour, options, quiet, chart: first || closing));
        }
    }

    private void Close(Series series, HourCell cell, long tick, SiteFacts facts, TickFindings findings)
    {
        (cell.Expected, cell.Variance) = series.Hour(cell.Hour, facts.Local);
        series.Soil(cell.Hour);
        findings.History.Add(SignalBuilder.History(Site, series, cell, tick));
    }

    private void CloseHour(long hour, long tick, SiteFacts facts, TickFindings findings)
    {
        foreach (var term in Terms.CloseHour(hour))
        {
            Follow(term, hour, facts);
        }

        foreach (var series in _live.OrderBy(s => s.Depth).ThenBy(s => s.Key, StringComparer.Ordinal).ToList())
        {
            series.CatchUp(hour, options.LearningLagHours, facts.Local);
            _dirty.Add(series);
            var cell = series.Find(hour);
            if (cell is not null || series.Hot || series.Hour(hour, facts.Local).Mean >= 0.5)
            {
                Close(series, cell ?? series.Cell(hour), tick, facts, findings);
            }

            if (series.Hot)
            {
                Look(series, tick, facts, findings, closing: true);
            }

            if (!series.Hot && !series.Busy)
            {
                series.Live = false;
                _live.Remove(series);
            }
        }

        if ((hour + 1) % 24 == 0)
        {
            foreach (var series in _series.Values.Where(s => s.LastRecord < hour - (options.ForgetAfterDays * 24) && !s.Hot).OrderByDescending(s => s.Depth).ToList())
            {
                Forget(series);
            }
        }
    }

    private static bool KnowsAuthors(Series series, long hour, SiteFacts facts)
    {
        // Authors are known where any source of the last day knows them.
        for (var at = series.Hours.Count - 1; at >= 0 && series.Hours[at].Hour > hour - 24; at--)
        {
            foreach (var (source, _) in series.Hours[at].Sources ?? [])
            {
                if (!facts.AuthorlessSources.Contains(source))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
