using System.Globalization;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;

namespace RiskWatch.Alerting.Detection;

/// <summary>One site in one tallies partition: its clocks, what waits for its tick, and its detector.</summary>
internal sealed class SitePartition(string site, int partition, SiteClocks clocks, IGazetteer gazetteer, AlertingOptions options)
{
    private readonly SiteDetector _detector = new(site, gazetteer, options);
    private readonly WaitingTallies _waiting = new();
    private readonly OpenMinute _open = new();
    private readonly HashSet<(string Series, long Tick)> _sent = [];
    private readonly SiteClocks _clocks = clocks;
    private long _decided = long.MinValue;
    private long _offset = -1;
    private bool _changed;
    private (ControlView View, Site? Site, SiteFacts Facts)? _facts;

    public string Site => site;

    public void Add(Tally tally)
    {
        _waiting.Add(tally, _decided);
        if (options.Provisional)
        {
            _open.Add(tally);
        }
    }

    public void Add(Clock clock)
    {
        _clocks.Add(clock);
        _changed = true;
    }

    /// <summary>Decides every tick that the clocks have closed; says whether there was one.</summary>
    public async ValueTask<bool> DecideAsync(IControlTable control, List<LogOutput> outputs, CancellationToken cancel)
    {
        if (_clocks.Least is not { } least)
        {
            return false;
        }

        var until = least - 1;
        if (_decided == long.MinValue)
        {
            var first = Math.Min(_clocks.Start, _waiting.First ?? long.MaxValue);
            if (until < first)
            {
                return false;
            }

            _detector.StartHour = _clocks.Start / 60;
            _decided = first - 1;
        }

        if (_decided >= until)
        {
            return false;
        }

        while (_decided < until)
        {
            var (end, offset) = _clocks.Stretch(_decided + 1, until);
            _offset = offset;
            Decide(end, offset, await control.AtAsync(offset, cancel), outputs);
        }

        _open.Clear();
        _sent.RemoveWhere(sent => sent.Tick <= _decided);
        _changed = true;
        return true;
    }

    /// <summary>Signals of the open minute, ahead of its tick.</summary>
    public async ValueTask ProvisionalAsync(IControlTable control, List<LogOutput> outputs, CancellationToken cancel)
    {
        if (!options.Provisional || _waiting.First is not { } tick || _decided == long.MinValue)
        {
            return;
        }

        var facts = Facts(await control.AtAsync(_offset, cancel), tick);
        foreach (var signal in _detector.Provisional(tick, _open, _waiting.All, facts))
        {
            if (_sent.Add((signal.Series.ToString(), tick)))
            {
                outputs.Add(Entries.Of(signal));
            }
        }
    }

    /// <summary>State entries that changed since the last commit.</summary>
    public void Save(List<StateChange> changes)
    {
        if (_changed)
        {
            using var bytes = new MemoryStream();
            using (var to = new BinaryWriter(bytes))
            {
                to.Write((byte)1);
                to.Write(_decided);
                to.Write(_offset);
                to.Write(_detector.StartHour);
                _clocks.Write(to);
            }

            changes.Add(new StateChange(partition, $"d/{site}/", bytes.ToArray()));
            _changed = false;
        }

        changes.AddRange(_waiting.Changes().Select(c => new StateChange(partition, c.Block == 0 ? $"w/{site}/{c.Tick}" : $"w/{site}/{c.Tick}/{c.Block}", c.Value)));
        changes.AddRange(_detector.Series.Changes().Select(c => new StateChange(partition, c.Block < 0 ? $"s/{site}/{c.Series}" : $"h/{site}/{c.Block}/{c.Series}", c.Value)));
        changes.AddRange(_detector.Terms.Changes().Select(c => new StateChange(partition, $"v/{site}/{c.Block}", c.Value)));
    }

    // The first block's key names no block, as a whole tick's once did.
    private static (long Tick, int Block) WaitingAt(string key)
    {
        var parts = key.Split('/');
        return (long.Parse(parts[2], CultureInfo.InvariantCulture), parts.Length > 3 ? int.Parse(parts[3], CultureInfo.InvariantCulture) : 0);
    }

    public static SitePartition Restore(string site, int partition, IGazetteer gazetteer, AlertingOptions options, IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> state)
    {
        var entries = state.ToLookup(e => e.Key[0]);
        var header = entries['d'].Single().Value;
        using var from = new BinaryReader(new MemoryStream(header.ToArray()));
        if (from.ReadByte() != 1)
        {
            throw new InvalidDataException($"The detection state of site '{site}' is of an unknown version.");
        }

        var (decided, offset, start) = (from.ReadInt64(), from.ReadInt64(), from.ReadInt64());
        var restored = new SitePartition(site, partition, SiteClocks.Read(from), gazetteer, options) { _decided = decided, _offset = offset };
        restored._detector.StartHour = start;
        foreach (var (at, value) in entries['w'].Select(e => (At: WaitingAt(e.Key), e.Value)).OrderBy(e => e.At))
        {
            restored._waiting.Restore(at.Tick, at.Block, value);
        }

        foreach (var (_, value) in entries['v'])
        {
            restored._detector.Terms.Restore(value);
        }

        var hours = entries['h']
            .Select(e => (Parts: e.Key.Split('/', 4), e.Value))
            .OrderBy(e => long.Parse(e.Parts[2], CultureInfo.InvariantCulture))
            .ToLookup(e => e.Parts[3], e => e.Value, StringComparer.Ordinal);
        restored._detector.Series.Restore(entries['s'].Select(e => (e.Value, hours[e.Key.Split('/', 3)[2]])));
        return restored;
    }

    private void Decide(long end, long offset, ControlView view, List<LogOutput> outputs)
    {
        var tests = 0L;
        var at = _decided + 1;
        while (at <= end)
        {
            var tick = Math.Min(_waiting.First ?? long.MaxValue, _detector.IsIdle ? long.MaxValue : SiteDetector.NextHourEnd(at));
            if (tick > end)
            {
                break;
            }

            var findings = new TickFindings();
            _detector.Decide(tick, _waiting.Take(tick), Facts(view, tick), findings);
            tests += findings.Tests;
            outputs.AddRange(findings.Signals.Select(Entries.Of));
            outputs.AddRange(findings.History.Select(Entries.Of));
            if ((tick + 1) % 60 == 0 && tests > 0 && tick < end)
            {
                // A report never reaches over an hour's end with tests: the budget counts tests by the hour, however ticks were cut.
                outputs.Add(Entries.Of(new TickReport(site, partition, tick, tests, offset)));
                tests = 0;
            }

            at = tick + 1;
        }

        _decided = end;
        outputs.Add(Entries.Of(new TickReport(site, partition, end, tests, offset)));
    }

    private SiteFacts Facts(ControlView view, long tick)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds((tick + 1) * 60);
        var now = view.Site(site, time);
        if (_facts is { } held && ReferenceEquals(held.View, view) && ReferenceEquals(held.Site, now))
        {
            return held.Facts;
        }

        var authorless = view.All(ControlKind.Source, time).Where(e => e.Source is { KnowsAuthors: false }).Select(e => e.EntityId);
        var facts = new SiteFacts(now?.GazetteerRoot ?? site, LocalHours.Of(now?.TimeZone, now?.Calendar), authorless.ToHashSet(StringComparer.Ordinal));
        _facts = (view, now, facts);
        return facts;
    }
}
