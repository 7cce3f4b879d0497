using System.Text.Json.Nodes;

namespace RiskWatch.Server.Benchmarks;

/// <summary>How old entries were when each stage committed what it made of them, and how long its commits took; from the product's own metrics.</summary>
internal sealed class StageAges : IDisposable
{
    private const string Age = "riskwatch.stage.age";
    private const string Commit = "riskwatch.stage.commit.duration";

    private readonly Dictionary<(string Stage, string Instrument), List<double>> _values = [];
    private readonly Lock _lock = new();
    private readonly StageMeasurements _measurements;

    public StageAges() => _measurements = new StageMeasurements(name => name is Age or Commit, Add);

    public JsonObject Figures()
    {
        var figures = new JsonObject();
        lock (_lock)
        {
            foreach (var stage in _values.Keys.Select(k => k.Stage).Distinct().Order(StringComparer.Ordinal))
            {
                List<double> Of(string instrument) => [.. _values.GetValueOrDefault((stage, instrument), []).Select(v => v * 1_000)];
                var (ages, commits) = (Of(Age), Of(Commit));
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

    public void Dispose() => _measurements.Dispose();

    private void Add(string stage, string instrument, double value)
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
