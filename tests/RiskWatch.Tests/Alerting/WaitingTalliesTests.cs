using System.Globalization;
using System.Text.Json;
using RiskWatch.Alerting;
using RiskWatch.Alerting.Detection;
using RiskWatch.Contracts;
using Xunit;

namespace RiskWatch.Tests.Alerting;

/// <summary>How tallies that wait for their tick are kept: in blocks, so that a busy minute never outgrows an entry of the log.</summary>
public sealed class WaitingTalliesTests
{
    private const long Tick = 100;
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _state = [];

    [Fact]
    public void A_busy_minute_is_kept_in_blocks_of_which_only_the_new_ones_are_written_again()
    {
        var waiting = new WaitingTallies();
        Add(waiting, 0, 450);
        Assert.Equal([0, 1, 2], Keep(waiting));
        Add(waiting, 450, 60);
        Assert.Equal([2], Keep(waiting));

        var restored = Restore();

        Assert.Equal(510, restored.Count);
        Assert.Equal(Enumerable.Range(0, 510).Select(Topic), restored.Take(Tick).Select(t => t.Topic));
        Assert.Equal([0, 1, 2], Keep(restored));
        Assert.Empty(_state);
    }

    [Fact]
    public void A_tick_that_an_older_build_kept_whole_is_restored_and_kept_in_blocks_from_its_next_change_on()
    {
        _state[0] = JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(0, 450).Select(Tally).ToList(), AlertingJson.Default.ListTally);

        var restored = Restore();
        Add(restored, 450, 1);
        Assert.Equal([0, 1, 2], Keep(restored));

        Assert.Equal(Enumerable.Range(0, 451).Select(Topic), Restore().Take(Tick).Select(t => t.Topic));
    }

    private static void Add(WaitingTallies waiting, int first, int count)
    {
        foreach (var i in Enumerable.Range(first, count))
        {
            waiting.Add(Tally(i), long.MinValue);
        }
    }

    private static Tally Tally(int i) => new() { Site = "boston", Topic = Topic(i), Place = "us-ma-boston", Minute = Tick, Stamp = Tick, Counts = new TallyCounts { Posts = 1 } };

    private static string Topic(int i) => "topic" + i.ToString(CultureInfo.InvariantCulture);

    private int[] Keep(WaitingTallies waiting)
    {
        var written = new List<int>();
        foreach (var (tick, block, value) in waiting.Changes())
        {
            Assert.Equal(Tick, tick);
            written.Add(block);
            if (value is { } bytes)
            {
                _state[block] = bytes;
            }
            else
            {
                _state.Remove(block);
            }
        }

        return [.. written];
    }

    private WaitingTallies Restore()
    {
        var waiting = new WaitingTallies();
        foreach (var (block, value) in _state.OrderBy(s => s.Key))
        {
            waiting.Restore(Tick, block, value);
        }

        return waiting;
    }
}
