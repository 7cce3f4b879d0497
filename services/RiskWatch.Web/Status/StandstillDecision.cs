using RiskWatch.Contracts;
using RiskWatch.Web.Live;

namespace RiskWatch.Web.Status;

/// <summary>What a site that stands still waits for.</summary>
internal enum StandstillReason
{
    /// <summary>It does not stand still.</summary>
    None,

    /// <summary>Marks of the named sources have not passed the next tick.</summary>
    WaitsForSources,

    /// <summary>The sources have passed it, detection or warning has not decided it.</summary>
    WaitsForStages,

    /// <summary>Nothing was decided, and the sources are another process's: whether one is waited for cannot be seen here.</summary>
    SourcesUnseen,
}

/// <summary>Whether a site stands still, and why.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Sources">The sources it waits for.</param>
/// <param name="For">How long the tick has not moved, wall clock.</param>
internal sealed record StandstillDecision(StandstillReason Reason, IReadOnlyList<string> Sources, TimeSpan For)
{
    /// <summary>
    /// A site stands still when its tick has not moved for <paramref name="after"/> while at least one source is waited for. Where ingestion runs elsewhere
    /// (<paramref name="unseen"/>), a tick that once moved and does not any more is said too: rather a notice too many than a silence that looks like peace.
    /// </summary>
    public static StandstillDecision Decide(ObservedTick? tick, DateTimeOffset since, IReadOnlyList<SourceStatus> sources, DateTimeOffset now, TimeSpan after, bool unseen = false)
    {
        var still = now - (tick?.MovedAt ?? since);
        if (unseen && sources.Count == 0 && tick is not null && still >= after)
        {
            return new(StandstillReason.SourcesUnseen, [], still);
        }

        // The next tick t needs all marks at t + 1 (LOG §3.4). What an ended source still holds is waited for, too: not by the clock, but by people.
        var needed = tick is null ? long.MinValue : tick.Tick + 2;
        var waited = sources.Where(s => s.Mark is { } mark && (s.Waited || (s.State == SourceState.Ended && mark >= needed))).ToList();
        if (waited.Count == 0 || still < after)
        {
            return new(StandstillReason.None, [], still);
        }

        var behind = waited.Where(s => s.Mark < needed).Select(s => s.Source).ToList();
        return behind.Count > 0
            ? new(StandstillReason.WaitsForSources, behind, still)
            : new(StandstillReason.WaitsForStages, [], still);
    }

    /// <summary>The reason in English words, for the API; null where it does not stand still.</summary>
    public string? InWords() => Reason switch
    {
        StandstillReason.WaitsForSources => $"The tick has not moved for {(int)For.TotalMinutes} min; it waits for the marks of {string.Join(", ", Sources)}.",
        StandstillReason.WaitsForStages => $"The tick has not moved for {(int)For.TotalMinutes} min; the sources are ahead, but classification, detection or warning has not decided it.",
        StandstillReason.SourcesUnseen => $"The tick has not moved for {(int)For.TotalMinutes} min; the sources are in another process and not seen here.",
        _ => null,
    };
}
