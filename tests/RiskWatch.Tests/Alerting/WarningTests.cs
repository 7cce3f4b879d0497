using RiskWatch.Alerting.Warning;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Alerting;

/// <summary>What becomes an alert and how it lives (LOG §3.6, §6, §7). Findings are made by hand.</summary>
public sealed class WarningTests
{
    private static readonly long T = Town.At(40, "09:00");
    private readonly ListedControl _control = new(Town.Control());

    [Fact]
    public void A_tick_is_decided_when_every_tallies_partition_has_reported_it()
    {
        var run = Town.Run(_control, talliesPartitions: 2);

        run.Warn(Finding("fire", Town.North, T), Report(T));
        Assert.Empty(run.Versions);
        run.Warn(Report(T - 1, partition: 1));
        Assert.Empty(run.Versions);
        run.Warn(Report(T + 5, partition: 1));

        Assert.Equal("fire", Assert.Single(run.Confirmed).Topic!.Id);
        Assert.Equal([T - 1, T], run.Ticks.Select(t => t.Tick));
    }

    [Fact]
    public void Signals_of_a_tick_are_decided_by_p_value_not_by_arrival()
    {
        foreach (var reversed in (bool[])[false, true])
        {
            var run = Town.Run(_control);
            LogOutput[] findings = [Finding("fire", Town.North, T, p: 1e-7), Finding("danger", "town", T, p: 1e-9, count: 30)];

            run.Warn([.. reversed ? findings.Reverse() : findings, Report(T)]);

            // The less likely one is the alert, the other is covered by it.
            var alert = Assert.Single(run.Confirmed);
            Assert.Equal("danger", alert.Topic!.Id);
            Assert.Equal(["town/fire@town/north"], alert.Covers);
        }
    }

