using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RiskWatch.Core.Log;

/// <summary>Counters of every stage on the meter <c>RiskWatch</c>: received = handled + dead-lettered, and emitted, restarts, failures by reason.</summary>
public sealed class StageMetrics : IDisposable
{
    /// <summary>Name of meter and activity source.</summary>
    public const string Name = "RiskWatch";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _received;
    private readonly Counter<long> _emitted;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _failed;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _commit;

    public StageMetrics()
    {
        _received = _meter.CreateCounter<long>("riskwatch.stage.received", "{entry}", "Entries committed as handled or dead-lettered.");
        _emitted = _meter.CreateCounter<long>("riskwatch.stage.emitted", "{entry}", "Entries appended in commits.");
        _dropped = _meter.CreateCounter<long>("riskwatch.stage.dropped", "{entry}", "Entries dead-lettered, by reason.");
        _failed = _meter.CreateCounter<long>("riskwatch.stage.failed", "{batch}", "Batches not committed, by reason.");
        _duration = _meter.CreateHistogram<double>("riskwatch.stage.batch.duration", "s", "From the read's return to the commit's.");
        _commit = _meter.CreateHistogram<double>("riskwatch.stage.commit.duration", "s", "The commit alone.");
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

    /// <summary>An entry was dead-lettered.</summary>
    public void Dropped(string stage, string reason) => _dropped.Add(1, new("stage", stage), new KeyValuePair<string, object?>("reason", reason));

    /// <summary>A batch was not committed.</summary>
    public void Failed(string stage, string reason) => _failed.Add(1, new("stage", stage), new KeyValuePair<string, object?>("reason", reason));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
