using System.CommandLine;
using System.Globalization;
using RiskWatch.Alerting;
using RiskWatch.Alerting.Hindsight;
using RiskWatch.Alerting.Warning;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Server.Backtesting;

namespace RiskWatch.Server.Commands;

/// <summary><c>explain site/topic@place TIME</c>: why there was or was not an alert, decided anew from what the log holds.</summary>
internal static class ExplainCommand
{
    // A series that fires speaks at each hour's end at the latest.
    private const long Fresh = 75;
    private const int HoursShown = 6;

    private static readonly Argument<string> Series = new("SERIES") { Description = "site/topic@place; * for everything, term:WORDS for a term; the site's root where @place is left out" };
    private static readonly Argument<DateTimeOffset> Time = new("TIME") { Description = "When, for example 2011-08-28T08:00-04:00" };

    public static Command Create()
    {
        var command = new Command("explain", "Why a series was or was not alerted at a time: how far from which threshold, and what silenced or held it back") { Series, Time };
        command.SetAction((parse, cancel) => DeskHost.UseAsync(parse, services => RunAsync(parse, services, cancel), cancel));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, IServiceProvider services, CancellationToken cancel)
    {
        var view = services.GetRequiredService<IControlTable>().Latest;
        var series = Parse(parse.GetValue(Series)!, view);
        var time = parse.GetValue(Time);
        var tick = (time.ToUnixTimeSeconds() / 60) - 1;
        var history = await SignalHistory.ReadAsync(services.GetRequiredService<IEventLog>(), series.Site, new HashSet<SeriesId> { series }, cancel);
        if (history.Last == long.MinValue)
        {
            throw new UsageException($"The log holds no tick of site '{series.Site}' (--data, --log kafka).");
        }

        if (tick > history.Last)
        {
            throw new UsageException($"Site '{series.Site}' is decided up to {At(history.Last)} only.");
        }

        var judged = new List<Judgement>();
        var run = await history.DecideAsync(services, view, j => judged.AddRange(j.Signal.Series == series ? [j] : []), tick, cancel);
        Console.Out.WriteLine($"{series} at {At(tick)}");
        foreach (var line in Lines(series, tick, judged, history, run.Alerts, services.GetRequiredService<Microsoft.Extensions.Options.IOptions<AlertingOptions>>().Value))
        {
            Console.Out.WriteLine(line);
        }

        return 0;
    }

