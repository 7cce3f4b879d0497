using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RiskWatch.Core.Log;

/// <summary>Counters of every stage on the meter <c>RiskWatch</c>: received = handled + dead-lettered, and emitted, restarts, failures by reason, waits, age.</summary>
public sealed class StageMetrics : IDisposable
{
    /// <summary>Name of meter and activity source.</summary>
    public const string Name = "RiskWatch";

    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600] };

    private readonly Meter _meter = new(Name);
    private readonly ConcurrentDictionary<(string Stage, string Member), bool> _waiting = new();
    private readonly Counter<long> _received;
    private readonly Counter<long> _emitted;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _failed;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _commit;
    private readonly Histogram<double> _age;

    public StageMetrics()
    {
        _received = _meter.CreateCounter<long>("riskwatch.stage.received", "{entry}", "Entries committed as handled or dead-lettered.");
        _emitted = _meter.CreateCounter<long>("riskwatch.stage.emitted", "{entry}", "Entries appended in commits.");
        _dropped = _meter.CreateCounter<long>("riskwatch.stage.dropped", "{entry}", "Entries dead-lettered, by reason.");
        _failed = _meter.CreateCounter<long>("riskwatch.stage.failed", "{batch}", "Batches not committed, by reason.");
        _duration = _meter.CreateHistogram("riskwatch.stage.batch.duration", "s", "From the read's return to the commit's.", advice: Seconds);
        _commit = _meter.CreateHistogram("riskwatch.stage.commit.duration", "s", "The commit alone.", advice: Seconds);
        _age = _meter.CreateHistogram("riskwatch.stage.age", "s", "From the append of a batch's oldest entry to the commit of what was made of it.", advice: Seconds);
        _meter.CreateObservableGauge(
            "riskwatch.stage.waiting",
            () => _waiting.Select(w => new Measurement<int>(w.Value ? 1 : 0, new("stage", w.Key.Stage), new KeyValuePair<string, object?>("member", w.Key.Member))),
            "{worker}",
            "1 while a worker waits for log or store, else 0.");
    }

    /// <summary>Source of the stages' activities.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>A batch was committed.</summary>
    public void Committed(string stage, int received, int emitted, TimeSpan duration, TimeSpan commit = default)
    {
        var tag = new KeyValuePair<string, object?>("stage", stage);
        _received.Add(received, tag);
        _emitted.Add(emitted, tag);
        _duration.Record(duration.TotalSeconds, tag);
        _commit.Record(commit.TotalSeconds, tag);
    }

    /// <summary>How old the oldest entry of a committed batch was.</summary>
    public void Age(string stage, TimeSpan age) => _age.Record(Math.Max(0, age.TotalSeconds), new KeyValuePair<string, object?>("stage", stage));

    /// <summary>A worker began or stopped to wait for log or store.</summary>
    public void Waits(string stage, string member, bool waits) => _waiting[(stage, member)] = waits;

    /// <summary>An entry was dead-lettered.</summary>
    public void Dropped(string stage, string reason) => _dropped.Add(1, new("stage", stage), new KeyValuePair<string, object?>("reason", reason));

    /// <summary>A batch was not committed.</summary>
    public void Failed(string stage, string reason) => _failed.Add(1, new("stage", stage), new KeyValuePair<string, object?>("reason", reason));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
