using System.Text.Json;
using CsCheck;
using RiskWatch.Classification.Taxonomies;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Alerting;

/// <summary>Both stages together, from tallies to alerts.</summary>
public sealed class ScenarioTests
{
    private const int Day = 21;

    [Fact]
    public void A_rush_on_one_topic_and_place_is_one_alert_with_its_evidence()
    {
        var run = new Town().Calm(Day).Rush(Day, "09:00", "fire", Town.Mill, 30).Play(Town.At(Day, "12:00"));

        var alert = Assert.Single(run.Confirmed);
        Assert.Equal("fire", alert.Topic!.Id);
        Assert.InRange(alert.RaisedAt, Town.Time(Day, "09:04"), Town.Time(Day, "09:12"));
        Assert.True(alert.Observed > alert.Expected && alert.RatioLower > 1 && alert.PValue < 1e-3);
        Assert.NotEmpty(alert.Exemplars);
        Assert.All(alert.Exemplars, e => Assert.StartsWith("wire/", e));
        Assert.Equal(30, alert.Kinds.Hotline);
        Assert.Contains(alert.Chart, p => p.Hour == Town.Time(Day, "09:00") && p.Observed == 30);
        Assert.Contains(alert.CounterEvidence, c => c.En.StartsWith("One-sided: hotline", StringComparison.Ordinal));
        Assert.Contains("Fire", alert.Headline.En, StringComparison.Ordinal);
        Assert.Contains("火灾", alert.Headline.Zh, StringComparison.Ordinal);
        Assert.NotEmpty(alert.Covers);
        Assert.Null(alert.Authors);
    }

    [Fact]
    public void A_calm_month_raises_nothing()
    {
        Assert.Empty(new Town().Calm(31).Play(Town.At(31, "00:00")).Confirmed);
    }

    [Fact]
    public void The_stand_down_count_is_the_largest_that_raises_nothing()
    {
        var alert = new Town().Calm(Day).Hotline(Day, "09:00", "fire", Town.Mill, 30).Play(Town.At(Day, "12:00")).Confirmed.Single();
        var most = (int)alert.StandDownCount;

        Assert.InRange(most, 1, 29);
        Assert.Empty(new Town().Calm(Day).Hotline(Day, "09:00", "fire", Town.Mill, most).Play(Town.At(Day, "12:00")).Confirmed);
        Assert.Single(new Town().Calm(Day).Hotline(Day, "09:00", "fire", Town.Mill, most + 1).Play(Town.At(Day, "12:00")).Confirmed);
    }

    [Fact]
    public void Many_copies_from_few_accounts_are_shown_as_concentrated_and_raise_nothing()
    {
        var run = new Town().Calm(Day).Posts(Day, "09:00", "fire", Town.Mill, 100, authors: 4, texts: 25).Play(Town.At(Day, "12:00"));

        Assert.Empty(run.Confirmed);
        Assert.Contains(run.Findings, f => f.Concentrated);
    }

    [Fact]
    public void One_text_of_one_account_counts_once_an_hour()
    {
        var run = new Town().Calm(Day).Posts(Day, "09:00", "fire", Town.Mill, 100, authors: 1, texts: 1).Play(Town.At(Day, "12:00"));

        Assert.DoesNotContain(run.Findings, f => f.Series.Topic == "fire" && f.Window.Observed > 5);
    }

    [Fact]
    public void Posts_of_many_accounts_raise_an_alert()
    {
        Assert.Single(new Town().Calm(Day).Posts(Day, "09:00", "fire", Town.Mill, 30).Play(Town.At(Day, "12:00")).Confirmed);
    }

    [Fact]
    public void A_series_that_fired_keeps_sending_until_it_is_quiet_and_then_says_so_once()
    {
        var run = new Town().Calm(Day).Rush(Day, "09:00", "fire", Town.Mill, 30).Play(Town.At(Day + 3, "00:00"));

        var sent = run.Findings.Where(f => f.Series is { Topic: "fire", Place: Town.Mill }).ToList();
        Assert.Single(sent, f => f.Quiet);
        Assert.True(sent[^1].Quiet);
        Assert.Contains(sent, f => f.Tick == Town.At(Day, "10:59"));
        Assert.Equal(AlertStatus.Ended, run.Confirmed.Single().Status);
    }