    internal static IEnumerable<string> Lines(SeriesId series, long tick, IReadOnlyList<Judgement> judged, SignalHistory history, IReadOnlyList<Alert> alerts, AlertingOptions options)
    {
        if (judged is not [.., var last])
        {
            yield return Invariant($"No finding: up to here no window of the series was as improbable as {options.SignalPValue} by chance, volume and authors together, after the site's first {options.SignalMinimumDays} days.");
        }
        else if (last.Signal.Quiet || last.Tick < tick - Fresh)
        {
            yield return $"No finding: the last one was {(last.Signal.Quiet ? "over" : "sent")} at {At(last.Tick)}. It had become this:";
        }

        if (judged.LastOrDefault(j => !j.Signal.Quiet) is { } finding)
        {
            foreach (var line in Lines(finding, alerts))
            {
                yield return line;
            }
        }

        foreach (var line in Hours(series, tick, history))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Lines(Judgement finding, IReadOnlyList<Alert> alerts)
    {
        var signal = finding.Signal;
        yield return $"Finding of {At(finding.Tick)}, with {signal.BaselineDays.ToString("F0", CultureInfo.InvariantCulture)} days of baseline:";
        foreach (var window in signal.Windows)
        {
            yield return Invariant($"  {window.Hours,3} h: {window.Observed:F1} seen, {window.Expected:F1} expected, {(window.PValue >= 1 ? "over, or nothing unusual" : Invariant($"by chance {window.PValue:0.0e0}"))}");
        }

        if (signal.Authors is { } authors)
        {
            yield return Invariant($"  from {authors:F0} authors and hours{(finding.Rule is { } asks ? Invariant($", {asks.MinimumAuthors:F0} asked for") : "")}{(signal.Concentrated ? "; concentrated on a few" : "")}");
        }

        if (finding.Rule is { } rule)
        {
            yield return $"Rule '{rule.Id}', version {finding.RuleVersion}; what each level asks for, and the window that comes nearest:";
            foreach (var d in finding.Distances)
            {
                yield return Invariant($"  {d.Level,-3} {d.Window.Hours,3} h: chance {d.Window.PValue:0.0e0} of at most {d.PValueAsked:0.0e0} {Met(d.MeetsPValue, Off(d.Window.PValue, d.PValueAsked))}; {d.Window.Observed:F1} of at least {d.Threshold.MinimumCount:F0} records {Met(d.MeetsCount, "")}; ratio at least {d.RatioLower:F1} of {d.Threshold.MinimumRatio:F1} {Met(d.MeetsRatio, "")}");
            }
        }

        yield return "Outcome: " + Outcome(finding, alerts);
        if (finding.SilencedBy is { } silence)
        {
            yield return $"Silence '{silence}' keeps alerts of the series from notifying.";
        }
    }

    private static string Outcome(Judgement finding, IReadOnlyList<Alert> alerts)
    {
        if (finding.AlertId is { } id)
        {
            var alert = alerts.FirstOrDefault(a => a.Id == id);
            var raised = alert is null ? "" : Invariant($", raised {alert.RaisedAt:yyyy-MM-dd HH:mm}Z, level {alert.Level}");
            return finding.Covered
                ? $"no alert of its own: it is covered by alert {id} of {BacktestReport.Series(alert!)}{raised}."
                : $"alert {id}{raised}.{(finding.Level == AlertLevel.None ? " By itself it meets no level any more; the alert steps down after its quiet hours." : "")}";
        }

        return finding.Reason switch
        {
            AlertReason.BelowThreshold => "no alert: no level's three conditions are all met in one window.",
            AlertReason.NoRule => "no alert: no rule that is switched on is for this series.",
            AlertReason.Blocked => "no alert: operators blocked the term ('terms blocked' says who and why).",
            AlertReason.ShortBaseline => Invariant($"no alert: {finding.Signal.BaselineDays:F1} days of baseline, {finding.Rule!.MinimumBaselineDays:F0} asked for."),
            AlertReason.Concentrated => "no alert: the volume comes from too few accounts.",
            AlertReason.Refractory => Invariant($"no alert: an episode of the series, or of one above it, ended less than {finding.Rule!.RefractoryHours} hours ago."),
            AlertReason.ExplainedByTopic => "no alert: a topic that fires says what this only counts.",
            AlertReason.RepeatsAName => "no alert: the term only repeats the name of a topic, a category or a place.",
            AlertReason.BudgetSpent => "no alert: the site's false-alarm budget is spent; each recent alert asks the next one to be less probable (see what is asked above).",
            _ => $"level {finding.Level}.",
        };
    }

    private static IEnumerable<string> Hours(SeriesId series, long tick, SignalHistory history)
    {
        var until = DateTimeOffset.FromUnixTimeSeconds((tick + 1) * 60);
        var hours = history.Hours.GetValueOrDefault(series)?.Values.Where(h => h.Hour.AddHours(1) <= until).TakeLast(HoursShown).ToList() ?? [];
        if (hours.Count == 0)
        {
            yield return "The log holds no closed hour of such a series up to then: nothing was ever counted there.";
            yield break;
        }

        yield return "Closed hours up to then:";
        foreach (var hour in hours)
        {
            yield return Invariant($"  {hour.Hour:yyyy-MM-dd HH}:00Z  {hour.Observed:F1} seen, {hour.Expected:F1} expected ({hour.Lower:F1}–{hour.Upper:F1})");
        }
    }

    private static SeriesId Parse(string text, ControlView view)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var site = slash < 0 ? null : view.Site(text[..slash], DateTimeOffset.MaxValue) ?? throw new UsageException($"There is no site '{text[..slash]}'.");
        if (site is null)
        {
            throw new UsageException($"'{text}' is no series: write site/topic@place, for example boston/*@boston or china/term:暴雨@CN.");
        }

        var at = text.LastIndexOf('@');
        var (what, place) = at < slash ? (text[(slash + 1)..], site.GazetteerRoot) : (text[(slash + 1)..at], text[(at + 1)..]);
        return what.StartsWith("term:", StringComparison.Ordinal) ? new SeriesId(site.Id, null, place, what["term:".Length..]) : new SeriesId(site.Id, what, place);
    }

    private static string Met(bool met, string off) => met ? "✓" : off.Length > 0 ? $"✗ ({off})" : "✗";

    private static string Off(double value, double asked) => Invariant($"{value / asked:F1} times too probable");

    private static string At(long tick) => DateTimeOffset.FromUnixTimeSeconds((tick + 1) * 60).ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
