using Microsoft.Extensions.Time.Testing;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using RiskWatch.Tests.Web;
using Xunit;

namespace RiskWatch.Tests.Core.Acting;

/// <summary>What people do becomes entries of the log, once, beside what it is about.</summary>
public sealed class DeskTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Closing_appends_one_action_of_the_alerts_site_and_who_did_it()
    {
        var (log, store) = (new FakeLog(_time), Store(SomeWeb.FloodAlert()));

        var acted = await new AlertDesk(log, store, _time).CloseAsync(SomeWeb.FloodId, new Closing(Verdict.FalseAlarm, Note: "drill"), "Mei", "key-1", cancel: Cancel);

        Assert.Equal(ActedOutcome.Done, acted.Outcome);
        var action = Entries.Read(Assert.Single(log.Appended(Topics.Signals)), ContractsJson.Default.AlertAction);
        Assert.Equal(new AlertAction("key-1", "china", SomeWeb.FloodId, AlertActionKind.Close, Verdict.FalseAlarm, null, "drill", "Mei", _time.GetUtcNow()), action);
        Assert.Equal("alert.close", Entries.Read(Assert.Single(log.Appended(Topics.Audit)), ContractsJson.Default.AuditEntry).Action);
    }

    [Theory]
    [InlineData(AlertStatus.Withdrawn, ActedOutcome.TooLate, "LOG §7.2: recorded, answered withdrawn")]
    [InlineData(AlertStatus.Closed, ActedOutcome.Done, "the stage drops repeats by their id")]
    public async Task An_action_is_recorded_whatever_became_of_the_alert(AlertStatus status, ActedOutcome outcome, string because)
    {
        var log = new FakeLog(_time);

        var acted = await new AlertDesk(log, Store(SomeWeb.FloodAlert() with { Status = status }), _time).AcknowledgeAsync(SomeWeb.FloodId, "Mei", cancel: Cancel);

        Assert.True(acted.Outcome == outcome, because);
        Assert.Single(log.Appended(Topics.Signals));
    }

    [Fact]
    public async Task Actions_move_to_the_alert_that_a_provisional_one_was_confirmed_as()
    {
        var log = new FakeLog(_time);

        await new AlertDesk(log, Store(SomeWeb.FloodAlert() with { Status = AlertStatus.Confirmed, ConfirmedAs = "other" }), _time).AcknowledgeAsync(SomeWeb.FloodId, "Mei", cancel: Cancel);

        Assert.Equal("other", Entries.Read(log.Appended(Topics.Signals)[0], ContractsJson.Default.AlertAction).AlertId);
    }

    [Fact]
    public async Task Nothing_is_recorded_for_what_is_not_there()
    {
        var log = new FakeLog(_time);

        Assert.Equal(ActedOutcome.NotFound, (await new AlertDesk(log, Store(), _time).AcknowledgeAsync("none", "Mei", cancel: Cancel)).Outcome);
        Assert.Equal(ActedOutcome.NotFound, (await new RecordDesk(log, Store(), _time).CorrectAsync("weibo", "none", true, null, "Mei", cancel: Cancel)).Outcome);
        Assert.Empty(log.Appended(Topics.Signals));
    }

    [Fact]
    public async Task A_correction_lies_beside_its_record()
    {
        var (log, store) = (new FakeLog(_time), Store());
        store.Records.AddRange(SomeWeb.Records());

        await new RecordDesk(log, store, _time).CorrectAsync("weibo-hotsearch", "1", null, Sentiment.Neutral, "Mei", cancel: Cancel);

        var entry = Assert.Single(log.Appended(Topics.Records));
        Assert.Equal("weibo-hotsearch/1", entry.Key);
        Assert.Equal(Sentiment.Neutral, Entries.Read(entry, ContractsJson.Default.Correction).Sentiment);
    }

    [Fact]
    public async Task Rules_are_applied_as_a_whole_with_new_versions_for_those_that_differ()
    {
        var log = new FakeLog(_time);
        using var desk = Desk(log);
        var rule = desk.Rules()[0].Rule!;
        var from = new DateTimeOffset(2021, 7, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(0, (await desk.ApplyAsync([rule], from, "Mei", Cancel)).Changes);
        Assert.Equal(2, (await desk.ApplyAsync([rule with { QuietHours = 5 }, rule with { Id = "second" }], from, "Mei", Cancel)).Changes);

        var entries = log.Appended(Topics.Control).Select(e => Entries.Read(e, ContractsJson.Default.ControlEntry)).ToList();
        Assert.Equal([("volume", 2), ("second", 1)], entries.Select(e => (e.EntityId, e.Version)));
        Assert.All(entries, e => Assert.Equal((from, "Mei"), (e.EffectiveFrom, e.Author)));
    }

    [Fact]
    public async Task A_rule_that_is_missing_is_removed()
    {
        var log = new FakeLog(_time);
        using var desk = Desk(log);

        await desk.ApplyAsync(Array.Empty<Rule>(), null, "Mei", Cancel);

        Assert.True(Entries.Read(Assert.Single(log.Appended(Topics.Control)), ContractsJson.Default.ControlEntry).Removed);
    }

    [Fact]
    public void What_is_not_valid_in_a_rule_is_named_by_its_place()
    {
        using var desk = Desk(new FakeLog(_time));
        var rule = desk.Rules()[0].Rule! with
        {
            Id = "No spaces",
            Selector = new SeriesSelector("atlantis", null, "xx-1"),
            Levels = [new(AlertLevel.IV, 0.5, 5, 1), new(AlertLevel.III, 1e-7, 1, 1)],
            QuietHours = 0,
        };

        Assert.Equal(["[0].id", "[0].selector.site", "[0].selector.place", "[0].levels[0].pValue", "[0].levels", "[0].quietHours"], desk.Validate([rule]).Select(e => e.Path));
    }

    [Fact]
    public async Task A_new_source_holds_from_ever_and_a_changed_one_from_now()
    {
        var (log, control) = (new FakeLog(_time), new FakeControl(SomeWeb.Control()));
        using var desk = new ControlDesk(log, control, Gazetteer.Default, new FakeTaxonomy(), _time);
        var source = new SourceDefinition("hotline-12345", "china", SourceKinds.Push, Delay: TimeSpan.FromMinutes(2));

        await desk.ApplyAsync([source], "Mei", Cancel);
        control.Latest = RiskWatch.Core.Control.ControlView.Of([.. SomeWeb.Control(), Entries.Read(log.Appended(Topics.Control)[0], ContractsJson.Default.ControlEntry)]);
        await desk.ApplyAsync([source with { Delay = TimeSpan.Zero }], "Mei", Cancel);

        var entries = log.Appended(Topics.Control).Select(e => Entries.Read(e, ContractsJson.Default.ControlEntry)).ToList();
        Assert.Equal([(1, DateTimeOffset.MinValue), (2, _time.GetUtcNow())], entries.Select(e => (e.Version, e.EffectiveFrom)));
    }

    [Fact]
    public async Task A_list_of_claims_is_kept_in_parts_and_replaced_as_a_whole()
    {
        var (log, control) = (new FakeLog(_time), new FakeControl(SomeWeb.Control()));
        using var desk = new ControlDesk(log, control, Gazetteer.Default, new FakeTaxonomy(), _time);
        List<Claim> claims = [.. Enumerable.Range(0, 150).Select(i => new Claim($"c{i}", $"claim {i}", "false"))];

        Assert.Equal(2, (await desk.ApplyAsync("checkers", claims, "Mei", Cancel)).Changes);
        control.Latest = RiskWatch.Core.Control.ControlView.Of([.. SomeWeb.Control(), .. log.Appended(Topics.Control).Select(e => Entries.Read(e, ContractsJson.Default.ControlEntry))]);
        Assert.Equal(150, desk.Claims().Sum(e => e.Claims!.Claims.Count));
        Assert.Equal(0, (await desk.ApplyAsync("checkers", claims, "Mei", Cancel)).Changes);
        Assert.Equal(1, (await desk.ApplyAsync("checkers", [.. claims.Take(100)], "Mei", Cancel)).Changes);

        Assert.True(Entries.Read(log.Appended(Topics.Control)[^1], ContractsJson.Default.ControlEntry).Removed);
        Assert.Equal(ActedOutcome.Invalid, (await desk.ApplyAsync("no name", claims, "Mei", Cancel)).Outcome);
    }

    [Fact]
    public async Task A_missed_warning_is_one_however_often_it_is_reported_and_can_be_taken_back()
    {
        var (log, control) = (new FakeLog(_time), new FakeControl(SomeWeb.Control()));
        using var desk = new ControlDesk(log, control, Gazetteer.Default, new FakeTaxonomy(), _time);
        var miss = new MissedWarning("china", "*", "cn", _time.GetUtcNow().AddDays(-2), _time.GetUtcNow().AddDays(-1), "bridge closed");

        async Task<int> ChangesAsync(Task<Acted> act)
        {
            var acted = await act;
            control.Latest = RiskWatch.Core.Control.ControlView.Of([.. SomeWeb.Control(), .. log.Appended(Topics.Control).Select(e => Entries.Read(e, ContractsJson.Default.ControlEntry))]);
            return acted.Changes;
        }

        Assert.Equal(1, await ChangesAsync(desk.ReportAsync(miss, "Mei", Cancel)));
        Assert.Equal(0, await ChangesAsync(desk.ReportAsync(miss, "Mei", Cancel)));
        Assert.Equal(1, await ChangesAsync(desk.ReportAsync(miss with { Note = "bridge closed for good" }, "Ann", Cancel)));
        var entry = Assert.Single(desk.Misses());
        Assert.Equal(("bridge closed for good", "Ann", 2), (entry.Miss!.Note, entry.Author, entry.Version));
        Assert.Equal(1, await ChangesAsync(desk.WithdrawAsync(entry.EntityId, "Ann", Cancel)));
        Assert.Empty(desk.Misses());
        Assert.Equal(ActedOutcome.NotFound, (await desk.WithdrawAsync(entry.EntityId, "Ann", Cancel)).Outcome);
    }

    [Theory]
    [InlineData("atlantis", "*", "cn", -2, -1, "site")]
    [InlineData("china", "nonsense", "cn", -2, -1, "topic")]
    [InlineData("china", "*", "us-ma-boston", -2, -1, "place")]
    [InlineData("china", "*", "cn", 1, 2, "onset")]
    [InlineData("china", "*", "cn", -2, -3, "end")]
    [InlineData("china", "*", "cn", -200, -1, "end")]
    public async Task A_missed_warning_that_cannot_be_is_refused_and_the_field_named(string site, string topic, string place, int onset, int end, string path)
    {
        var log = new FakeLog(_time);
        using var desk = Desk(log);

        var acted = await desk.ReportAsync(new MissedWarning(site, topic, place, _time.GetUtcNow().AddDays(onset), _time.GetUtcNow().AddDays(end), ""), "Mei", Cancel);

        Assert.Equal(path, Assert.Single(acted.Errors!).Path);
        Assert.Empty(log.Appended(Topics.Control));
    }

    [Fact]
    public void What_is_not_valid_in_a_source_is_named_by_its_place()
    {
        using var desk = Desk(new FakeLog(_time));
        var wrong = new SourceDefinition("No spaces", "atlantis", "pull", Delay: TimeSpan.FromDays(8));

        Assert.Equal(["[0].name", "[0].site", "[0].kind", "[0].delay"], desk.Validate([wrong]).Select(e => e.Path));
    }

    [Fact]
    public async Task A_dead_letter_is_retried_once_together_with_its_resolution()
    {
        var log = new FakeLog(_time);
        await log.AppendAsync([.. SomeWeb.DeadLetters().Select(Entries.Of)], Cancel);
        using var desk = new DeadLetterDesk(log, new ScriptedRetry(new([Entries.Of(SomeWeb.Records().First().Record)])), _time);

        Assert.Equal(ActedOutcome.Done, (await desk.RetryAsync("00000000000000d1", "Mei", Cancel)).Outcome);
        Assert.Equal(ActedOutcome.TooLate, (await desk.RetryAsync("00000000000000d1", "Mei", Cancel)).Outcome);
        Assert.Equal(ActedOutcome.NotFound, (await desk.DropAsync("none", "Mei", Cancel)).Outcome);

        Assert.Single(log.Appended(Topics.Records));
        Assert.Equal(2, (await desk.ListAsync(10, Cancel)).Count);
    }

    [Fact]
    public async Task A_dead_letter_that_is_refused_again_stays_and_says_why()
    {
        var log = new FakeLog(_time);
        await log.AppendAsync([.. SomeWeb.DeadLetters().Select(Entries.Of)], Cancel);
        using var desk = new DeadLetterDesk(log, new ScriptedRetry(new([], DeadLetterReason.MissingField, "'id' is missing.")), _time);

        var acted = await desk.RetryAsync("00000000000000d1", "Mei", Cancel);

        Assert.Equal((ActedOutcome.Invalid, "'id' is missing."), (acted.Outcome, acted.Errors![0].Message));
        Assert.Equal(3, (await desk.ListAsync(10, Cancel)).Count);
    }

    [Theory]
    [InlineData("timeZone", "Mars/Olympus", null, "cn")]
    [InlineData("calendar", "Asia/Shanghai", "xx", "cn")]
    [InlineData("gazetteerRoot", "Asia/Shanghai", null, "atlantis")]
    public async Task A_site_that_cannot_be_is_refused_by_its_key(string key, string zone, string? calendar, string root)
    {
        var log = new FakeLog(_time);
        using var desk = Desk(log);
        var site = new Site { Id = "drill", Names = new BilingualText("演练", "Drill"), TimeZone = zone, Calendar = calendar, GazetteerRoot = root };

        var acted = await desk.SetAsync(site, "Mei", Cancel);

        Assert.Equal("[0]." + key, Assert.Single(acted.Errors!).Path);
        Assert.Empty(log.Appended(Topics.Control));
    }

    [Fact]
    public async Task A_site_is_set_beside_the_others_and_removing_one_that_sources_need_is_refused()
    {
        var log = new FakeLog(_time);
        using var desk = Desk(log);

        Assert.Equal(1, (await desk.SetAsync(new Site { Id = "drill", Names = new BilingualText("演练", "Drill"), TimeZone = "Asia/Shanghai", GazetteerRoot = "cn" }, "Mei", Cancel)).Changes);
        var entry = Entries.Read(Assert.Single(log.Appended(Topics.Control)), ContractsJson.Default.ControlEntry);
        Assert.Equal(("drill", DateTimeOffset.MinValue), (entry.EntityId, entry.EffectiveFrom));
        Assert.Equal(["document"], new ControlValidation(_ => true, Gazetteer.Default, new FakeTaxonomy()).Sites([], [new SourceDefinition("wire", "town", "push")]).Select(e => e.Path));
    }

    private ControlDesk Desk(FakeLog log) => new(log, new FakeControl(SomeWeb.Control()), Gazetteer.Default, new FakeTaxonomy(), _time);

    private static FakeStore Store(params Alert[] alerts)
    {
        var store = new FakeStore();
        store.Alerts.AddRange(alerts);
        return store;
    }

    private sealed class ScriptedRetry(DeadLetterRetryResult result) : IDeadLetterRetry
    {
        public DeadLetterRetryResult Retry(DeadLetter letter, DateTimeOffset now) => result;
    }
}
