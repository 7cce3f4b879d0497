using System.Runtime.InteropServices;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;

namespace RiskWatch.Classification.Stage;

/// <summary>How far a source is, as its marks in this partition say (LOG §3.1).</summary>
internal sealed class SourceMark(SiteClock site, string source)
{
    public SiteClock Site => site;

    public string Source => source;

    /// <summary>Last mark; null before the first.</summary>
    public long? Minute { get; set; }

    public bool Waited { get; set; }

    public bool Ended { get; set; }

    /// <summary>Control offset of its last mark (LOG §6.1).</summary>
    public long ControlOffset { get; set; } = -1;

    /// <summary>The control table as of <see cref="UsedOffset"/>, once asked for; not state.</summary>
    public ControlView? View { get; set; }

    /// <summary>Control up to this offset judges its records: its own last mark's, so that how sources interleave does not matter; before its first mark the site's.</summary>
    public long UsedOffset => Minute is null ? site.ControlOffset : ControlOffset;

    /// <summary>Stamp of its tallies (LOG §3.3): its last mark; the site's clock where it is not waited for; 0 before any mark.</summary>
    public long Stamp => Waited && Minute is { } minute ? minute : site.Minute ?? 0;
}

/// <summary>The clock of a site in this partition: the least mark of its waited-for sources, never decreasing (LOG §3.3).</summary>
internal sealed class SiteClock(string site)
{
    public string Site => site;

    /// <summary>Null before the first mark.</summary>
    public long? Minute { get; set; }

    /// <summary>The first minute it showed; null before the first mark.</summary>
    public long? Since { get; set; }

    /// <summary>Greatest control offset in the site's marks.</summary>
    public long ControlOffset { get; set; } = -1;

    /// <summary>Contributions up to this hour are gone since lateness has passed.</summary>
    public long GoneThrough { get; set; } = long.MinValue;

    /// <summary>Contributions up to this hour were dropped early for want of memory.</summary>
    public long DroppedEarlyThrough { get; set; } = long.MinValue;

    public List<SourceMark> Sources { get; } = [];

    public bool Changed { get; set; }
}

/// <summary>Marks and clocks of one partition.</summary>
internal sealed class MarkTable(int partition)
{
    private const char SourcePrefix = 's';
    private const char ClockPrefix = 'c';
    private const char Separator = '\n';

    private readonly Dictionary<(string Site, string Source), SourceMark> _sources = [];
    private readonly Dictionary<string, SiteClock> _clocks = new(StringComparer.Ordinal);
    private readonly HashSet<SourceMark> _changed = [];

    /// <summary>Clock changes to forward. Of those under one control offset only the last is kept: it closes the same ticks.</summary>
    public List<Clock> Forward { get; } = [];

    public SiteClock Clock(string site)
    {
        if (!_clocks.TryGetValue(site, out var clock))
        {
            _clocks[site] = clock = new SiteClock(site);
        }

        return clock;
    }

    public SourceMark Source(string site, string source)
    {
        if (!_sources.TryGetValue((site, source), out var mark))
        {
            _sources[(site, source)] = mark = new SourceMark(Clock(site), source);
            mark.Site.Sources.Add(mark);
        }

        return mark;
    }

    /// <summary>A source's mark without making one: where nothing is known of the source it is a blank one.</summary>
    public SourceMark Find(string site, string source) => _sources.TryGetValue((site, source), out var mark) ? mark : new SourceMark(new SiteClock(site), source);

    /// <summary>Takes a mark; true where the site's clock moved into another hour.</summary>
    public bool Take(Mark mark)
    {
        var source = Source(mark.Site, mark.Source);
        if (source.Minute is null || mark.ControlOffset > source.ControlOffset)
        {
            source.View = null;
        }

        source.Minute = Math.Max(source.Minute ?? long.MinValue, mark.Minute);
        source.Waited = mark is { Waited: true, Ended: false };
        source.Ended = mark.Ended;
        if (mark.ControlOffset > source.ControlOffset)
        {
            source.ControlOffset = mark.ControlOffset;
        }

        _changed.Add(source);
        var clock = source.Site;
        if (mark.ControlOffset > clock.ControlOffset)
        {
            clock.ControlOffset = mark.ControlOffset;
            clock.Changed = true;
            ForgetViews(clock);
        }

        if (Least(clock) is not { } minute || minute <= clock.Minute)
        {
            return false;
        }

        var before = clock.Minute;
        clock.Minute = minute;
        clock.Since ??= minute;
        clock.Changed = true;
        Announce(new Clock(clock.Site, partition, minute, clock.ControlOffset, clock.Since));
        return before is null || EventTime.HourOf(before.Value) != EventTime.HourOf(minute);
    }

    public void Flush(StateWriter writer)
    {
        foreach (var source in _changed)
        {
            writer.Put($"{SourcePrefix}{source.Site.Site}{Separator}{source.Source}", source.Minute ?? long.MinValue, source.ControlOffset, (source.Waited ? 1 : 0) | (source.Ended ? 2 : 0));
        }

        foreach (var clock in _clocks.Values)
        {
            if (clock.Changed)
            {
                writer.Put($"{ClockPrefix}{clock.Site}", clock.Minute ?? long.MinValue, clock.ControlOffset, clock.GoneThrough, clock.DroppedEarlyThrough, clock.Since ?? long.MinValue);
                clock.Changed = false;
            }
        }

        _changed.Clear();
    }

    public void Restore(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> state)
    {
        foreach (var (key, value) in state)
        {
            var numbers = MemoryMarshal.Cast<byte, long>(value.Span);
            if (key[0] == ClockPrefix)
            {
                var clock = Clock(key[1..]);
                clock.Minute = numbers[0] == long.MinValue ? null : numbers[0];
                clock.ControlOffset = numbers[1];
                clock.GoneThrough = numbers[2];
                clock.DroppedEarlyThrough = numbers[3];
                clock.Since = numbers[4] == long.MinValue ? null : numbers[4];
            }
            else if (key[0] == SourcePrefix)
            {
                var separator = key.IndexOf(Separator, StringComparison.Ordinal);
                var source = Source(key[1..separator], key[(separator + 1)..]);
                source.Minute = numbers[0];
                source.ControlOffset = numbers[1];
                source.Waited = (numbers[2] & 1) != 0;
                source.Ended = (numbers[2] & 2) != 0;
            }
        }
    }

    private static void ForgetViews(SiteClock clock)
    {
        foreach (var source in clock.Sources)
        {
            // Only those before their first mark use the site's offset.
            if (source.Minute is null)
            {
                source.View = null;
            }
        }
    }

    private static long? Least(SiteClock clock)
    {
        long? least = null;
        long? largest = null;
        foreach (var source in clock.Sources)
        {
            if (source is { Ended: false, Minute: { } minute })
            {
                largest = Math.Max(largest ?? long.MinValue, minute);
                if (source.Waited)
                {
                    least = Math.Min(least ?? long.MaxValue, minute);
                }
            }
        }

        return least ?? largest;
    }

    private void Announce(Clock clock)
    {
        var last = Forward.FindLastIndex(c => c.Site == clock.Site);
        if (last >= 0 && Forward[last].ControlOffset == clock.ControlOffset)
        {
            Forward[last] = clock;
        }
        else
        {
            Forward.Add(clock);
        }
    }
}
