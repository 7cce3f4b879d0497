using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Web;
using RiskWatch.Web.Live;
using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>The feed: what the store knows, then what the log says.</summary>
public sealed class FeedTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_alert_is_shown_and_announced_once()
    {
        var model = await LoadedAsync(new FeedFilter());

        Assert.Equal("new", model.Apply([Alert("new", hour: 9)])?.Id);
        Assert.Null(model.Apply([Alert("new", hour: 9) with { Version = 2 }]));
        Assert.Equal(["new", "old"], model.Items.Select(a => a.Id));
        Assert.True(model.IsFresh("new"));
    }

    [Fact]
    public async Task An_older_state_never_replaces_a_newer_one()
    {
        var model = await LoadedAsync(new FeedFilter());

        model.Apply([Alert("old", hour: 8) with { Version = 5, Level = AlertLevel.I }]);
        model.Apply([Alert("old", hour: 8) with { Version = 4, Level = AlertLevel.IV }]);

        Assert.Equal(AlertLevel.I, Assert.Single(model.Items).Level);
    }

    [Fact]
    public async Task What_the_filter_leaves_out_goes_and_what_ended_leaves_the_ongoing_ones()
    {
        var model = await LoadedAsync(new FeedFilter(Site: "china", Ongoing: true));

        Assert.Null(model.Apply([Alert("other", hour: 9) with { Site = "boston" }]));
        model.Apply([Alert("old", hour: 8) with { Version = 2, Status = AlertStatus.Ended }]);

        Assert.Empty(model.Items);
    }

    [Fact]
    public async Task A_withdrawn_provisional_alert_disappears()
    {
        var model = await LoadedAsync(new FeedFilter());

        model.Apply([Alert("old", hour: 8) with { Version = 2, Status = AlertStatus.Withdrawn }]);

        Assert.Empty(model.Items);
    }

    [Fact]
    public async Task A_slow_listener_gets_the_newest_state_of_each_alert_and_holds_nobody_up()
    {
        using var subscription = new FeedSubscription(capacity: 2, _ => { });

        subscription.Post([Alert("a", 1), Alert("a", 1) with { Version = 7 }], [new SiteTick("china", 5)]);
        subscription.Post([], [new SiteTick("china", 6)]);
        var change = await subscription.NextAsync(Cancel);

        Assert.Equal(7, Assert.Single(change.Alerts).Version);
        Assert.Equal(6, Assert.Single(change.Ticks).Tick);
        subscription.Post([Alert("a", 1), Alert("b", 1), Alert("c", 1)], []);
        Assert.True((await subscription.NextAsync(Cancel)).Reload);
    }

    [Fact]
    public async Task The_feed_follows_the_alerts_topic_itself()
    {
        var time = new FakeTimeProvider();
        var log = new FakeLog(time);
        await log.AppendAsync([Entries.Of(new SiteTick("china", 41))], Cancel);
        using var feed = new AlertFeed(log, time, Options.Create(new WebOptions()), NullLogger<AlertFeed>.Instance);
        using var subscription = feed.Subscribe();
        await feed.StartAsync(Cancel);

        await log.AppendAsync([Entries.Of(Alert("a", 1)), Entries.Of(new SiteTick("china", 42))], Cancel);
        while (feed.Find("a") is null || feed.Tick("china")?.Tick != 42)
        {
            await subscription.NextAsync(Cancel);
        }

        await feed.StopAsync(Cancel);
    }

    private static async Task<FeedModel> LoadedAsync(FeedFilter filter)
    {
        var store = new FakeStore();
        store.Alerts.Add(Alert("old", hour: 8));
        var model = new FeedModel(store);
        await model.LoadAsync(filter, Cancel);
        return model;
    }

    private static Alert Alert(string id, int hour) => SomeWeb.FloodAlert() with { Id = id, RaisedAt = new(2021, 7, 20, hour, 0, 0, TimeSpan.Zero), Version = 1 };
}
