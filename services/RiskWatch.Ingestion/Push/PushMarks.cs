using RiskWatch.Contracts;

namespace RiskWatch.Ingestion.Push;

/// <summary>The last mark of a pushed source, kept with its share.</summary>
internal sealed record PushMark(string Site, string Source, long Minute)
{
    /// <summary>Prefix of the keys in the share's state.</summary>
    public const string Prefix = "mark/";
}

/// <summary>Decides which marks a share writes (LOG §3.1, §3.2).</summary>
internal static class PushMarks
{
    /// <summary>A source with a longer delay is not waited for.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(15);

    /// <summary>Marks of the configured sources at <paramref name="now"/> = the owner's clock − delay, never less than before; sources that are no longer configured end.</summary>
    public static List<Mark> Decide(IReadOnlyCollection<PushMark> held, IReadOnlyCollection<SourceDefinition> configured, DateTimeOffset now, long controlOffset)
    {
        var marks = new List<Mark>();
        foreach (var gone in held.Where(h => configured.All(c => c.Name != h.Source || c.Site != h.Site)))
        {
            marks.Add(new Mark(gone.Site, gone.Source, gone.Minute, Waited: false, controlOffset, Ended: true));
        }

        foreach (var source in configured)
        {
            var delay = source.Delay ?? TimeSpan.Zero;
            var minute = (now - delay).ToUnixTimeSeconds() / 60;
            var last = held.FirstOrDefault(h => h.Source == source.Name && h.Site == source.Site)?.Minute ?? long.MinValue;
            marks.Add(new Mark(source.Site, source.Name, Math.Max(minute, last), delay <= LongestDelay, controlOffset));
        }

        return marks;
    }

    /// <summary>How a source does that takes its time from its rows, and yet records of it were pushed: their site's tick does not move for them.</summary>
    public static SourceStatus WithoutClock(SourceDefinition source, PushCount count) => new(
        source.Name, source.Site, SourceState.Failing, null, count.LastPublished, count.Records, count.Refused,
        $"Records are pushed to it and its kind is '{source.Kind}', so the site's clock stands still: make it '{SourceKinds.Push}' with 'riskwatch sources apply'.", Waited: false);

    /// <summary>How a pushed source does.</summary>
    public static SourceStatus Status(SourceDefinition source, PushCount count, long minute, DateTimeOffset started, DateTimeOffset now, TimeSpan silentAfter)
    {
        var since = count.LastReceived ?? started;
        var (state, error) = count.Error is not null ? (SourceState.Failing, count.Error)
            : now - since > silentAfter ? (SourceState.Silent, $"Nothing came for {(now - since).TotalMinutes:F0} minutes: is the sender still running?")
            : count.Records == 0 ? (SourceState.Empty, null)
            : (SourceState.Healthy, (string?)null);
        return new SourceStatus(source.Name, source.Site, state, minute, count.LastPublished, count.Records, count.Refused, error);
    }
}
