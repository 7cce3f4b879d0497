using RiskWatch.Contracts;

namespace RiskWatch.Alerting.Warning;

/// <summary>An alert with what its decisions need. Immutable: a decision replaces it.</summary>
internal sealed record Episode
{
    public required Alert Alert { get; init; }

    public required SeriesId Series { get; init; }

    /// <summary>Version of the alert that is no provisional's: 1, 2, 3 …</summary>
    public int Changes { get; init; }

    /// <summary>Still going on, whether or not a person closed it.</summary>
    public bool Active { get; init; } = true;

    /// <summary>Last tick at which at least the level was met, by level IV–I.</summary>
    public IReadOnlyList<long> LastMet { get; init; } = [0, 0, 0, 0];

    /// <summary>What it covers, as <see cref="Contracts.Alert.Covers"/> names it.</summary>
    public IReadOnlyList<SeriesId> Covered { get; init; } = [];

    /// <summary>Last signal of its own series.</summary>
    public required Signal Last { get; init; }

    /// <summary>Tick that first decided it (for a provisional one: that will).</summary>
    public required long Tick { get; init; }

    /// <summary>Highest level it had reached when a person closed it, else None.</summary>
    public AlertLevel ClosedAt { get; init; }

    /// <summary>The rule's quiet hours.</summary>
    public int QuietHours { get; init; }

    /// <summary>The rule's refractory hours.</summary>
    public int RefractoryHours { get; init; }

    /// <summary>First tick at which it steps down unless its level is met again.</summary>
    public long Due => LastMet[(int)Alert.Level - 1] + (QuietHours * 60);
}
