using RiskWatch.Alerting;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Alerting;

/// <summary>When a tick is decided and with which tallies (LOG §3.4, §3.5, §6.1).</summary>
public sealed class DetectionTickTests
{
    private static readonly long Now = Town.At(0, "09:00");

    [Fact]
    public void A_tick_waits_for_the_clock_of_every_records_partition()
    {
        var run = Town.Run(recordsPartitions: 2);

        run.Batch(Clock(Now), Clock(Now + 10));
        Assert.Empty(run.Reports);
        run.Batch(Clock(Now, partition: 1));
        Assert.Empty(run.Reports);
        run.Batch(Clock(Now + 3, partition: 1));

        Assert.Equal(Now + 2, Assert.Single(run.Reports).Tick);
    }

    [Fact]
    public void A_tally_of_a_later_minute_or_stamp_waits_in_state()
    {
        var run = Town.Run();

        // Minute and stamp of the open minute, and a stamp beyond it: neither is part of tick Now.
        run.Batch(Clock(Now), Tally(Now), Tally(Now + 1), Tally(Now, stamp: Now + 1), Clock(Now + 1));
        run.Batch(Clock(Now + 61));

        Assert.Equal([(Now, 4L)], run.Reports.Where(r => r.Tick == Now).Select(r => (r.Tick, r.Tests)));
        run.Crash();
        run.Batch(Clock(Town.At(0, "12:00")));
        Assert.Equal(3, run.History.Where(h => h is { Topic: "fire", Place: "town" } && h.Hour == Town.Time(0, "09:00")).MaxBy(h => h.Version)!.Counts.Hotline);
    }

    [Fact]
    public void What_comes_after_its_tick_is_seen_by_the_next_one()
    {
        var run = Town.Run();

        run.Batch(Clock(Now), Tally(Now), Clock(Now + 1));
        var before = run.Reports.ToList();
        run.Batch(Tally(Now), Clock(Now + 2));

        Assert.Equal(before, run.Reports.Take(before.Count));
        Assert.Equal(Now + 1, run.Reports.Last().Tick);
        Assert.Equal(2, Count(run, "09:00", finish: true));
    }

    [Fact]
    public void Nothing_is_committed_between_ticks()
    {
        var run = Town.Run();
        run.Batch(Clock(Now), Clock(Now + 1));
        var commits = run.Commits;

        run.Batch(Tally(Now + 1));
        run.Batch(Tally(Now + 1));

        Assert.Equal(commits, run.Commits);
        run.Batch(Clock(Now + 2));
        Assert.Equal(commits + 1, run.Commits);
    }

    [Fact]
    public void What_was_not_committed_is_read_again_after_a_crash_and_counted_once()
    {
        var run = Town.Run();
        run.Batch(Clock(Now), Tally(Now), Clock(Now + 1));
        run.Batch(Tally(Now + 1));
        run.Crash();
        run.Batch(Tally(Now + 1));
        run.Crash();

        Assert.Equal(3, Count(run, "09:00", finish: true));
    }

    [Fact]
    public void When_too_much_waits_it_is_committed_with_the_state()
    {
        var run = Town.Run(options: new AlertingOptions { MaximumWaiting = 100 });
        run.Batch(Clock(Now));
        var commits = run.Commits;

        run.Batch(Enumerable.Range(0, 150).Select(_ => Tally(Now)));

        Assert.Equal(commits + 1, run.Commits);
        Assert.Empty(run.Reports);
        run.Crash();
        Assert.Equal(150, Count(run, "09:00", finish: true));
    }

    [Fact]
    public void A_closed_hour_goes_to_history_and_a_late_tally_revises_it()
    {
        var run = Town.Run();
        run.Batch(Clock(Now), Tally(Now), Clock(Town.At(0, "10:00")));
        var first = run.History.Single(h => h is { Topic: "fire", Place: "town" });

        run.Batch(Tally(Now, stamp: Town.At(0, "10:30")), Clock(Town.At(0, "10:31")));

        var revised = run.History.Last(h => h is { Topic: "fire", Place: "town" });
        Assert.Equal(first.Hour, revised.Hour);
        Assert.Equal((1, 2), (first.Counts.Hotline, revised.Counts.Hotline));
        Assert.True(revised.Version > first.Version);
    }

