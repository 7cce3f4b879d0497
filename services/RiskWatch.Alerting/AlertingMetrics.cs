using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace RiskWatch.Alerting;

/// <summary>What alerting counts besides what the stage worker counts of every stage.</summary>
internal static class AlertingMetrics
{
    private static readonly Meter Meter = new("RiskWatch");
    private static readonly ConcurrentDictionary<string, long> DecidedTicks = new(StringComparer.Ordinal);
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>("riskwatch.alerting.dropped", description: "Tallied records that no series took, by reason.");
    private static readonly Counter<long> Bounds = Meter.CreateCounter<long>("riskwatch.alerting.bounds", description: "Times that a bound was hit, by bound.");
    private static readonly Counter<long> Suppressed = Meter.CreateCounter<long>("riskwatch.alerting.suppressed", description: "Findings that became no alert, by reason.");

    static AlertingMetrics() => Meter.CreateObservableGauge(
        "riskwatch.site.decided", () => DecidedTicks.Select(t => new Measurement<long>((t.Value + 1) * 60, new KeyValuePair<string, object?>("site", t.Key))), "s", "Event time up to which a site is decided, in seconds since 1970.");

    /// <summary>A site's tick was decided.</summary>
    public static void Decided(string site, long tick) => DecidedTicks[site] = tick;

    public static void Drop(string reason, long count) => Dropped.Add(count, new KeyValuePair<string, object?>("reason", reason));

    public static void Bound(string bound) => Bounds.Add(1, new KeyValuePair<string, object?>("bound", bound));

    public static void Suppress(string reason) => Suppressed.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
