using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using RiskWatch.Core.Log;

namespace RiskWatch.Server.Benchmarks;

/// <summary>How old entries were when each stage committed what it made of them, and how long its commits took; from the product's own metrics.</summary>
internal sealed class StageAges : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<(string Stage, string Instrument), List<double>> _values = [];
    private readonly Lock _lock = new();

    public StageAges()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == StageMetrics.Name && instrument.Name is "riskwatch.stage.age" or "riskwatch.stage.commit.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        _listener.Start();
    }

    public JsonObject Figures()
    {
        var figures = new JsonObject();
        lock (_lock)
        {
            foreach (var stage in _values.Keys.Select(k => k.Stage).Distinct().Order(StringComparer.Ordinal))
            {
                List<double> Of(string instrument) => [.. _values.GetValueOrDefault((stage, instrument), []).Select(v => v * 1_000)];
                var (ages, commits) = (Of("riskwatch.stage.age"), Of("riskwatch.stage.commit.duration"));
                figures[stage] = new JsonObject
                {
                    ["batches"] = ages.Count,
                    ["appendedToCommittedP50Milliseconds"] = LatencyBenchmark.At(ages, 0.5),
                    ["appendedToCommittedP99Milliseconds"] = LatencyBenchmark.At(ages, 0.99),
                    ["commitP50Milliseconds"] = LatencyBenchmark.At(commits, 0.5),
                    ["commitP99Milliseconds"] = LatencyBenchmark.At(commits, 0.99),
                };
            }
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
                lock (_lock)
                {
                    if (!_values.TryGetValue((stage, instrument), out var list))
                    {
                        _values[(stage, instrument)] = list = [];
                    }

                    list.Add(value);
                }
            }
        }
    }
}
