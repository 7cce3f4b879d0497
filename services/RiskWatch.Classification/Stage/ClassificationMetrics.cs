using System.Diagnostics.Metrics;
using RiskWatch.Classification.Encoders;
using RiskWatch.Core.Log;

namespace RiskWatch.Classification.Stage;

/// <summary>What becomes of records in classification: counted, or why not.</summary>
internal sealed class ClassificationMetrics : IDisposable
{
    private readonly Meter _meter = new(StageMetrics.Name);
    private readonly Counter<long> _records;
    private readonly Counter<long> _droppedEarly;
    private readonly Counter<long> _encoder;

    public ClassificationMetrics(HeldContributions held)
    {
        _records = _meter.CreateCounter<long>("riskwatch.classification.records", "{record}", "Records by what became of them: counted, edited, unchanged, ignored, late, repeat, deleted.");
        _droppedEarly = _meter.CreateCounter<long>("riskwatch.classification.dropped_early", "{row}", "State dropped early since its bound was reached, by kind.");
        _encoder = _meter.CreateCounter<long>("riskwatch.classification.encoder", "{record}", "Records that asked for the encoder by how they fared: encoded, cached, shed for lack of RiskWatch:Classification:EncoderCores.");
        _meter.CreateObservableGauge("riskwatch.classification.contributions", () => held.Count, "{record}", "Contributions held by this process.");
    }

    /// <summary>One record became <paramref name="outcome"/>.</summary>
    public void Record(string outcome, int count) => _records.Add(count, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>State was dropped early.</summary>
    public void DroppedEarly(string kind, int count) => _droppedEarly.Add(count, new KeyValuePair<string, object?>("kind", kind));

    /// <summary>A record asked for the encoder.</summary>
    public void Encoder(EncoderOutcome outcome) => _encoder.Add(1, new KeyValuePair<string, object?>("outcome", outcome switch
    {
        EncoderOutcome.Encoded => "encoded",
        EncoderOutcome.Cached => "cached",
        _ => "shed",
    }));

    public void Dispose() => _meter.Dispose();
}