    [Fact]
    public void History_holds_the_roll_ups_over_places()
    {
        var run = Town.Run();

        run.Batch(Clock(Now), Tally(Now, place: Town.Mill), Tally(Now, place: Town.South), Clock(Town.At(0, "10:00")));

        Assert.Equal(
            [("town", 2), (Town.North, 1), (Town.South, 1), (Town.Mill, 1)],
            run.History.OrderBy(h => h.Place.Length).ThenBy(h => h.Place).Select(h => (h.Place, h.Counts.Hotline)));
    }

    [Fact]
    public void What_is_taken_back_leaves_no_trace()
    {
        var run = Town.Run();

        run.Batch(Clock(Now), Tally(Now), Tally(Now, sign: -1), Clock(Town.At(0, "10:00")));

        Assert.Equal(0, run.Reports.Sum(r => r.Tests));
        Assert.DoesNotContain(run.History, h => h.Counts.Total != 0);
    }

    [Fact]
    public void A_report_names_the_control_offset_of_the_marks_that_closed_its_tick()
    {
        var control = new ListedControl(Town.Control());
        var run = Town.Run(control, recordsPartitions: 2);
        var later = control.Add(Town.RuleEntry(Town.Surge, 2));
        var before = later - 1;

        run.Batch(
            Clock(Now, offset: before), Clock(Now, 1, before), Clock(Now + 5, offset: before), Clock(Now + 9, offset: later), Clock(Now + 7, 1, before), Clock(Now + 9, 1, before));

        // Partition 0 passed minutes up to Now+5 with the old offset; what the marks after it closed has the new one.
        Assert.Equal([(Now + 4, before), (Now + 8, later)], run.Reports.Select(r => (r.Tick, r.ControlOffset)));
    }

    [Fact]
    public void How_many_tests_were_made_does_not_depend_on_partitions_or_cuts()
    {
        var town = new Town().Calm(5).Rush(5, "08:00", "fire", Town.Mill, 12);
        var until = Town.At(6, "00:00");
        var whole = town.Play(until).Reports.Sum(r => r.Tests);

        foreach (var partitions in (int[])[2, 5, 8])
        {
            var run = Town.Run(talliesPartitions: partitions);
            foreach (var cut in town.Entries(until).Chunk(7))
            {
                run.Batch(cut);
            }

            Assert.Equal(whole, run.Reports.Sum(r => r.Tests));
        }
    }

    [Fact]
    public void Reports_do_not_reach_over_an_hour_in_which_tests_were_made()
    {
        var run = new Town().Calm(3).Play(Town.At(3, "00:00"));

        Assert.All(run.Reports.Where(r => r.Tests > 0), r => Assert.True(r.Tick % 60 == 59 || r == run.Reports.Last()));
    }

    [Fact]
    public void Places_beyond_the_bound_count_in_their_ancestors_only()
    {
        var run = Town.Run(options: new AlertingOptions { MaximumPlacesPerTopic = 2 });

        run.Batch(Clock(Now), Tally(Now, place: Town.North), Tally(Now, place: Town.South), Clock(Town.At(0, "10:00")));

        Assert.Equal([("town", 2), (Town.North, 1)], run.History.OrderBy(h => h.Place.Length).Select(h => (h.Place, h.Counts.Hotline)));
    }

    [Fact]
    public void An_entry_of_an_unknown_kind_stops_the_stage()
    {
        var run = Town.Run();

        Assert.ThrowsAny<Exception>(() => run.Batch(new LogOutput(Topics.Tallies, "town", "riddle", new byte[] { 1 })));
    }

    private static LogOutput Clock(long minute, int partition = 0, long? offset = null) => Entries.Of(new Clock(Town.Site, partition, minute, offset ?? Town.Control().Length - 1));

    private static LogOutput Tally(long minute, long? stamp = null, string place = "town", int sign = 1) => Entries.Of(Town.Tally(minute, "fire", place, stamp: stamp, sign: sign));

    private static int Count(AlertingRun run, string hour, bool finish)
    {
        if (finish)
        {
            run.Batch(Clock(Town.At(0, "12:00")));
        }

        return run.History.Last(h => h is { Topic: "fire", Place: "town" } && h.Hour == Town.Time(0, hour)).Counts.Hotline;
    }
}
