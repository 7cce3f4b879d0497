using RiskWatch.Contracts;
using RiskWatch.Core.Store;
using static RiskWatch.AdapterTests.Support.SomeStored;

namespace RiskWatch.AdapterTests;

public abstract partial class StoreCompliance
{
    public static TheoryData<AlertQuery, string, string> AlertFilters() => new()
    {
        { new AlertQuery(), "c a b e", "all but withdrawn, last raised first, then by id" },
        { new AlertQuery { Statuses = [AlertStatus.Withdrawn] }, "d", "withdrawn ones when asked for" },
        { new AlertQuery { Statuses = [AlertStatus.Open, AlertStatus.Closed] }, "a b e", "several statuses" },
        { new AlertQuery { Statuses = [] }, "", "no status at all" },
        { new AlertQuery { MinimumLevel = AlertLevel.II }, "c b", "at least a level" },
        { new AlertQuery { Site = "boston" }, "e", "site" },
        { new AlertQuery { Topic = "fire" }, "b", "topic" },
        { new AlertQuery { Place = "cn-41" }, "c a b", "a place's ancestor" },
        { new AlertQuery { Place = "cn-4101" }, "c a", "place" },
        { new AlertQuery { From = Noon }, "c a b", "raised at or after" },
        { new AlertQuery { Until = Noon }, "e", "raised before" },
    };

    [Theory]
    [MemberData(nameof(AlertFilters))]
    public async Task Alerts_are_filtered(AlertQuery query, string expected, string because)
    {
        await WriteAsync(
            Alert("b", Noon, AlertStatus.Closed, AlertLevel.I, topic: "fire", place: "cn-41"),
            Alert("a", Noon),
            Alert("c", Noon.AddHours(1), AlertStatus.Provisional, AlertLevel.II),
            Alert("d", Noon.AddHours(2), AlertStatus.Withdrawn),
            Alert("e", Noon.AddHours(-1), peak: AlertLevel.IV, site: "boston", topic: null, place: null));

        Assert.True(expected == string.Join(' ', await FindAlertsAsync(query)), because);
    }

    [Fact]
    public async Task An_alert_is_kept_whole_and_the_greatest_version_holds()
    {
        var first = Alert("a", Noon);
        var second = first with { Version = 2, Status = AlertStatus.Closed, Verdict = Verdict.FalseAlarm, PeakLevel = AlertLevel.I };
        await WriteAsync(second);
        await WriteAsync(first, second with { Verdict = Verdict.True });

        Assert.Equivalent(second, await Store.GetAlertAsync("a", Cancel), strict: true);
        Assert.Equal(["a"], await FindAlertsAsync(new AlertQuery { Statuses = [AlertStatus.Closed], MinimumLevel = AlertLevel.I }));
        Assert.Empty(await FindAlertsAsync(new AlertQuery { Statuses = [AlertStatus.Open] }));
        Assert.Null(await Store.GetAlertAsync("none", Cancel));
    }

    [Fact]
    public async Task Pages_of_alerts_reach_the_end_without_doubles()
    {
        await WriteAsync([.. Enumerable.Range(0, 25).Select(i => Alert(Id(i), Noon.AddMinutes(-i / 5)))]);

        var found = new List<string>();
        var query = new AlertQuery { Limit = 4 };
        do
        {
            var page = await Store.SearchAlertsAsync(query, Cancel);
            found.AddRange(page.Items.Select(i => i.Id));
            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);

        Assert.Equal(Enumerable.Range(0, 25).Select(Id), found);
    }

    [Fact]
    public async Task A_trend_is_its_hours_in_order_with_their_last_version()
    {
        var hours = Enumerable.Range(0, 5).Select(i => Hour(Noon.AddHours(i), i)).ToArray();
        await WriteAsync([.. hours.Reverse()]);
        await WriteAsync(Hour(Noon.AddHours(1), 40, version: 3));
        await WriteAsync(Hour(Noon.AddHours(1), 20, version: 2), Hour(Noon.AddHours(2), 99));

        var trend = await Store.TrendAsync(new SeriesId("china", "flood", "cn-41"), Noon.AddHours(1), Noon.AddHours(4), Cancel);

        Assert.Equal([hours[1] with { Observed = 40, Version = 3 }, hours[2], hours[3]], trend);
    }

    [Fact]
    public async Task Trends_of_topics_and_terms_are_apart()
    {
        await WriteAsync(Hour(Noon, 1), Hour(Noon, 2, topic: "*"), Hour(Noon, 3, topic: null, term: "flood"), Hour(Noon, 4, place: "cn"));

        Assert.Equal(3, Assert.Single(await Store.TrendAsync(new SeriesId("china", null, "cn-41", "flood"), Noon, Noon.AddHours(1), Cancel)).Observed);
        Assert.Equal(1, Assert.Single(await Store.TrendAsync(new SeriesId("china", "flood", "cn-41"), Noon, Noon.AddHours(1), Cancel)).Observed);
        Assert.Empty(await Store.TrendAsync(new SeriesId("boston", "flood", "cn-41"), Noon, Noon.AddHours(1), Cancel));
    }

    [Fact]
    public async Task Pruning_deletes_alerts_that_are_over_and_long_unchanged()
    {
        var old = Noon.AddMonths(-3);
        await WriteAsync(
            Alert("a", old, AlertStatus.Closed), Alert("b", old, AlertStatus.Ended), Alert("c", old), Alert("d", old, AlertStatus.Closed) with { UpdatedAt = Noon }, Alert("e", Noon, AlertStatus.Closed));

        Assert.Equal(2, await Store.PruneAlertsAsync(Noon.AddMonths(-1), Cancel));
        await RefreshAsync();

        Assert.Equal(["e", "c", "d"], await FindAlertsAsync(new AlertQuery()));
        Assert.Null(await Store.GetAlertAsync("a", Cancel));
    }

    [Fact]
    public async Task Pruning_deletes_hours_before()
    {
        await WriteAsync(Hour(Noon.AddMonths(-2), 1), Hour(Noon.AddHours(-1), 2), Hour(Noon, 3));

        Assert.Equal(2, await Store.PruneTrendsAsync(Noon, Cancel));
        await RefreshAsync();

        Assert.Equal(3, Assert.Single(await Store.TrendAsync(new SeriesId("china", "flood", "cn-41"), Noon.AddYears(-1), Noon.AddYears(1), Cancel)).Observed);
        await WriteAsync(Hour(Noon.AddMonths(-2), 4));
        Assert.Equal(4, (await Store.TrendAsync(new SeriesId("china", "flood", "cn-41"), Noon.AddYears(-1), Noon, Cancel))[0].Observed);
    }
}