    [Fact]
    public void The_id_is_a_hash_of_site_rule_series_and_first_tick()
    {
        var run = Raised();

        var alert = Assert.Single(run.Confirmed);
        Assert.Equal(Evidence.Id("town", "surge", new SeriesId("town", "fire", Town.North), T), alert.Id);
        Assert.Matches("^[0-9a-f]{16}$", alert.Id);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds((T + 1) * 60), alert.RaisedAt);
    }

    [Fact]
    public void The_same_episode_under_a_newer_version_of_its_rule_would_have_the_same_id()
    {
        _control.Add(Town.RuleEntry(Town.Surge, 7));

        Assert.Equal(Raised().Confirmed.Single().Id, Raised().Confirmed.Single().Id);
        Assert.Equal(Evidence.Id("town", "surge", new SeriesId("town", "fire", Town.North), T), Raised().Confirmed.Single().Id);
        Assert.Equal(7, Raised().Confirmed.Single().Versions.RuleVersion);
    }

    [Fact]
    public void A_rule_holds_from_its_effectiveFrom_on_the_sites_clock()
    {
        var off = Town.Surge with { Enabled = false };
        var offset = _control.Add(Town.RuleEntry(off, 2, Town.Time(40, "10:00")));
        var run = Town.Run(_control);

        run.Warn(Finding("fire", Town.North, T), Report(T, offset: offset));
        Assert.Single(run.Confirmed);
        run.Warn(Finding("noise", Town.South, Town.At(40, "10:01")), Report(Town.At(40, "10:01"), offset: offset));

        Assert.Single(run.Confirmed);
        Assert.Equal("ruleChanged", run.Confirmed.Single().History[^1].Reason);
        Assert.Equal(Town.Time(40, "10:00"), run.Confirmed.Single().History[^1].At);
    }

    [Fact]
    public void A_tick_uses_control_up_to_its_own_offset_and_no_more()
    {
        var before = _control.Offset;
        _control.Add(Town.RuleEntry(Town.Surge with { Enabled = false }, 2));
        var run = Town.Run(_control);

        // The table holds the switch-off, but the marks that closed this tick had not seen it.
        run.Warn(Finding("fire", Town.North, T), Report(T, offset: before));

        Assert.Single(run.Confirmed);
    }

    [Fact]
    public void The_most_specific_rule_decides()
    {
        var strict = Town.Surge with { Id = "strict", Selector = new SeriesSelector(Topic: "fire", Place: "town"), Levels = [new LevelThreshold(AlertLevel.IV, 1e-30, 5, 1)] };
        _control.Add(Town.RuleEntry(strict));
        var run = Town.Run(_control);

        run.Warn(Finding("fire", Town.North, T, p: 1e-9), Finding("noise", Town.South, T, p: 1e-8), Report(T));

        Assert.Equal("noise", Assert.Single(run.Confirmed).Topic!.Id);
    }

    [Fact]
    public void One_episode_is_one_alert_however_long_it_lasts()
    {
        var run = Raised();

        for (var minute = 1; minute < 600; minute += 20)
        {
            run.Warn(Finding("fire", Town.North, T + minute, p: 1e-9), Report(T + minute));
        }

        Assert.Single(run.Confirmed);
    }

    [Fact]
    public void A_level_steps_down_after_two_quiet_hours_and_the_last_one_ends()
    {
        var run = Town.Run(_control);
        run.Warn(Finding("fire", Town.North, T, p: 1e-8, count: 30), Report(T));
        Assert.Equal(AlertLevel.II, run.Confirmed.Single().Level);

        // III is still met half an hour later, IV an hour later, then nothing.
        run.Warn(Finding("fire", Town.North, T + 30, p: 1e-6, count: 12), Finding("fire", Town.North, T + 60, p: 1e-4, count: 8), Quiet("fire", Town.North, T + 61), Report(T + 119));
        Assert.Equal(AlertLevel.II, run.Confirmed.Single().Level);
        run.Warn(Report(T + 120));
        Assert.Equal(AlertLevel.III, run.Confirmed.Single().Level);
        run.Warn(Report(T + 150));
        Assert.Equal((AlertLevel.IV, AlertStatus.Open), (run.Confirmed.Single().Level, run.Confirmed.Single().Status));
        run.Warn(Report(T + 180));

        Assert.Equal((AlertLevel.IV, AlertLevel.II, AlertStatus.Ended), (run.Confirmed.Single().Level, run.Confirmed.Single().PeakLevel, run.Confirmed.Single().Status));
        Assert.Equal(["raised", "steppedDown", "steppedDown", "ended"], run.Confirmed.Single().History.Select(h => h.Reason));
    }

    [Fact]
    public void A_worse_finding_escalates_at_once()
    {
        var run = Raised();

        run.Warn(Finding("fire", Town.North, T + 1, p: 1e-9, count: 60), Report(T + 1));

        Assert.Equal((AlertLevel.I, AlertLevel.I), (run.Confirmed.Single().Level, run.Confirmed.Single().PeakLevel));
        Assert.Equal("escalated", run.Confirmed.Single().History[^1].Reason);
    }

    [Fact]
    public void After_an_episode_its_series_rests()
    {
        var run = Raised();
        run.Warn(Quiet("fire", Town.North, T + 1), Report(T + 121));
        Assert.Equal(AlertStatus.Ended, run.Confirmed.Single().Status);

        run.Warn(Finding("fire", Town.North, T + 400, p: 1e-4, count: 6), Report(T + 400));
        Assert.Single(run.Confirmed);
        run.Warn(Finding("fire", Town.North, T + 120 + (72 * 60) + 1, p: 1e-4, count: 6), Report(T + 120 + (72 * 60) + 1));

        Assert.Equal(2, run.Confirmed.Count);
    }

    [Theory]
    [InlineData("fire", Town.Mill, 1e-6, 12, 1, "a part rests with the whole")]
    [InlineData("fire", Town.Mill, 1e-8, 30, 2, "orange of a part is news")]
    [InlineData("fire", Town.North, 1e-8, 30, 1, "as grave as before")]
    [InlineData("fire", Town.North, 1e-10, 60, 2, "graver than before")]
    [InlineData("danger", "town", 1e-6, 12, 2, "wider than before")]
    [InlineData("noise", Town.North, 1e-6, 12, 2, "something else")]
    public void What_flares_up_again_within_an_ended_episode_is_news_only_where_it_is_graver_or_wider(string topic, string place, double p, double count, int alerts, string because)
    {
        var run = Town.Run(_control);
        run.Warn(Finding("fire", Town.North, T, p: 1e-8, count: 30), Report(T));
        run.Warn(Quiet("fire", Town.North, T + 1), Report(T + 400));
        Assert.Equal(AlertStatus.Ended, run.Confirmed.Single().Status);

        run.Warn(Finding(topic, place, T + 900, p, count), Report(T + 900));

        Assert.True(alerts == run.Confirmed.Count, because);
    }

    [Fact]
    public void Everything_at_a_place_is_not_said_while_something_graver_goes_on_around_it()
    {
        var run = Town.Run(_control);
        run.Warn(Finding("fire", "town", T, p: 1e-10, count: 60), Report(T));

        run.Warn(Finding("*", Town.South, T + 1, p: 1e-6, count: 20), Report(T + 1));
        Assert.Single(run.Confirmed);
        run.Warn(Finding("*", Town.South, T + 2, p: 1e-11, count: 90), Report(T + 2));

        Assert.Equal(2, run.Confirmed.Count);
    }

    [Theory]
    [InlineData("smoke", 1, "no name")]
    [InlineData("noise", 0, "a topic's name")]
    [InlineData("南区", 0, "a place's name")]
    [InlineData("火", 0, "part of a name in a script without spaces")]
    [InlineData("ire", 1, "part of a word")]
    public void A_term_that_repeats_a_name_is_no_alert_of_its_own(string term, int alerts, string because)
    {
        var run = Town.Run(_control);

        run.Warn(Entries.Of(Alerts.Finding("x", "town", T, 1e-16, 40) with { Series = new SeriesId("town", null, "town", term) }), Report(T));

        Assert.True(alerts == run.Confirmed.Count, because);
    }

    [Fact]
    public void A_young_baseline_asks_for_more()
    {
        var old = Town.Run(_control);
        old.Warn(Entries.Of(Alerts.Finding("fire", Town.North, T, 1e-5, 12) with { BaselineDays = 28 }), Report(T));
        var young = Town.Run(_control);
        young.Warn(Entries.Of(Alerts.Finding("fire", Town.North, T, 6e-4, 12) with { BaselineDays = 8 }), Report(T));

        Assert.Single(old.Confirmed);
        Assert.Empty(young.Confirmed);
    }

    [Fact]
    public void An_older_surge_that_would_stand_without_the_window_is_what_is_shown()
    {
        var signal = Alerts.Finding("fire", Town.North, T, 1e-12, 40) with
        {
            Windows = [new WindowFinding(6, 40, 0.5, 1e-12), new WindowFinding(24, 90, 2, 1e-11, 1, Youngest: 40, YoungestExpected: 0.5), new WindowFinding(168, 95, 14, 1e-9, 1, Youngest: 90, YoungestExpected: 2)],
        };
        var run = Town.Run(_control);
        run.Warn(Entries.Of(signal), Report(T));

        // Without the last six hours the day's window is over, yet the week's is not; with a day empty nothing is.
        var alert = Assert.Single(run.Confirmed);
        Assert.Equal(168, alert.Window);
        Assert.InRange(alert.StandDownCount, 5, 94);
    }

    [Theory]
    [InlineData("fire", Town.Mill, "a place within")]
    [InlineData("danger", Town.North, "a topic above")]
    [InlineData("danger", "town", "both above")]
    [InlineData("*", "town", "everything")]
    public void A_parent_or_child_gets_no_alert_of_its_own(string topic, string place, string because)
    {
        var run = Raised();

        run.Warn(Finding(topic, place, T + 5, p: 1e-7), Report(T + 5));

        Assert.True(run.Confirmed.Count == 1, because);
        Assert.Equal([$"town/{topic}@{place}"], run.Confirmed.Single().Covers);
    }

    [Theory]
    [InlineData("noise", Town.North, "another topic")]
    [InlineData("fire", Town.South, "another place")]
    public void What_is_no_kin_gets_its_own_alert(string topic, string place, string because)
    {
        var run = Raised();

        run.Warn(Finding(topic, place, T + 2000, p: 1e-9), Report(T + 2000));

        Assert.True(run.Confirmed.Count == 2, because);
    }

    [Fact]
    public void Another_name_for_the_same_records_gets_no_alert_of_its_own()
    {
        string[] records = ["wire/1", "wire/2", "wire/3", "wire/4"];
        var run = Town.Run(_control);
        run.Warn(Showing("fire", "town", T, records), Report(T));

        run.Warn(Showing("noise", "town", T + 1, ["wire/2", "wire/3", "wire/4", "wire/9"]), Report(T + 1));
        run.Warn(Showing("noise", Town.South, T + 2, ["wire/20", "wire/21", "wire/22"]), Report(T + 2));

        // The second is the first by another name, and the third lies below it.
        Assert.Equal(["town/noise@town", "town/noise@town/south"], Assert.Single(run.Confirmed).Covers);

        static LogOutput Showing(string topic, string place, long tick, IReadOnlyList<string> records) =>
            Entries.Of(Alerts.Finding(topic, place, tick, 1e-6, 12) with { Exemplars = records });
    }

    [Fact]
    public void What_lies_below_a_covered_series_beyond_the_alerts_place_is_not_covered()
    {
        var run = Raised();

        run.Warn(Finding("fire", "town", T + 1, p: 1e-7), Report(T + 1));
        run.Warn(Finding("fire", Town.South, T + 2, p: 1e-9, count: 30), Report(T + 2));

        Assert.Equal([Town.North, Town.South], run.Confirmed.Select(a => a.Place!.Code));
    }

    [Fact]
    public void A_term_alerts_only_where_no_topic_explains_it()
    {
        var term = Alerts.Finding("x", "town", T, 1e-16, 40) with { Series = new SeriesId("town", null, "town", "smoke") };
        var alone = Town.Run(_control);
        alone.Warn(Entries.Of(term), Report(T));
        var explained = Town.Run(_control);
        explained.Warn(Finding("fire", Town.North, T, p: 1e-9, count: 30), Entries.Of(term), Report(T));

        Assert.Equal("smoke", Assert.Single(alone.Confirmed).Term);
        Assert.Equal("fire", Assert.Single(explained.Confirmed).Topic!.Id);
    }

    [Fact]
    public void Everything_alerts_only_where_no_topic_explains_it()
    {
        var explained = Town.Run(_control);
        explained.Warn(Finding("fire", Town.North, T, p: 1e-5), Finding("*", "town", T, p: 1e-8), Report(T));
        var alone = Town.Run(_control);
        alone.Warn(Finding("*", "town", T, p: 1e-8), Report(T));

        Assert.Equal("fire", Assert.Single(explained.Confirmed).Topic!.Id);
        Assert.Equal("*", Assert.Single(alone.Confirmed).Topic!.Id);
    }

    [Fact]
    public void Volume_of_few_accounts_is_no_alert()
    {
        var run = Town.Run(_control);

        run.Warn(Finding("fire", Town.North, T, p: 1e-12, concentrated: true, authors: 9), Finding("noise", Town.South, T, p: 1e-12, authors: 4), Report(T));

        Assert.Empty(run.Confirmed);
    }

    [Fact]
    public void A_short_baseline_raises_nothing_and_a_longer_one_says_so()
    {
        var run = Town.Run(_control);
        run.Warn(Finding("fire", Town.North, T, p: 1e-12, days: 6), Finding("noise", Town.South, T, p: 1e-12, days: 9), Report(T));

        var alert = Assert.Single(run.Confirmed);
        Assert.Equal("noise", alert.Topic!.Id);
        Assert.Contains(alert.CounterEvidence, c => c.En == "Baseline of 9 days.");
    }

    [Fact]
    public void What_is_out_of_the_ordinary_at_the_same_place_gives_all_topics_its_name()
    {
        var run = Town.Run(_control);
        run.Warn(Finding("*", Town.North, T, p: 1e-20, count: 60), Report(T));
        Assert.StartsWith("All topics in North: 60 within", Assert.Single(run.Confirmed).Headline.En, StringComparison.Ordinal);
        var id = run.Confirmed.Single().Id;

        run.Warn(Finding("danger", Town.North, T + 1, p: 1e-12), Finding("fire", Town.North, T + 1, p: 1e-12), Finding("noise", Town.North, T + 1, p: 1e-12), Finding("flood", Town.Mill, T + 1, p: 1e-12), Report(T + 1));

        var alert = Assert.Single(run.Confirmed);
        Assert.Equal(id, alert.Id);
        Assert.StartsWith("Fire, noise and more in North: 60 within", alert.Headline.En, StringComparison.Ordinal);
        Assert.StartsWith("北区：火灾、噪声等话题，", alert.Headline.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expectation_below_one_is_said_as_fewer_than_one()
    {
        var run = Town.Run(_control);

        run.Warn(Finding("fire", Town.North, T), Report(T));

        var headline = Assert.Single(run.Confirmed).Headline;
        Assert.EndsWith("usually fewer than 1", headline.En, StringComparison.Ordinal);
        Assert.EndsWith("通常不到1条", headline.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silence_marks_the_alert_and_it_is_still_shown()
    {
        var silence = new Silence("s1", new SeriesSelector(Topic: "danger"), Town.Time(40, "09:30"), Town.Time(40, "10:00"), "drill");
        _control.Add(Town.Entry(ControlKind.Silence, "s1") with { Silence = silence });
        var run = Raised();
        Assert.Null(run.Confirmed.Single().SilencedBy);

        run.Warn(Report(Town.At(40, "09:40")));
        Assert.Equal(("s1", AlertStatus.Open), (run.Confirmed.Single().SilencedBy, run.Confirmed.Single().Status));
        run.Warn(Report(Town.At(40, "10:10")));

        Assert.Null(run.Confirmed.Single().SilencedBy);
    }

    [Fact]
    public void The_lowest_level_keeps_to_the_sites_budget_of_alerts_a_day()
    {
        var run = Town.Run(_control);
        for (var hour = 0; hour < 24 * 10; hour++)
        {
            var place = hour % 2 == 0 ? Town.North : Town.South;
            run.Warn(Finding(hour % 4 < 2 ? "fire" : "noise", place, T + (hour * 60), p: 2e-4, count: 6), Quiet("fire", place, T + (hour * 60) + 1), Quiet("noise", place, T + (hour * 60) + 1), Report(T + (hour * 60) + 59));
        }

        Assert.InRange(run.Confirmed.Count, 5, 11);
    }

    [Fact]
    public void A_serious_finding_does_not_wait_for_the_budget()
    {
        var run = Raised();

        run.Warn(Finding("noise", Town.South, T + 1, p: 1e-8, count: 30), Report(T + 1));

        Assert.Equal(2, run.Confirmed.Count);
    }

    [Fact]
    public void More_tests_ask_for_less_likely_findings()
    {
        var busy = Town.Run(_control);
        for (var hour = 0; hour < 48; hour++)
        {
            busy.Warn(Report(T - (60 * 48) + (hour * 60) + 59 - 60, tests: 20_000));
        }

        busy.Warn(Finding("fire", Town.North, T, p: 1e-4, count: 6), Report(T));
        var calm = Town.Run(_control);
        calm.Warn(Finding("fire", Town.North, T, p: 1e-4, count: 6), Report(T));

        Assert.Empty(busy.Confirmed);
        Assert.Single(calm.Confirmed);
    }

    [Fact]
    public void An_action_is_applied_once_and_closing_does_not_end_the_episode()
    {
        var run = Raised();
        var id = run.Confirmed.Single().Id;
        var close = Action("a1", id, AlertActionKind.Close) with { Verdict = Verdict.True };

        run.Warn(Entries.Of(Action("a0", id, AlertActionKind.Acknowledge)), Entries.Of(close), Entries.Of(close));
        run.Warn(Finding("fire", Town.North, T + 5, p: 9e-5, count: 6), Finding("fire", Town.Mill, T + 5, p: 9e-5, count: 6), Report(T + 5));

        var alert = Assert.Single(run.Confirmed);
        Assert.Equal((AlertStatus.Closed, Verdict.True, "ann"), (alert.Status, alert.Verdict, alert.AcknowledgedBy));
        Assert.Equal(["raised", "acknowledged", "closed"], alert.History.Select(h => h.Reason));
        run.Warn(Quiet("fire", Town.North, T + 6), Report(T + 200));
        Assert.Equal((AlertStatus.Closed, "ended"), (run.Confirmed.Single().Status, run.Confirmed.Single().History[^1].Reason));
    }

    [Fact]
    public void A_closed_alert_that_gets_worse_than_it_ever_was_opens_again()
    {
        var run = Raised();
        run.Warn(Entries.Of(Action("a1", run.Confirmed.Single().Id, AlertActionKind.Close) with { Verdict = Verdict.FalseAlarm }));

        run.Warn(Finding("fire", Town.North, T + 5, p: 1e-9, count: 60), Report(T + 5));

        Assert.Equal((AlertStatus.Open, AlertLevel.I), (run.Confirmed.Single().Status, run.Confirmed.Single().Level));
        Assert.Equal(["raised", "closed", "escalated", "reopened"], run.Confirmed.Single().History.Select(h => h.Reason));
    }

    [Fact]
    public void A_rule_change_judges_open_episodes_again()
    {
        var run = Raised(p: 1e-6, count: 12);
        Assert.Equal(AlertLevel.III, run.Confirmed.Single().Level);

        var milder = _control.Add(Town.RuleEntry(Town.Surge with { Levels = [new LevelThreshold(AlertLevel.IV, 1e-3, 5, 1)] }, 2));
        run.Warn(Report(T + 1, offset: milder));
        Assert.Equal((AlertLevel.IV, 2), (run.Confirmed.Single().Level, run.Confirmed.Single().Versions.RuleVersion));

        var off = _control.Add(Town.RuleEntry(Town.Surge with { Levels = [new LevelThreshold(AlertLevel.IV, 1e-9, 5, 1)] }, 3));
        run.Warn(Report(T + 2, offset: off));
        Assert.Equal((AlertStatus.Ended, "ruleChanged"), (run.Confirmed.Single().Status, run.Confirmed.Single().History[^1].Reason));
    }

    [Fact]
    public void Versions_grow_by_one_and_hold_nothing_of_the_wall_clock()
    {
        var run = Raised();
        run.Warn(Finding("fire", Town.North, T + 1, p: 1e-9, count: 60), Report(T + 1));
        run.Warn(Quiet("fire", Town.North, T + 2), Report(T + 1000));

        Assert.Equal(Enumerable.Range(1000, run.Versions.Count).Select(v => (long)v).Last(), run.Versions[^1].Version);
        Assert.True(run.Versions.Zip(run.Versions.Skip(1)).All(v => v.First.Version < v.Second.Version));
        Assert.All(run.Versions, v => Assert.True(v.UpdatedAt.Year == 2024));
    }

    [Fact]
    public void The_state_of_the_stage_survives_a_crash_at_any_report()
    {
        var calm = Scenario(crash: false);
        var crashed = Scenario(crash: true);

        Assert.Equal(Alerts.Json(calm.Confirmed), Alerts.Json(crashed.Confirmed));

        AlertingRun Scenario(bool crash)
        {
            var run = Town.Run(new ListedControl(Town.Control()), talliesPartitions: 2);
            for (var minute = 0; minute < 400; minute += 10)
            {
                run.Warn(minute < 100 ? Finding("fire", Town.North, T + minute, p: 1e-7 / (minute + 1), count: 10 + minute) : Quiet("fire", Town.North, T + minute), Report(T + minute));
                if (crash)
                {
                    run.Crash();
                }

                run.Warn(Report(T + minute, partition: 1, tests: 3));
            }

            return run;
        }
    }

    private AlertingRun Raised(double p = 1e-4, double count = 6)
    {
        var run = Town.Run(_control);
        run.Warn(Finding("fire", Town.North, T, p: p, count: count), Report(T, offset: _control.Offset));
        return run;
    }

    private static AlertAction Action(string id, string alert, AlertActionKind kind) => new(id, "town", alert, kind, null, null, null, "ann", DateTimeOffset.UnixEpoch);

    private static LogOutput Finding(string topic, string place, long tick, double p = 1e-6, double count = 12, bool concentrated = false, double? authors = null, double days = 60) =>
        Entries.Of(Alerts.Finding(topic, place, tick, p, count) with { Concentrated = concentrated, Authors = authors, BaselineDays = days });

    private static LogOutput Quiet(string topic, string place, long tick) => Entries.Of(Alerts.Finding(topic, place, tick, 1, 0) with { Quiet = true });

    private LogOutput Report(long tick, int partition = 0, long? offset = null, long tests = 0) =>
        Entries.Of(new TickReport("town", partition, tick, tests, offset ?? Math.Max(Town.Control().Length - 1, _control.Offset)));
}
