using System.Text.Json;
using Microsoft.Extensions.Options;
using RiskWatch.Alerting;
using RiskWatch.Alerting.Detection;
using RiskWatch.Alerting.Warning;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using Xunit;

namespace RiskWatch.Tests.Support;

/// <summary>Both alerting stages in memory, driven entry by entry; the log between them is a list.</summary>
internal sealed class AlertingRun
{
    private readonly TopologyOptions _topology;
    private readonly IOptions<AlertingOptions> _options;
    private readonly IControlTable _control;
    private readonly ITaxonomy _taxonomy;
    private readonly IGazetteer _gazetteer;
    private readonly Dictionary<(int, string), ReadOnlyMemory<byte>> _detectionState = [];
    private readonly Dictionary<(int, string), ReadOnlyMemory<byte>> _warningState = [];
    private readonly List<LogMessage> _sinceCommit = [];
    private readonly List<LogOutput> _uncommitted = [];
    private DetectionStage _detection;
    private WarningStage _warning;
    private long _offset;

    public AlertingRun(IControlTable control, int recordsPartitions = 1, int talliesPartitions = 1, IGazetteer? gazetteer = null, ITaxonomy? taxonomy = null, AlertingOptions? options = null)
    {
        _topology = new TopologyOptions { RecordsPartitions = recordsPartitions, TalliesPartitions = talliesPartitions, SignalsPartitions = 1 };
        _options = Options.Create(options ?? new AlertingOptions());
        _control = control;
        _taxonomy = taxonomy ?? new PlainTaxonomy();
        _gazetteer = gazetteer ?? Gazetteer.Default;
        _detection = Detection();
        _warning = Warning();
        Assign();
    }

    /// <summary>Entries of the signals topic so far.</summary>
    public List<LogOutput> Signals { get; } = [];

    /// <summary>Entries of the history topic so far.</summary>
    public List<HistoryHour> History { get; } = [];

    /// <summary>Every version of every alert, in order.</summary>
    public List<Alert> Versions { get; } = [];

    /// <summary>Ticks as sites reported them.</summary>
    public List<SiteTick> Ticks { get; } = [];

    public int Commits { get; private set; }

    /// <summary>Time spent in the detection stage.</summary>
    public TimeSpan DetectionTime { get; private set; }

    /// <summary>Time spent in the warning stage.</summary>
    public TimeSpan WarningTime { get; private set; }

    /// <summary>What the consumer of alerts holds: the last version of each.</summary>
    public IEnumerable<Alert> Alerts => Versions.GroupBy(a => a.Id).Select(g => g.MaxBy(a => a.Version)!).OrderBy(a => a.RaisedAt).ThenBy(a => a.Id, StringComparer.Ordinal);

    /// <summary>Confirmed alerts in their final state, as <c>replay</c> writes them.</summary>
    public IReadOnlyList<Alert> Confirmed => [.. Alerts.Where(a => a.Status is AlertStatus.Open or AlertStatus.Ended or AlertStatus.Closed)];

    public IEnumerable<T> Read<T>(string type, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> json)
        where T : class => Signals.Where(s => s.Type == type).Select(s => JsonSerializer.Deserialize(s.Value!.Value.Span, json)!);

    public IEnumerable<Signal> Findings => Read(EntryTypes.Signal, ContractsJson.Default.Signal);

    public IEnumerable<TickReport> Reports => Read(EntryTypes.TickReport, ContractsJson.Default.TickReport);

    /// <summary>One batch of tallies and clocks through detection, and what comes out of it through warning.</summary>
    public void Batch(params IEnumerable<LogOutput> entries)
    {
        var messages = new List<LogMessage>();
        foreach (var entry in entries)
        {
            switch (entry.Route)
            {
                case OutputRoute.ToAllPartitions:
                    messages.AddRange(Enumerable.Range(0, _topology.TalliesPartitions).Select(p => Message(entry, p)));
                    break;
                default:
                    messages.Add(Message(entry, PartitionHash.Of(entry.Key, _topology.TalliesPartitions)));
                    break;
            }
        }

        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var result = Wait(_detection.HandleAsync(messages, CancellationToken.None));
        DetectionTime += System.Diagnostics.Stopwatch.GetElapsedTime(started);
        _sinceCommit.AddRange(messages);
        _uncommitted.AddRange(result.Outputs);
        Warn(result.EarlyOutputs);
        if (!result.Commit)
        {
            Assert.Empty(result.StateChanges);
            return;
        }

        Commits++;
        Keep(_detectionState, result.StateChanges);
        History.AddRange(_uncommitted.Where(o => o.Type == EntryTypes.HistoryHour).Select(o => JsonSerializer.Deserialize(o.Value!.Value.Span, ContractsJson.Default.HistoryHour)!));
        var signals = _uncommitted.Where(o => o.Topic == Topics.Signals).ToList();
        _uncommitted.Clear();
        _sinceCommit.Clear();
        Warn(signals);
    }

