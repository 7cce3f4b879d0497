using System.Globalization;
using System.Text.Json.Nodes;
using RiskWatch.Contracts;
using Spectre.Console;

namespace RiskWatch.Server.Backtesting;

/// <summary>A backtest for machines and for people.</summary>
/// <param name="Site">Site.</param>
/// <param name="From">First watched moment.</param>
/// <param name="To">Last.</param>
/// <param name="Sets">Results by name of the rules: <c>current</c>, and <c>candidate</c> where one was given.</param>
/// <param name="Curve">Detection against load.</param>
internal sealed record BacktestReport(string Site, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<(string Name, Backtest Result)> Sets, IReadOnlyList<LoadPoint> Curve)
{
    /// <summary>For machines.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["site"] = Site, ["from"] = From.ToString("u", CultureInfo.InvariantCulture), ["to"] = To.ToString("u", CultureInfo.InvariantCulture), ["days"] = Round(Sets[0].Result.Days) };
        foreach (var (name, result) in Sets)
        {
            json[name] = Json(result);
        }

        json["load"] = new JsonArray([.. Curve.Select(p => new JsonObject
        {
            ["scale"] = p.Scale, ["alertsPerDay"] = Round(p.Result.AlertsPerDay), ["pod"] = Round(p.Result.Pod.Value), ["podOfTopicAndPlace"] = Round(p.Result.PodOfBoth.Value), ["far"] = Round(p.Result.Far),
        })]);
        return json;
    }

    /// <summary>For people.</summary>
    public void Write(IAnsiConsole console)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Site {Site}, {From:yyyy-MM-dd HH:mm}Z to {To:yyyy-MM-dd HH:mm}Z, {Sets[0].Result.Days:F1} days, {Sets[0].Result.Incidents.Count} incidents"));
        var figures = new Table().AddColumn("");
        foreach (var (name, _) in Sets)
        {
            figures.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (var (what, of) in Figures)
        {
            figures.AddRow([new Text(what), .. Sets.Select(s => new Text(of(s.Result)))]);
        }

        console.Write(figures);
        foreach (var (name, result) in Sets)
        {
            var list = new Table().Title(new TableTitle($"{name}: incidents")).AddColumns("incident", "first warning", "level", "series", "to onset", "to peak", "alerts");
            foreach (var i in result.Incidents)
            {
                list.AddRow([.. (i.Hits.Count == 0
                    ? new[] { i.Incident.Name, "missed", "", "", "", "", "0" }
                    : [i.Incident.Name, Time(i.Hits[0].RaisedAt), $"{i.Hits[0].Level}", Series(i.Hits[0]), Hours(i.Incident.Onset - i.Hits[0].RaisedAt), i.Peak is { } peak ? Hours(peak - i.Hits[0].RaisedAt) : "", $"{i.Hits.Count}"]).Select(t => new Text(t))]);
            }

            console.Write(list);
            if (result.FalseAlarms.Count > 0)
            {
                var alarms = new Table().Title(new TableTitle($"{name}: false alarms")).AddColumns("raised", "level", "series", "seen", "expected");
                foreach (var a in result.FalseAlarms)
                {
                    alarms.AddRow([.. new[] { Time(a.RaisedAt), $"{a.PeakLevel}", Series(a), $"{a.Observed:F0} in {a.Window} h", a.Expected.ToString("F1", CultureInfo.InvariantCulture) }.Select(t => new Text(t))]);
                }

                console.Write(alarms);
            }
        }
    }

    /// <summary>The figures of the table, in words.</summary>
    public static IReadOnlyList<(string What, Func<Backtest, string> Of)> Figures { get; } =
    [
        ("incidents detected (POD)", r => $"{r.Detected.Count} of {r.Incidents.Count} ({Percent(r.Pod)})"),
        ("of topic and place both", r => $"{r.Incidents.Count(i => i.HitsOfBoth.Count > 0)} of {r.Incidents.Count} ({Percent(r.PodOfBoth)})"),
        ("alerts that hit none (FAR)", r => $"{r.FalseAlarms.Count} of {r.Alerts.Count}{(r.Far is { } far ? string.Create(CultureInfo.InvariantCulture, $" ({far:P0})") : "")}"),
        ("critical success index (CSI)", r => r.Csi.ToString("F2", CultureInfo.InvariantCulture)),
        ("first warning before onset, hours, median", r => Spread(r.LeadToOnset)),
        ("first warning before peak, hours, median", r => Spread(r.LeadToPeak)),
        ("alerts a day", r => r.AlertsPerDay.ToString("F2", CultureInfo.InvariantCulture)),
        ("alerts a shift of 8 hours (most)", r => string.Create(CultureInfo.InvariantCulture, $"{r.AlertsPerShift:F2} ({r.MostInAShift})")),
    ];

    /// <summary>Series of an alert, as signals name it.</summary>
    public static string Series(Alert alert) => new SeriesId(alert.Site, alert.Topic?.Id, alert.Place?.Code ?? "", alert.Term).ToString()[(alert.Site.Length + 1)..].TrimEnd('@');

    private static JsonObject Json(Backtest result) => new()
    {
        ["incidents"] = result.Incidents.Count,
        ["detected"] = result.Detected.Count,
        ["missed"] = result.Missed.Count,
        ["alerts"] = result.Alerts.Count,
        ["falseAlarms"] = result.FalseAlarms.Count,
        ["pod"] = Round(result.Pod.Value),
        ["podInterval"] = Pair(result.Pod),
        ["podOfTopicAndPlace"] = Round(result.PodOfBoth.Value),
        ["far"] = Round(result.Far),
        ["csi"] = Round(result.Csi),
        ["leadToOnsetHours"] = Round(result.LeadToOnset?.Value),
        ["leadToOnsetInterval"] = Pair(result.LeadToOnset),
        ["leadToPeakHours"] = Round(result.LeadToPeak?.Value),
        ["leadToPeakInterval"] = Pair(result.LeadToPeak),
        ["alertsPerDay"] = Round(result.AlertsPerDay),
        ["alertsPerShift"] = Round(result.AlertsPerShift),
        ["mostAlertsInAShift"] = result.MostInAShift,
        ["hitList"] = new JsonArray([.. result.Detected.Select(i => new JsonObject
        {
            ["incident"] = i.Incident.Name,
            ["firstWarning"] = Time(i.Hits[0].RaisedAt),
            ["leadToOnsetHours"] = Round((i.Incident.Onset - i.Hits[0].RaisedAt).TotalHours),
            ["peak"] = i.Peak is { } peak ? Time(peak) : null,
            ["leadToPeakHours"] = i.Peak is { } at ? Round((at - i.Hits[0].RaisedAt).TotalHours) : null,
            ["alerts"] = new JsonArray([.. i.Hits.Select(a => Json(a, i.HitsOfBoth.Contains(a)))]),
        })]),
        ["missList"] = new JsonArray([.. result.Missed.Select(i => JsonValue.Create(i.Incident.Name))]),
        ["falseAlarmList"] = new JsonArray([.. result.FalseAlarms.Select(a => Json(a, null))]),
    };

    private static JsonObject Json(Alert alert, bool? both)
    {
        var json = new JsonObject
        {
            ["id"] = alert.Id,
            ["raisedAt"] = Time(alert.RaisedAt),
            ["level"] = alert.History[0].Level.ToString(),
            ["peakLevel"] = alert.PeakLevel.ToString(),
            ["topic"] = alert.Topic?.Id,
            ["place"] = alert.Place?.Code,
            ["term"] = alert.Term,
        };
        if (both is { } fits)
        {
            json["topicAndPlace"] = fits;
        }

        return json;
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm'Z'", CultureInfo.InvariantCulture);

    private static string Hours(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:F1} h");

    private static string Percent(Interval i) => string.Create(CultureInfo.InvariantCulture, $"{i.Value:P0}, {i.Lower:P0} to {i.Upper:P0}");

    private static string Spread(Interval? i) => i is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.Value:F1} ({known.Lower:F1} to {known.Upper:F1})") : "–";

    private static double? Round(double? value) => value is { } known ? Math.Round(known, 4) : null;

    private static JsonArray? Pair(Interval? i) => i is { } known ? [Round(known.Lower), Round(known.Upper)] : null;
}
