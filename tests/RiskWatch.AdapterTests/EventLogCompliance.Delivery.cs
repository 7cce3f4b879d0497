using System.Text;
using RiskWatch.Core.Log;

namespace RiskWatch.AdapterTests;

/// <summary>Order, routes, bytes, positions.</summary>
public abstract partial class EventLogCompliance
{
    [Fact]
    public async Task Entries_of_one_key_are_read_in_the_order_they_were_appended()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in", 4);
        for (var i = 0; i < 20; i++)
        {
            await AppendAsync(log, topic, [.. Enumerable.Range(0, 10).Select(k => ((string?)$"key{k}", (string?)$"{i}"))]);
        }

        await using var member = log.Join(Membership(topic));
        var taken = await TakeAsync(member, 200);

        foreach (var key in taken.Messages.GroupBy(message => message.Key))
        {
            Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), key.Select(Text));
            Assert.Single(key.Select(message => message.Partition).Distinct());
            Assert.Equal(key.Select(message => message.Offset).Order(), key.Select(message => message.Offset));
        }

        Assert.Equal(4, taken.Messages.Select(message => message.Partition).Distinct().Count());
    }

    [Fact]
    public async Task A_key_lies_in_the_partition_that_the_hash_names()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in", 5);
        string[] keys = ["a", "weibo/4660581", "郑州", "", "boston-311/1"];
        await AppendAsync(log, topic, [.. keys.Select(key => ((string?)key, (string?)key))]);

        var all = await AllAsync(log, topic);

        Assert.Equal(keys.ToDictionary(key => key, key => PartitionHash.Of(key, 5)), all.ToDictionary(message => message.Key!, message => message.Partition));
    }

    [Fact]
    public async Task An_output_to_all_partitions_reaches_each_of_them()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in", 3);
        await log.AppendAsync([Entry(topic, "mark", "m1") with { Route = OutputRoute.ToAllPartitions }], Cancel);

        var all = await AllAsync(log, topic);

        Assert.Equal([0, 1, 2], all.Select(message => message.Partition).Order());
        Assert.All(all, message => Assert.Equal("m1", Text(message)));
    }

    [Fact]
    public async Task An_output_goes_to_the_partition_that_it_names()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in", 4);
        await log.AppendAsync([.. Enumerable.Range(0, 4).Select(p => Entry(topic, "same", $"{p}") with { Route = OutputRoute.ToPartition, Partition = p })], Cancel);

        var all = await AllAsync(log, topic);

        Assert.Equal([(0, "0"), (1, "1"), (2, "2"), (3, "3")], all.Select(message => (message.Partition, Text(message))).Order());
    }

    [Fact]
    public async Task A_partition_key_decides_the_partition_in_place_of_the_key()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in", 4);
        await log.AppendAsync([.. Enumerable.Range(0, 10).Select(i => Entry(topic, $"boston/{i}", $"{i}") with { PartitionKey = "boston" })], Cancel);

        var all = await AllAsync(log, topic);

        Assert.Equal(10, all.Select(message => message.Key).Distinct().Count());
        Assert.All(all, message => Assert.Equal(PartitionHash.Of("boston", 4), message.Partition));
    }

    [Fact]
    public async Task Bytes_pass_through_untouched()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in");
        ReadOnlyMemory<byte>?[] values = [new byte[] { 0xff, 0xfe, 0x00, 0x80, 0xc3 }, Array.Empty<byte>(), null, Encoding.UTF8.GetBytes("{\"truncated\":"), new byte[] { 0 }];
        await log.AppendAsync([.. values.Select((value, i) => new LogOutput(topic, i % 2 == 0 ? null : "键", i == 3 ? "" : "poison", value, OutputRoute.ToPartition))], Cancel);

        await using var member = log.Join(Membership(topic));
        var taken = await TakeAsync(member, values.Length);

        Assert.Equal(values.Select(value => value?.ToArray()), taken.Messages.Select(message => message.Value?.ToArray()));
        Assert.Equal([null, "键", null, "键", null], taken.Messages.Select(message => message.Key));
        Assert.Equal(["poison", "poison", "poison", "", "poison"], taken.Messages.Select(message => message.Type));
        Assert.All(taken.Messages, message => Assert.Equal(Schema.Current, message.SchemaVersion));
    }

    [Fact]
    public async Task Bytes_stay_valid_after_the_batch_is_gone()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in");
        await AppendAsync(log, topic, ("a", "first"));
        await using var member = log.Join(Membership(topic));
        var first = (await TakeAsync(member, 1)).Messages[0];
        await AppendAsync(log, topic, ("a", "other"));
        await TakeAsync(member, 1);
        await member.DisposeAsync();

        Assert.Equal("first", Text(first));
    }

    [Fact]
    public async Task Entries_carry_the_time_at_which_they_were_taken_in()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in");
        var before = TimeProvider.System.GetUtcNow();
        await AppendAsync(log, topic, ("a", "1"));

        var entry = Assert.Single(await AllAsync(log, topic));

        // Milliseconds are kept, and the log may be another machine.
        Assert.InRange(entry.AppendedAt, before - TimeSpan.FromSeconds(5), TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task An_append_tells_where_its_entries_lie()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in", 3);
        var positions = await log.AppendAsync([Entry(topic, "a", "1"), Entry(topic, "all", "2") with { Route = OutputRoute.ToAllPartitions }, Entry(topic, "b", "3")], Cancel);

        var all = (await AllAsync(log, topic)).ToDictionary(message => new LogPosition(message.Topic, message.Partition, message.Offset), Text);

        Assert.Equal(["1", "2", "3"], positions.Select(position => all[position]));
        Assert.Equal(0, positions[1].Partition);
    }

    [Fact]
    public async Task No_partition_starves_while_another_is_full()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in", 2);
        await log.AppendAsync([.. Enumerable.Range(0, 6_000).Select(i => Entry(topic, "busy", Incompressible(i, BusyEntryBytes)) with { Route = OutputRoute.ToPartition, Partition = 0 })], Cancel);
        await log.AppendAsync([.. Enumerable.Range(0, 3).Select(i => Entry(topic, "quiet", $"{i}") with { Route = OutputRoute.ToPartition, Partition = 1 })], Cancel);

        await using var member = log.Join(Membership(topic));
        await OwnAsync(member, 2);
        await member.RewindAsync(Cancel);
        var seen = new List<LogMessage>();
        while (seen.Count(message => message.Partition == 1) < 3)
        {
            seen.AddRange((await ReadAsync(member, 100)).Messages);
            // A stage's work, and room for a broker that answers late: fairness is what is tested, not speed. After a rewind the fetch that waited at the quiet
            // partition's end, up to half a second, is waited for first.
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
            Assert.True(seen.Count < 5_500, "The quiet partition waits for the busy one.");
        }
    }

    [Fact]
    public async Task A_caught_up_reader_gets_an_entry_promptly()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in");
        await using var member = log.Join(Membership(topic));
        await OwnAsync(member, 1);
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            var reading = member.ReadAsync(1000, Patience, TimeSpan.FromMilliseconds(50), Cancel);
            var started = TimeProvider.System.GetTimestamp();
            await AppendAsync(log, topic, ("a", $"{i}"));
            Assert.Single((await reading).Messages);
            waits.Add(TimeProvider.System.GetElapsedTime(started));
        }

        Assert.InRange(waits.Min(), TimeSpan.Zero, Prompt);
    }

    [Fact]
    public async Task A_reader_returns_empty_when_nothing_comes()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in");
        await using var member = log.Join(Membership(topic));
        await OwnAsync(member, 1);

        var batch = await member.ReadAsync(10, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50), Cancel);

        Assert.Empty(batch.Messages);
    }

    [Fact]
    public async Task Entries_of_another_instance_arrive_too()
    {
        var log = await OpenAsync();
        var other = await OpenAsync();
        var topic = await TopicAsync(log, "in");
        await TopicAsync(other, "in");
        await using var member = log.Join(Membership(topic));
        await using var tail = log.Tail(topic, fromBeginning: true);
        await OwnAsync(member, 1);

        await AppendAsync(other, topic, ("a", "1"));
        await AppendAsync(log, topic, ("a", "2"));
        await AppendAsync(other, topic, ("a", "3"));

        Assert.Equal(["1", "2", "3"], Texts((await TakeAsync(member, 3)).Messages));
        Assert.Equal(["1", "2", "3"], Texts(await FollowAsync(tail, 3)));
    }

    [Fact]
    public async Task End_and_committed_offsets_tell_the_lag()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in", 2);
        Assert.Equal([0, 0], await log.EndOffsetsAsync(topic, Cancel));
        Assert.Equal([0, 0], await log.CommittedOffsetsAsync(Name("group"), topic, Cancel));

        await log.AppendAsync([.. Enumerable.Range(0, 10).Select(i => Entry(topic, "a", $"{i}") with { Route = OutputRoute.ToPartition, Partition = 1 })], Cancel);
        var ends = await log.EndOffsetsAsync(topic, Cancel);
        Assert.Equal(0, ends[0]);
        Assert.True(ends[1] >= 10);

        await using var member = log.Join(Membership(topic));
        var half = await TakeAsync(member, 5);
        await half.Last.CommitAsync([], [], Cancel);
        var committed = await CommittedAsync(log, Name("group"), topic, offsets => offsets[1] > half.Messages[^1].Offset);
        Assert.Equal(0, committed[0]);
        Assert.InRange(committed[1], half.Messages[^1].Offset + 1, ends[1] - 1);

        var rest = await TakeAsync(member, 5);
        await rest.Last.CommitAsync([], [], Cancel);
        Assert.True((await CommittedAsync(log, Name("group"), topic, offsets => offsets[1] > rest.Messages[^1].Offset))[1] > rest.Messages[^1].Offset);
        Assert.Equal([0, 0], await log.CommittedOffsetsAsync(Name("another"), topic, Cancel));
    }

    [Fact]
    public async Task A_topic_with_another_number_of_partitions_is_refused_naming_both()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in", 3);
        await TopicAsync(log, "in", 3);

        var error = await Assert.ThrowsAsync<LogConfigurationException>(() => TopicAsync(log, "in", 5));

        Assert.Contains(topic, error.Message, StringComparison.Ordinal);
        Assert.Contains("3", error.Message, StringComparison.Ordinal);
        Assert.Contains("5", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, log.PartitionsOf(topic));
    }
}
