using System.Text.Json;
using RiskWatch.Contracts;

namespace RiskWatch.Tests.Alerting;

/// <summary>Findings made by hand, and alerts in a form to compare.</summary>
internal static class Alerts
{
    public static Signal Finding(string topic, string place, long tick, double p, double count)
    {
        var window = new WindowFinding(6, count, 0.5, p);
        return new Signal
        {
            Series = new SeriesId("town", topic, place),
            Tick = tick,
            Window = window,
            Windows = [new WindowFinding(1, 0, 0.1, 1), window],
            Lower = 0,
            Upper = 2,
            RatioLower = 3,
            Counts = new TallyCounts { Hotline = (int)count },
            Sources = new Dictionary<string, int> { ["wire"] = (int)count },
            BaselineDays = 60,
            StandDownCount = 4,
            DetectorVersion = "test",
        };
    }

    public static string Json(IEnumerable<Alert> alerts) => string.Join('\n', alerts.Select(a => JsonSerializer.Serialize(a, ContractsJson.Default.Alert)));
}
