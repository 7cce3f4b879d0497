using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace RiskWatch.Server.Benchmarks;

/// <summary>Where the time goes: per stage the seconds in its work and in its commits, from the product's own metrics.</summary>
internal sealed class StageBreakdown : IDisposable
{
    private const string Committed = "riskwatch.stage.commit.duration";

    private readonly ConcurrentDictionary<(string Stage, string Instrument), double> _sums = new();
    private readonly StageMeasurements _measurements;

    private long _lastCommit;

    public StageBreakdown() => _measurements = new StageMeasurements(_ => true, (stage, instrument, value) =>
    {
        _sums.AddOrUpdate((stage, instrument), value, (_, sum) => sum + value);
        if (instrument == Committed)
        {
            Interlocked.Exchange(ref _lastCommit, TimeProvider.System.GetTimestamp());
        }
    });

    /// <summary>When a stage last committed what it had handled, as a timestamp of the system's clock; later ones only move past transactions' markers.</summary>
    public long LastCommit => Interlocked.Read(ref _lastCommit);

    public JsonObject Figures(TimeSpan ingested, TimeSpan took)
    {
        var figures = new JsonObject { ["wallSeconds"] = Math.Round(took.TotalSeconds, 2), ["ingestedAfterSeconds"] = Math.Round(ingested.TotalSeconds, 2) };
        foreach (var stage in _sums.Keys.Select(k => k.Stage).Distinct().Order())
        {
            double Sum(string instrument) => _sums.GetValueOrDefault((stage, instrument));
            var commit = Sum(Committed);
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

    public void Dispose() => _measurements.Dispose();
}
