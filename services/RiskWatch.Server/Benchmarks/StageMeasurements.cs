using System.Diagnostics.Metrics;
using RiskWatch.Core.Log;

namespace RiskWatch.Server.Benchmarks;

/// <summary>Listens to the product's own metrics of the stages.</summary>
internal sealed class StageMeasurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Action<string, string, double> _take;

    public StageMeasurements(Func<string, bool> wanted, Action<string, string, double> take)
    {
        _take = take;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == StageMetrics.Name && wanted(instrument.Name))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    private void Add(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == "stage" && tag.Value is string stage)
            {
                _take(stage, instrument, value);
            }
        }
    }
}
