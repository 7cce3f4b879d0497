using RiskWatch.Alerting.Warning;
using RiskWatch.Contracts;

namespace RiskWatch.Server.Backtesting;

/// <summary>What alerts were worth, against incidents that really happened.</summary>
/// <param name="Incidents">Each incident with its hits.</param>
/// <param name="Alerts">All alerts, as they were raised.</param>
/// <param name="FalseAlarms">Those that hit no incident.</param>
/// <param name="Days">Days that were watched.</param>
internal sealed record Backtest(IReadOnlyList<JudgedIncident> Incidents, IReadOnlyList<Alert> Alerts, IReadOnlyList<Alert> FalseAlarms, double Days)
{
    private const double ShiftsPerDay = 3;
    private const int Resamples = 1_000;

    /// <summary>An alert from this long before onset on is a hit.</summary>
    public static readonly TimeSpan Before = TimeSpan.FromHours(6);

    /// <summary>Incidents with at least one hit.</summary>
    public IReadOnlyList<JudgedIncident> Detected => [.. Incidents.Where(i => i.Hits.Count > 0)];

    /// <summary>Incidents without one.</summary>
    public IReadOnlyList<JudgedIncident> Missed => [.. Incidents.Where(i => i.Hits.Count == 0)];

    /// <summary>Probability of detection: share of incidents with a hit, with its 95 % interval (Wilson 1927).</summary>
    public Interval Pod => Wilson(Detected.Count, Incidents.Count);

    /// <summary>The same where topic and place both must fit.</summary>
    public Interval PodOfBoth => Wilson(Incidents.Count(i => i.HitsOfBoth.Count > 0), Incidents.Count);

    /// <summary>False-alarm ratio: share of alerts that hit no incident; null where there is no alert.</summary>
    public double? Far => Alerts.Count == 0 ? null : (double)FalseAlarms.Count / Alerts.Count;

    /// <summary>Critical success index: incidents hit, over incidents and false alarms.</summary>
    public double Csi => (double)Detected.Count / (Incidents.Count + FalseAlarms.Count);

    /// <summary>Alerts a day.</summary>
    public double AlertsPerDay => Alerts.Count / Days;

    /// <summary>Alerts in a shift of 8 hours.</summary>
    public double AlertsPerShift => AlertsPerDay / ShiftsPerDay;

    /// <summary>Most alerts in one shift (00–08, 08–16, 16–24 of UTC).</summary>
    public int MostInAShift => Alerts.Count == 0 ? 0 : Alerts.GroupBy(a => a.RaisedAt.ToUnixTimeSeconds() / (24 * 3600 / (int)ShiftsPerDay)).Max(g => g.Count());

    /// <summary>Hours from first warning to onset, median over what was detected with its 95 % interval (bootstrap); negative: after onset. Null where nothing was.</summary>
    public Interval? LeadToOnset => Median([.. Detected.Select(i => (i.Incident.Onset - i.Hits[0].RaisedAt).TotalHours)]);

    /// <summary>Hours from first warning to the hour with the most records, likewise.</summary>
    public Interval? LeadToPeak => Median([.. Detected.Where(i => i.Peak is not null).Select(i => (i.Peak!.Value - i.Hits[0].RaisedAt).TotalHours)]);

    /// <summary>Judges the alerts of one site.</summary>
    public static Backtest Of(IReadOnlyList<Incident> incidents, IReadOnlyList<Alert> alerts, SignalHistory history, Kinship kinship, Site site)
    {
        var judged = incidents.Select(incident =>
        {
            var near = alerts.Where(a => a.RaisedAt >= incident.Onset - Before && a.RaisedAt <= incident.End).ToList();
            bool ByTopic(Alert a) => a.Topic is { Id: var topic } && (kinship.IsAbout(topic, incident.Topic) || kinship.IsAbout(incident.Topic, topic));
            bool ByPlace(Alert a) => (a.Place?.Code ?? site.GazetteerRoot) is var place && (kinship.IsWithin(place, incident.Place) || kinship.IsWithin(incident.Place, place));
            return new JudgedIncident(incident, [.. near.Where(a => ByTopic(a) || ByPlace(a))], [.. near.Where(a => ByTopic(a) && ByPlace(a))], PeakOf(incident, history));
        }).ToList();
        var hits = judged.SelectMany(i => i.Hits).ToHashSet();
        return new Backtest(judged, alerts, [.. alerts.Where(a => !hits.Contains(a))], Math.Max(history.Days, 1.0 / 24));
    }

    private static DateTimeOffset? PeakOf(Incident incident, SignalHistory history) => history.Hours.TryGetValue(incident.Series(history.Site), out var hours)
        ? hours.Values.Where(h => h.Hour >= incident.Onset - Before && h.Hour <= incident.End && h.Observed > 0).MaxBy(h => h.Observed)?.Hour
        : null;

    private static Interval Wilson(int hits, int of)
    {
        const double Z = 1.96;
        if (of == 0)
        {
            return new Interval(0, 0, 1);
        }

        var p = (double)hits / of;
        var centre = (p + (Z * Z / (2 * of))) / (1 + (Z * Z / of));
        var half = Z * Math.Sqrt((p * (1 - p) / of) + (Z * Z / (4.0 * of * of))) / (1 + (Z * Z / of));
        return new Interval(p, Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    private static Interval? Median(double[] values)
    {
        if (values.Length == 0)
        {
            return null;
        }

        var random = new Random(1);
        var medians = Enumerable.Range(0, Resamples).Select(_ => Middle([.. Enumerable.Range(0, values.Length).Select(_ => values[random.Next(values.Length)])])).Order().ToList();
        return new Interval(Middle(values), medians[(int)(Resamples * 0.025)], medians[(int)(Resamples * 0.975)]);
    }

    private static double Middle(double[] values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}

/// <summary>An incident with the alerts that hit it, first ones first.</summary>
/// <param name="Incident">Incident.</param>
/// <param name="Hits">Raised from six hours before onset to its end, with its topic or place, or one above or below.</param>
/// <param name="HitsOfBoth">Those of them whose topic and place both fit.</param>
/// <param name="Peak">The hour with the most records of its own series; null where the log has none.</param>
internal sealed record JudgedIncident(Incident Incident, IReadOnlyList<Alert> Hits, IReadOnlyList<Alert> HitsOfBoth, DateTimeOffset? Peak);

/// <summary>A figure with its 95 % interval.</summary>
internal readonly record struct Interval(double Value, double Lower, double Upper);

/// <summary>One point of the curve of detection against load.</summary>
/// <param name="Scale">What probabilities and budgets were multiplied by.</param>
/// <param name="Result">What came of it.</param>
internal sealed record LoadPoint(double Scale, Backtest Result);
