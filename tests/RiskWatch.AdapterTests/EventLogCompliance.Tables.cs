using RiskWatch.Core.Log;

namespace RiskWatch.AdapterTests;

/// <summary>Broadcast tables, compaction, retention.</summary>
public abstract partial class EventLogCompliance
{
    [Fact]
    public async Task A_tail_from_the_beginning_gives_every_instance_the_whole_table_and_what_follows()
    {
        var log = await OpenAsync();
        var other = await OpenAsync();
        var topic = await TopicAsync(log, "control", cleanup: TopicCleanup.Compact);
        await TopicAsync(other, "control", cleanup: TopicCleanup.Compact);
        await AppendAsync(log, topic, ("rule1", "v1"), ("rule2", "v1"));
        await using var here = log.Tail(topic, fromBeginning: true);
        await using var there = other.Tail(topic, fromBeginning: true);
        Assert.False(there.CaughtUp);
        Assert.Equal(["v1", "v1"], Texts(await FollowAsync(here, 2)));
        Assert.Equal(["v1", "v1"], Texts(await FollowAsync(there, 2)));
        await AppendAsync(other, topic, ("rule1", "v2"));

        Assert.Equal(["v2"], Texts(await FollowAsync(here, 1)));
        Assert.Equal(["v2"], Texts(await FollowAsync(there, 1)));
        Assert.True(here.CaughtUp);
        Assert.True(there.CaughtUp);
    }

    [Fact]
    public async Task A_tail_of_an_empty_topic_is_caught_up_soon()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "control", 3, TopicCleanup.Compact);

        Assert.Empty(await AllAsync(log, topic));
    }

    [Fact]
    public async Task A_tail_from_the_end_gives_only_what_comes_after_its_opening()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "alerts", 2);
        await AppendAsync(log, topic, ("a", "before"), ("b", "before"));
        await using var tail = log.Tail(topic, fromBeginning: false);
        await AppendAsync(log, topic, ("a", "after"), ("b", "after"));

        Assert.Equal(["after", "after"], Texts(await FollowAsync(tail, 2)));
    }

    [Fact]
    public async Task A_compacted_topic_gives_the_last_of_each_key_and_no_removed_one()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "alerts", 2, TopicCleanup.Compact);
        for (var version = 1; version <= 5; version++)
        {
            await AppendAsync(log, topic, [.. Enumerable.Range(0, 20).Select(k => ((string?)$"key{k}", (string?)$"v{version}"))]);
        }

        await AppendAsync(log, topic, ("key3", null), ("key7", null));
        await AppendAsync(log, topic, ("key7", "back"));
        await MaintainAsync(log, TimeSpan.FromDays(3));
        await AppendAsync(log, topic, ("key0", "v6"));

        var table = new Dictionary<string, string>();
        foreach (var message in await AllAsync(log, topic))
        {
            if (message.Value is null)
            {
                table.Remove(message.Key!);
            }
            else
            {
                table[message.Key!] = Text(message);
            }
        }

        var expected = Enumerable.Range(0, 20).Where(k => k != 3).ToDictionary(k => $"key{k}", k => k == 0 ? "v6" : k == 7 ? "back" : "v5");
        Assert.Equal(expected.OrderBy(pair => pair.Key), table.OrderBy(pair => pair.Key));
    }

    [Fact]
    public async Task Retention_keeps_what_a_group_has_not_passed()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "records", 2, retention: TimeSpan.FromHours(1));
        await using var slow = log.Join(Membership(topic, group: "slow"));
        await OwnAsync(slow, 2);
        await AppendAsync(log, topic, [.. Enumerable.Range(0, 40).Select(i => ((string?)$"{i}", (string?)$"{i}"))]);
        await using var quick = log.Join(Membership(topic, group: "quick"));
        await (await TakeAsync(quick, 40)).Last.CommitAsync([], [], Cancel);
        await (await TakeAsync(slow, 10)).Last.CommitAsync([], [], Cancel);

        await MaintainAsync(log, TimeSpan.FromHours(2));

        Assert.Equal(30, (await TakeAsync(slow, 30)).Messages.Count);
    }

    [Fact]
    public async Task A_reader_passes_over_what_retention_and_compaction_took_away()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "records", retention: TimeSpan.FromHours(1));
        await AppendAsync(log, topic, ("a", "1"), ("a", "2"));
        await MaintainAsync(log, TimeSpan.FromHours(2));
        await AppendAsync(log, topic, ("a", "3"));

        await using var member = log.Join(Membership(topic));
        var taken = new Taken();
        while (taken.Messages.Count == 0 || Text(taken.Messages[^1]) != "3")
        {
            taken.Add(await ReadAsync(member));
        }

        await taken.Last.CommitAsync([], [], Cancel);
        var ends = await log.EndOffsetsAsync(topic, Cancel);
        Assert.Equal(ends, await CommittedAsync(log, Name("group"), topic, ends.SequenceEqual));
    }
}
