using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Warning;

/// <summary>A tally partition's report that its site has not decided yet.</summary>
internal sealed record ReportStep(long Tick, long ControlOffset);

/// <summary>What the warning stage keeps of a site besides its alerts.</summary>
internal sealed class SiteState
{
    public long Decided { get; set; } = long.MinValue;

    public long ControlOffset { get; set; } = -1;

    public Dictionary<int, List<ReportStep>> Reports { get; set; } = [];

    public Dictionary<int, long> Reported { get; set; } = [];

    public SortedDictionary<long, long> TestsByHour { get; set; } = [];

    public AlarmBudget Budget { get; set; } = new();

    /// <summary>Series whose episode ended a short while ago.</summary>
    public SortedDictionary<string, RestingSeries> Resting { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Series other than "everything" that are firing, with the level they meet.</summary>
    public SortedDictionary<string, FiringSeries> Firing { get; set; } = new(StringComparer.Ordinal);

    public List<string> ActionIds { get; set; } = [];

    /// <summary>Numbers the kept signals that wait for their tick.</summary>
    public long SignalNumber { get; set; }

    public SiteState Copy() => new()
    {
        Decided = Decided,
        ControlOffset = ControlOffset,
        Reports = Reports,
        Reported = Reported,
        TestsByHour = new SortedDictionary<long, long>(TestsByHour),
        Budget = Budget,
        Resting = new SortedDictionary<string, RestingSeries>(Resting, StringComparer.Ordinal),
        Firing = new SortedDictionary<string, FiringSeries>(Firing, StringComparer.Ordinal),
        ActionIds = ActionIds,
        SignalNumber = SignalNumber,
    };
}

/// <summary>A series at rest after its episode: what flares up within it again is the same until then.</summary>
/// <param name="Series">Series.</param>
/// <param name="Until">Tick at which the rest ends.</param>
/// <param name="Peak">Level that its alert reached; more than that is news.</param>
internal sealed record RestingSeries(SeriesId Series, long Until, AlertLevel Peak);

/// <summary>A series that fires.</summary>
/// <param name="Series">Series.</param>
/// <param name="Level">Level it meets.</param>
/// <param name="Observed">Volume by window, as its signal lists them.</param>
internal sealed record FiringSeries(SeriesId Series, AlertLevel Level, IReadOnlyList<double> Observed)
{
    /// <summary>Whether it is at least half of what another signal counts in that one's deciding window.</summary>
    public bool IsMostOf(Signal signal)
    {
        for (var w = 0; w < signal.Windows.Count && w < Observed.Count; w++)
        {
            if (signal.Windows[w].Hours == signal.Window.Hours)
            {
                return Observed[w] >= signal.Window.Observed / 2;
            }
        }

        return false;
    }
}
