using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Quartz;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Stability;
using RiskWatch.Core.Store;

namespace RiskWatch.Server.Jobs;

/// <summary>Compares each source's last week with the weeks before, keeps what it found as a metric, and tells operators of a source that has drifted. It only reads, so several instances may run it.</summary>
[DisallowConcurrentExecution]
internal sealed class StabilityJob(StabilityReader reader, IControlTable control, StabilityMetrics metrics, TimeProvider time, ILogger<StabilityJob> logger) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(cancellationToken);
        }
        catch (TransientStoreException e)
        {
            JobsLog.StabilityFailed(logger, e.Message);
        }
    }

    /// <summary>Compares now.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var source in control.Latest.All(ControlKind.Source, time.GetUtcNow()).Select(e => e.EntityId))
        {
            if (await reader.ReadAsync(source, cancel) is not { Measures.Count: > 0 } stability)
            {
                continue;
            }

            metrics.Take(stability);
            if (stability.Drifted)
            {
                JobsLog.Drifted(logger, source, stability.Week, stability.Measures[0].Measure, stability.Measures[0].Index);
            }
        }
    }
}

/// <summary>The last found stability of each source, as a gauge.</summary>
internal sealed class StabilityMetrics : IDisposable
{
    private readonly Meter _meter = new(StageMetrics.Name);
    private readonly ConcurrentDictionary<string, SourceStability> _sources = new(StringComparer.Ordinal);

    public StabilityMetrics() => _meter.CreateObservableGauge(
        "riskwatch.model.stability",
        () => _sources.Values.SelectMany(s => s.Measures.Select(m => new Measurement<double>(m.Index, new KeyValuePair<string, object?>("source", s.Source), new KeyValuePair<string, object?>("measure", m.Measure)))),
        "{index}",
        "Population stability index of each source's last week against the four before, by score and feature; from 0.25 on operators are told.");

    /// <summary>Keeps what was found.</summary>
    public void Take(SourceStability stability) => _sources[stability.Source] = stability;

    public void Dispose() => _meter.Dispose();
}
