using RiskWatch.Contracts;
using RiskWatch.Core.Places;
using RiskWatch.Core.Sketches;

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

    // Variance over mean of a site's whole volume, roughly: only a surge beyond it explains a term.
    private const double SiteDispersion = 2;

    public string Site { get; } = site;

    public TermCells Terms { get; } = new(options);

    public SeriesTree Series { get; } = new(site, gazetteer, options);

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
    public bool IsIdle => Series.Count == 0 && Terms.IsEmpty;

    /// <summary>Signals that an open minute would give if it ended now, of the series to which something was added since the last call; changes nothing.</summary>
    public IEnumerable<Signal> Provisional(long tick, OpenMinute open, IEnumerable<Tally> waiting, SiteFacts facts)
    {
        if (tick / 60 - StartHour < options.SignalMinimumDays * 24)
        {
            yield break;
        }

        foreach (var (series, more) in open.Take(tick, waiting, Series.Find))
        {
            if (series.Preview(tick / 60, more.Volume, facts.Local, KnowsAuthors(series, tick / 60, facts)) is { } test
                && test.Deciding(options.SignalPValue) is var deciding && deciding.PValue < options.SignalPValue && deciding.Volume >= options.SignalMinimumCount)
            {
                yield return SignalBuilder.Provisional(SignalBuilder.Build(Site, series, test, tick, facts, StartHour, options, quiet: false, chart: true), more);
            }
        }
    }

    private List<Series> Take(long tick, IReadOnlyList<Tally> tallies, SiteFacts facts, List<(Series Series, HourCell Cell)> revised)
    {
        var hour = tick / 60;
        var before = new Dictionary<(Series Series, long Hour), (TallyCounts Counts, double Volume)>();
        var made = new List<Series>();
        var lone = LoneRecords(tallies);
        foreach (var tally in tallies.OrderBy(t => t.Topic, StringComparer.Ordinal).ThenBy(t => t.Place, StringComparer.Ordinal))
        {
            var of = tally.Minute / 60;
            if (of < hour - options.LearningLagHours)
            {
                AlertingMetrics.Drop("tooLateForItsHour", tally.Counts.Total);
                continue;
            }

            for (var series = Series.Of(tally.Topic, tally.Place, hour, StartHour, facts.Root, made); series is not null; series = series.Parent)
            {
                var cell = series.Hours.Cell(of);
                before.TryAdd((series, of), (cell.Counts(), cell.Volume));
                cell.Add(tally);
            }

            if (tally.Topic == "*")
            {
                HourExemplar? record = lone.TryGetValue((tally.Place, tally.Minute), out var found) ? found : null;
                foreach (var (term, voice, count) in Terms.Add(tally, of, record))
                {
                    AddTerm(term, voice, count, of, record, facts, before);
                }
            }
        }

        var touched = new SortedDictionary<string, Series>(StringComparer.Ordinal);
        foreach (var ((series, of), was) in before)
        {
            var cell = series.Hours.Cell(of);
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
                series.Hours.Remove(cell);
            }

            series.Soil(of);
            Series.Wake(series);
        }

        // A series that only cancelled tallies made must leave no trace: other cuts would not have made it.
        foreach (var series in made.Where(s => s.Hours.Count == 0).OrderByDescending(s => s.Depth))
        {
            Forget(series);
        }

        // Parents first: children borrow from them.
        return [.. touched.Values.OrderBy(s => s.Depth).ThenBy(s => s.Key, StringComparer.Ordinal)];
    }

    /// <summary>Of each place's minute with one record, that record. What the tick's tallies sum to decides, never how they were cut.</summary>
    private static Dictionary<(string Place, long Minute), HourExemplar> LoneRecords(IReadOnlyList<Tally> tallies)
    {
        var lone = new Dictionary<(string, long), HourExemplar>();
        foreach (var group in tallies.Where(t => t.Topic == "*").GroupBy(t => (t.Place, t.Minute)))
        {
            if (Math.Abs(group.Sum(t => t.Counts.Total)) == 1
                && group.Aggregate(TallyMerge.Merge) is { Exemplars: [var only] } && Math.Abs(only.Sign) == 1)
            {
                lone[group.Key] = new HourExemplar(SketchHash.OfRecord(only.Source, only.Id), only.Source, only.Id, only.Sign);
            }
        }

        return lone;
    }

    private void AddTerm(string term, int voice, int count, long hour, HourExemplar? record, SiteFacts facts, Dictionary<(Series, long), (TallyCounts, double)> before)
    {
        if (Series.Find(Detection.Series.NameOf(term), facts.Root) is { } series)
        {
            var cell = series.Hours.Cell(hour);
            before.TryAdd((series, hour), (cell.Counts(), cell.Volume));
            cell.AddVoice(voice, count);
            if (record is { } example)
            {
                cell.AddExemplar(example);
            }
        }
    }

    private void Follow(TermBurst burst, long hour, SiteFacts facts)
    {
        if (Series.Find(Detection.Series.NameOf(burst.Term), facts.Root) is not null)
        {
            return;
        }

        var series = new Series(null, facts.Root, burst.Term, null);
        series.Begin(StartHour, hour, options.LearningLagHours, SeriesModel.Of(burst.Count, burst.Exposure));
        foreach (var (of, voice, count) in burst.Hours)
        {
            var cell = series.Hours.Cell(of);
            cell.AddVoice(voice, count);
            cell.Refresh();
            series.Soil(of);
        }

        var now = series.Hours.Cell(hour);
        foreach (var example in burst.Examples)
        {
            now.AddExemplar(example);
        }

        series.Soil(hour);
        series.Hot = true;
        Series.Keep(series);
        Series.Wake(series);
    }

    private void Look(Series series, long tick, SiteFacts facts, TickFindings findings, bool closing)
    {
        var hour = tick / 60;
        series.CatchUp(hour, options.LearningLagHours, facts.Local);
        Series.Soil(series);
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
        foreach (var term in Terms.CloseHour(hour, hours => Surge(hour, hours, facts)))
        {
            Follow(term, hour, facts);
        }

        foreach (var series in Series.Live())
        {
            series.CatchUp(hour, options.LearningLagHours, facts.Local);
            Series.Soil(series);
            var cell = series.Hours.Find(hour);
            if (cell is not null || series.Hot || series.Hour(hour, facts.Local).Mean >= 0.5)
            {
                Close(series, cell ?? series.Hours.Cell(hour), tick, facts, findings);
            }

            if (series.Hot)
            {
                Look(series, tick, facts, findings, closing: true);
            }

            if (!series.Hot && !series.Busy)
            {
                Series.Rest(series);
            }
        }

        if ((hour + 1) % 24 == 0)
        {
            foreach (var series in Series.All.Where(s => s.LastRecord < hour - (options.ForgetAfterDays * 24) && !s.Hot).OrderByDescending(s => s.Depth).ToList())
            {
                Forget(series);
            }
        }
    }

    /// <summary>What the whole site surely has in the hours up to this one over what it usually has; at least 1.</summary>
    private double Surge(long hour, int hours, SiteFacts facts)
    {
        if (Series.Find("*", facts.Root) is not { } all)
        {
            return 1;
        }

        all.CatchUp(hour, options.LearningLagHours, facts.Local);
        var (volume, mean) = (0.0, 0.0);
        for (var at = hour - hours + 1; at <= hour; at++)
        {
            volume += all.Hours.Find(at)?.Volume ?? 0;
            mean += all.Hour(at, facts.Local).Mean;
        }

        return Math.Max(1, NegativeBinomial.LowerBound(volume, SiteDispersion) / Math.Max(1, mean));
    }

    private static bool KnowsAuthors(Series series, long hour, SiteFacts facts)
    {
        // Of a term its voices are known; else authors are where any source of the last day knows them.
        if (series.Term is not null)
        {
            return true;
        }

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

    private void Forget(Series series)
    {
        if (Series.Forget(series) && series.Term is { } term)
        {
            Terms.Unfollow(term);
        }
    }
}
