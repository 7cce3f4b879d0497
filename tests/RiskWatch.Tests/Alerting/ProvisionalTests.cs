using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Alerting;

/// <summary>Alerts ahead of their tick (LOG §3.5, §7.2).</summary>
public sealed class ProvisionalTests
{
    private static readonly long T = Town.At(40, "09:00");
    private readonly AlertingRun _run = Town.Run();

    public ProvisionalTests() => _run.Warn(Report(T - 1));

    [Fact]
    public void What_is_urgent_shows_before_its_tick_and_is_confirmed_under_the_same_id()
    {
        _run.Warn(Early("fire", Town.North, T));
        var shown = Assert.Single(_run.Alerts);
        Assert.Equal(AlertStatus.Provisional, shown.Status);
        Assert.Empty(_run.Confirmed);

        _run.Warn(Entries.Of(Action(shown.Id)), Decided("fire", Town.North, T), Report(T));

        var alert = Assert.Single(_run.Alerts);
        Assert.Equal((shown.Id, AlertStatus.Open, "ann"), (alert.Id, alert.Status, alert.AcknowledgedBy));
        Assert.True(alert.Version >= 1000 && shown.Version < 1000);
    }

    [Fact]
    public void What_its_tick_does_not_confirm_is_withdrawn()
    {
        _run.Warn(Early("fire", Town.North, T));
        _run.Warn(Report(T));

        Assert.Equal(AlertStatus.Withdrawn, Assert.Single(_run.Alerts).Status);
        Assert.Empty(_run.Confirmed);
    }

    [Fact]
    public void What_another_alert_confirms_points_there_and_peoples_actions_move()
    {
        _run.Warn(Early("fire", Town.North, T + 1));
        var early = _run.Alerts.Single().Id;
        _run.Warn(Entries.Of(Action(early)));

        // The tick before already decides it: another first tick, another id.
        _run.Warn(Decided("fire", Town.North, T), Report(T + 1));

        var alert = Assert.Single(_run.Confirmed);
        var provisional = _run.Alerts.Single(a => a.Id == early);
        Assert.Equal((AlertStatus.Confirmed, alert.Id), (provisional.Status, provisional.ConfirmedAs));
        Assert.Equal("ann", alert.AcknowledgedBy);

        // A late click on the old one goes to the new one, too.
        _run.Warn(Entries.Of(Action(early, "a2", AlertActionKind.Close)));
        Assert.Equal(AlertStatus.Closed, _run.Confirmed.Single().Status);
    }

    [Fact]
    public void There_is_one_provisional_alert_per_rule_and_series()
    {
        _run.Warn(Early("fire", Town.North, T));
        _run.Warn(Early("fire", Town.North, T + 1), Early("fire", Town.North, T + 2));

        Assert.Single(_run.Alerts);
    }

    [Fact]
    public void The_whole_decision_is_made_early_parents_and_silences_included()
    {
        _run.Warn(Early("fire", Town.North, T), Early("danger", "town", T, 1e-9));

        Assert.Equal("danger", Assert.Single(_run.Alerts).Topic!.Id);
    }

    [Fact]
    public void An_action_on_a_withdrawn_one_is_recorded_and_opens_nothing()
    {
        _run.Warn(Early("fire", Town.North, T));
        _run.Warn(Report(T));
        _run.Warn(Entries.Of(Action(_run.Alerts.Single().Id)));

        var alert = Assert.Single(_run.Alerts);
        Assert.Equal((AlertStatus.Withdrawn, "ann"), (alert.Status, alert.AcknowledgedBy));
        Assert.Empty(_run.Confirmed);
    }

    [Fact]
    public void A_confirmed_alert_is_the_same_whether_or_not_it_was_shown_early()
    {
        var plain = Town.Run();
        plain.Warn(Report(T - 1));
        plain.Warn(Decided("fire", Town.North, T), Report(T));
        _run.Warn(Early("fire", Town.North, T));
        _run.Crash();
        _run.Warn(Early("noise", Town.South, T));
        _run.Warn(Decided("fire", Town.North, T), Report(T));

        Assert.Equal(Alerts.Json(plain.Confirmed), Alerts.Json(_run.Confirmed));
    }

    [Fact]
    public void Detection_sends_the_open_minute_early_and_outside_the_commit()
    {
        var town = new Town().Calm(20).Hotline(20, "09:00", "fire", Town.North, 15);
        var run = Town.Run();
        run.Batch(town.Entries(Town.At(20, "08:59")));
        var commits = run.Commits;

        run.Batch(Enumerable.Range(0, 15).Select(i => Entries.Of(Town.Tally(Town.At(20, "09:00"), "fire", Town.North, id: "e" + i))));

        Assert.Equal(commits, run.Commits);
        Assert.All(run.Findings.Where(f => f.Tick == Town.At(20, "09:00")), f => Assert.True(f.Provisional));
        var shown = Assert.Single(run.Alerts, a => a.Status == AlertStatus.Provisional);
        Assert.Empty(run.Confirmed);

        // What it is shown for is the open minute: its records are the examples, and count.
        Assert.NotEmpty(shown.Exemplars);
        Assert.All(shown.Exemplars, id => Assert.Matches("/e[0-9]+$", id));
        Assert.Equal(15, run.Findings.First(f => f.Provisional && f.Series.Topic == "fire" && f.Series.Place == Town.North).Counts.Hotline);
    }

    private static AlertAction Action(string alert, string id = "a1", AlertActionKind kind = AlertActionKind.Acknowledge) =>
        new(id, "town", alert, kind, kind == AlertActionKind.Close ? Verdict.True : null, null, null, "ann", DateTimeOffset.UnixEpoch);

    private static LogOutput Decided(string topic, string place, long tick) => Entries.Of(Alerts.Finding(topic, place, tick, 1e-6, 12));

    private static LogOutput Early(string topic, string place, long tick, double p = 1e-6) => Entries.Of(Alerts.Finding(topic, place, tick, p, 12) with { Provisional = true });

    private static LogOutput Report(long tick) => Entries.Of(new TickReport("town", 0, tick, 0, Town.Control().Length - 1));
}
