using System.Diagnostics.Metrics;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Status;

namespace RiskWatch.Server.Hosting;

/// <summary>What operators watch besides the stages' own counters: lag, sources, the embedded log's size, and whether this process is ready.</summary>
internal sealed class OperationsMetrics : IHostedService, IDisposable
{
    private readonly Meter _meter = new(StageMetrics.Name);

    public OperationsMetrics(DependencyWatch watch, ISourceStatusRegistry sources, IEventLog log)
    {
        _meter.CreateObservableGauge("riskwatch.stage.lag", () => watch.Lags.Select(l => new Measurement<long>(l.Value, new KeyValuePair<string, object?>("stage", l.Key))), "{entry}", "Entries that a stage's group has not passed, all partitions together.");
        _meter.CreateObservableGauge("riskwatch.dependency.up", () => watch.States.Select(s => new Measurement<int>(s.Up ? 1 : 0, new KeyValuePair<string, object?>("dependency", s.Name))), "{dependency}", "1 while log or store answers, else 0.");
        _meter.CreateObservableGauge("riskwatch.source.mark", () => Of(sources, s => s.Mark * 60), "s", "Event time up to which a source is complete, in seconds since 1970.");
        _meter.CreateObservableGauge(
            "riskwatch.source.state",
            () => sources.All.Select(s => new Measurement<int>(1, new("site", s.Site), new("source", s.Source), new KeyValuePair<string, object?>("state", s.State.ToString()))),
            "{source}",
            "1 for the state a source is in: Healthy, Empty, Failing, Silent.");
        _meter.CreateObservableCounter("riskwatch.source.records", () => Of(sources, s => s.Records), "{record}", "Records taken from a source since the start of its owner.");
        _meter.CreateObservableCounter("riskwatch.source.refused", () => Of(sources, s => s.DeadLetters), "{record}", "Lines of a source that were refused.");
        if (log is ILogCapacity embedded)
        {
            _meter.CreateObservableGauge("riskwatch.log.used", () => embedded.Capacity.UsedBytes, "By", "Bytes that the embedded log holds.");
            _meter.CreateObservableGauge("riskwatch.log.limit", () => embedded.Capacity.LimitBytes, "By", "Bytes at which the edge refuses records.");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Of(ISourceStatusRegistry sources, Func<SourceStatus, long?> value) =>
        from source in sources.All
        let number = value(source)
        where number is not null
        select new Measurement<long>(number.Value, new("site", source.Site), new KeyValuePair<string, object?>("source", source.Source));
}