    /// <summary>People's actions and the like, straight onto the signals topic.</summary>
    public void Warn(params IEnumerable<LogOutput> entries)
    {
        var messages = entries.Select(e => Message(e, 0)).ToList();
        if (messages.Count == 0)
        {
            return;
        }

        Signals.AddRange(entries);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var result = Wait(_warning.HandleAsync(messages, CancellationToken.None));
        WarningTime += System.Diagnostics.Stopwatch.GetElapsedTime(started);
        Keep(_warningState, result.StateChanges);
        foreach (var output in result.Outputs)
        {
            if (output.Type == EntryTypes.Alert)
            {
                Versions.Add(JsonSerializer.Deserialize(output.Value!.Value.Span, ContractsJson.Default.Alert)!);
            }
            else
            {
                Ticks.Add(JsonSerializer.Deserialize(output.Value!.Value.Span, ContractsJson.Default.SiteTick)!);
            }
        }
    }

    /// <summary>The process dies: what was not committed is read again by new instances with the committed state.</summary>
    public void Crash()
    {
        var again = _sinceCommit.ToList();
        _sinceCommit.Clear();
        _uncommitted.Clear();
        _detection = Detection();
        _warning = Warning();
        Assign();
        if (again.Count > 0)
        {
            var result = Wait(_detection.HandleAsync(again, CancellationToken.None));
            Assert.False(result.Commit);
            _sinceCommit.AddRange(again);
            _uncommitted.AddRange(result.Outputs);
        }
    }

    /// <summary>Bytes of state that detection keeps.</summary>
    public long DetectionStateBytes => _detectionState.Sum(s => s.Key.Item2.Length + (long)s.Value.Length);

    private static T Wait<T>(ValueTask<T> task)
    {
        Assert.True(task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }

    private static void Keep(Dictionary<(int, string), ReadOnlyMemory<byte>> state, IEnumerable<StateChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Value is { } value)
            {
                state[(change.Partition, change.Key)] = value;
            }
            else
            {
                state.Remove((change.Partition, change.Key));
            }
        }
    }

    private LogMessage Message(LogOutput entry, int partition) =>
        new(entry.Topic, partition, _offset++, entry.Key, entry.Type, Schema.Current, entry.Value, DateTimeOffset.UnixEpoch);

    private DetectionStage Detection() => new(_control, _gazetteer, Options.Create(_topology), _options);

    private WarningStage Warning() => new(_control, _taxonomy, _gazetteer, Options.Create(_topology), _options);

    private void Assign()
    {
        for (var p = 0; p < _topology.TalliesPartitions; p++)
        {
            _detection.Assign(new PartitionAssignment(p, _detectionState.Where(s => s.Key.Item1 == p).ToDictionary(s => s.Key.Item2, s => s.Value)));
        }

        _warning.Assign(new PartitionAssignment(0, _warningState.ToDictionary(s => s.Key.Item2, s => s.Value)));
    }
}

/// <summary>Categories of the site and their parents; names are ids.</summary>
internal sealed class PlainTaxonomy : ITaxonomy
{
    public BilingualText Names(Site? site, string topic) =>
        topic == "*" ? new BilingualText("全部", "everything") : site?.Categories.FirstOrDefault(c => c.Topic == topic)?.Names ?? new BilingualText(topic, topic);

    public string? Parent(Site? site, string topic) => site?.Categories.FirstOrDefault(c => c.Topic == topic)?.Parent;

    public IReadOnlyList<string> Topics(Site? site) => [.. site?.Categories.Select(c => c.Topic) ?? []];
}

/// <summary>A control table whose offsets are the numbers of its entries.</summary>
internal sealed class ListedControl(params IEnumerable<ControlEntry> entries) : IControlTable
{
    private readonly List<ControlView> _views = [ControlView.Empty, .. Grow([.. entries])];

    public long Offset => _views.Count - 2;

    public ControlView Latest => _views[^1];

    public ValueTask<ControlView> AtAsync(long offset, CancellationToken cancel) => ValueTask.FromResult(_views[(int)offset + 1]);

    /// <summary>Adds an entry; returns its offset.</summary>
    public long Add(ControlEntry entry)
    {
        _views.Add(Latest.With(Offset + 1, entry));
        return Offset;
    }

    private static IEnumerable<ControlView> Grow(IReadOnlyList<ControlEntry> entries)
    {
        var view = ControlView.Empty;
        foreach (var entry in entries)
        {
            yield return view = view.With(view.Offset + 1, entry);
        }
    }
}