    [Fact]
    public void An_outbreak_does_not_become_the_new_baseline()
    {
        var before = new Town().Calm(Day).Rush(Day, "09:00", "fire", Town.North, 60).Play(Town.At(Day + 4, "00:00"));

        var expected = before.History.Last(h => h is { Topic: "fire", Place: Town.North }).Expected;
        Assert.InRange(expected, 0, 0.3);
    }

    [Fact]
    public void Any_cut_any_partitions_and_any_interleaving_give_the_same_alerts()
    {
        var town = new Town().Calm(12)
            .Rush(9, "07:30", "noise", Town.South, 25).Posts(10, "12:00", "flood", Town.Mill, 20).Rush(11, "08:10", "fire", Town.Mill, 40)
            .Hotline(11, "08:30", "flood", Town.South, 12).Posts(11, "08:45", "noise", Town.North, 15, authors: 3);
        var until = Town.At(12, "12:00");
        var expected = Alerts.Json(town.Play(until).Confirmed);
        Assert.Contains("\"id\"", expected, StringComparison.Ordinal);

        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 8], Gen.Int[1, 400], Gen.Int[0, 1_000_000], Gen.Bool).Sample(
            (records, tallies, cut, seed, crash) =>
            {
                var run = Town.Run(recordsPartitions: records, talliesPartitions: tallies);
                var random = new Random(seed);
                var entries = town.Entries(until, records, interleave: random);
                for (var at = 0; at < entries.Count;)
                {
                    var size = 1 + random.Next(cut);
                    run.Batch(entries.Skip(at).Take(size));
                    at += size;
                    if (crash && random.Next(20) == 0)
                    {
                        run.Crash();
                    }
                }

                return Alerts.Json(run.Confirmed) == expected;
            },
            iter: 12,
            threads: 1);
    }

    [Fact]
    public void A_bursting_term_becomes_a_series_and_ordinary_words_do_not()
    {
        var run = Town.Run();
        var entries = new List<LogOutput>();
        for (var hour = 0; hour < 24 * 12; hour++)
        {
            var minute = Town.At(0, "00:10") + (hour * 60);
            entries.Add(Entries.Of(new Clock(Town.Site, 0, minute, Town.Control().Length - 1)));
            entries.Add(Entries.Of(Word(minute, 7, "weather", 3)));
            if (hour >= 24 * 11)
            {
                entries.Add(Entries.Of(Word(minute, 8, "zorblax", 9)));
            }
        }

        entries.Add(Entries.Of(new Clock(Town.Site, 0, Town.At(12, "02:00"), Town.Control().Length - 1)));
        run.Batch(entries);

        var terms = run.Findings.Where(f => f.Series.Term is not null).Select(f => f.Series.Term).Distinct();
        Assert.Equal(["zorblax"], terms);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(12, false)]
    public void A_phrase_that_gathers_over_a_week_is_one_term_unless_the_whole_town_is_louder(int others, bool found)
    {
        var run = Town.Run();
        run.Batch(Gathering(others));

        var terms = run.Findings.Where(f => f.Series.Term is not null).Select(f => f.Series.Term).Distinct();
        Assert.Equal(found ? ["东风花园里"] : [], terms);
        Assert.All(run.Findings.Where(f => f.Series.Term is not null), f => Assert.NotEmpty(f.Exemplars));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(53)]
    [InlineData(700)]
    public void A_term_gathers_through_crashes(int entriesBetweenCrashes)
    {
        var whole = Town.Run();
        whole.Batch(Gathering(1));
        var run = Town.Run();
        foreach (var batch in Gathering(1).Chunk(entriesBetweenCrashes))
        {
            run.Batch(batch);
            run.Crash();
        }

        Assert.Equal(Terms(whole), Terms(run));

        static string[] Terms(AlertingRun of) => [.. of.Findings.Where(f => f.Series.Term is not null).Select(f => JsonSerializer.Serialize(f, ContractsJson.Default.Signal))];
    }

    /// <summary>Forty quiet days, and eight in which a record with a phrase of two pieces comes twice a day beside so many others an hour.</summary>
    private static List<LogOutput> Gathering(int others)
    {
        var entries = new List<LogOutput>();
        for (var hour = 0; hour < 24 * 48; hour++)
        {
            var minute = Town.At(0, "00:10") + (hour * 60);
            var gathers = hour >= 24 * 40 && hour % 12 == 0;
            entries.Add(Entries.Of(new Clock(Town.Site, 0, minute, Town.Control().Length - 1)));
            for (var record = 0; record < (hour >= 24 * 40 ? others : 1); record++)
            {
                entries.Add(Entries.Of(Word(minute, 7, "天气预报", 1, $"{minute}/{record}")));
            }

            if (gathers)
            {
                entries.Add(Entries.Of(Word(minute + 1, 8, "", 1) with { Terms = [new TermCell(8, 1, "东风花园", hour / 12 % 64), new TermCell(9, 1, "风花园里", hour / 12 % 64)] }));
            }

            // What came is decided before its hour ends, so that the hour's end is a commit of its own.
            entries.Add(Entries.Of(new Clock(Town.Site, 0, minute + 20, Town.Control().Length - 1)));
        }

        entries.Add(Entries.Of(new Clock(Town.Site, 0, Town.At(48, "02:00"), Town.Control().Length - 1)));
        return entries;
    }

    [Fact]
    public void A_phrase_of_one_persistent_voice_is_no_term()
    {
        var run = Town.Run();
        var entries = new List<LogOutput>();
        for (var hour = 0; hour < 24 * 48; hour++)
        {
            var minute = Town.At(0, "00:10") + (hour * 60);
            entries.Add(Entries.Of(new Clock(Town.Site, 0, minute, Town.Control().Length - 1)));
            entries.Add(Entries.Of(Word(minute, 7, "天气预报", 1)));
            if (hour >= 24 * 40 && hour % 12 == 0)
            {
                entries.Add(Entries.Of(Word(minute + 1, 8, "东风花园", 1, author: "the same")));
            }
        }

        entries.Add(Entries.Of(new Clock(Town.Site, 0, Town.At(48, "02:00"), Town.Control().Length - 1)));
        run.Batch(entries);
        Assert.DoesNotContain(run.Findings, f => f.Series.Term is not null);
    }

    private static Tally Word(long minute, int cell, string term, int count, string? id = null, string? author = null) =>
        Town.Tally(minute, "*", "town", id: id ?? $"{minute}/{cell}", author: author ?? id ?? $"{minute}/{cell}") with { Terms = [.. Enumerable.Range(0, count).Select(i => new TermCell(cell, 1, term, author is null ? (int)((minute + i) % 64) : 0))] };

    [Fact]
    public void The_built_in_control_is_whole()
    {
        var entries = BuiltInControl.Entries;
        var boston = entries.Single(e => e.EntityId == "boston").Site!;

        Assert.All(entries, e => Assert.Equal((1, "riskwatch", DateTimeOffset.MinValue), (e.Version, e.Author, e.EffectiveFrom)));
        Assert.Equal(["Employee Generated"], boston.IgnoredChannels);
        Assert.Equal(boston.Categories.Count, boston.Categories.Select(c => c.Topic).Distinct().Count());
        var topics = Taxonomy.BuiltIn().Topics(boston);
        Assert.All(boston.Categories, c => Assert.True(c.Parent is null || topics.Contains(c.Parent), c.Topic));
        Assert.Contains(boston.Categories, c => c is { Value: "Tree Emergencies", Topic: "311-tree-emergencies", Names.Zh: "树木险情" });
        Assert.Equal("cn", entries.Single(e => e.EntityId == "china").Site!.GazetteerRoot);
        Assert.All(entries.Where(e => e.Rule is not null), e => Assert.Equal([AlertLevel.IV, AlertLevel.III, AlertLevel.II, AlertLevel.I], e.Rule!.Levels.Select(l => l.Level)));
    }
}
