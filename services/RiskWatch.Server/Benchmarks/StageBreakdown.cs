using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using RiskWatch.Core.Log;

namespace RiskWatch.Server.Benchmarks;

/// <summary>Where the time goes: per stage the seconds in its work and in its commits, from the product's own metrics.</summary>
internal sealed class StageBreakdown : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Stage, string Instrument), double> _sums = new();

    public StageBreakdown()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == StageMetrics.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        _listener.Start();
    }

    public JsonObject Figures(TimeSpan ingested, TimeSpan took)
    {
        var figures = new JsonObject { ["wallSeconds"] = Math.Round(took.TotalSeconds, 2), ["ingestedAfterSeconds"] = Math.Round(ingested.TotalSeconds, 2) };
        foreach (var stage in _sums.Keys.Select(k => k.Stage).Distinct().Order())
        {
            double Sum(string instrument) => _sums.GetValueOrDefault((stage, instrument));
            var commit = Sum("riskwatch.stage.commit.duration");
            figures[stage] = new JsonObject
            {
                ["received"] = Sum("riskwatch.stage.received"),
                ["emitted"] = Sum("riskwatch.stage.emitted"),
                ["workSeconds"] = Math.Round(Sum("riskwatch.stage.batch.duration") - commit, 2),
                ["commitSeconds"] = Math.Round(commit, 2),
            };
        }

        return figures;
    }

    public void Dispose() => _listener.Dispose();

    private void Add(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == "stage" && tag.Value is string stage)
            {
                _sums.AddOrUpdate((stage, instrument), value, (_, sum) => sum + value);
            }
        }
    }
}
