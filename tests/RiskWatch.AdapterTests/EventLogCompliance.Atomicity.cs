using RiskWatch.Core.Log;

namespace RiskWatch.AdapterTests;

/// <summary>Outputs, state and positions: all or none.</summary>
public abstract partial class EventLogCompliance
{
    [Fact]
    public async Task Nothing_is_visible_before_the_commit_and_everything_after_it()
    {
        var log = await OpenAsync();
        var other = await OpenAsync();
        var (input, output, state) = await StageTopicsAsync(log);
        await StageTopicsAsync(other);
        await AppendAsync(log, input, ("a", "1"), ("b", "2"));
        await using var member = log.Join(Membership(input, state));
        var taken = await TakeAsync(member, 2);

        Assert.Empty(await AllAsync(other, output));
        Assert.Equal(0, (await other.CommittedOffsetsAsync(Name("group"), input, Cancel)).Sum());

        await taken.Last.CommitAsync([Entry(output, "a", "out1"), Entry(output, "b", "out2")], [new StateChange(taken.Messages[0].Partition, "count", Bytes("1"))], Cancel);

        Assert.Equal(["out1", "out2"], Texts(await AllAsync(other, output)).Order());
        Assert.True((await CommittedAsync(other, Name("group"), input, offsets => offsets.Sum() >= 2)).Sum() >= 2);
    }

    [Fact]
    public async Task A_batch_comes_again_after_a_crash_before_its_commit()
    {
        var log = await OpenAsync();
        var (input, output, state) = await StageTopicsAsync(log);
        await AppendAsync(log, input, ("a", "1"), ("b", "2"), ("c", "3"));
        var first = log.Join(Membership(input, state));
        Assert.Equal(3, (await TakeAsync(first, 3)).Messages.Count);
        await CrashAsync(log);

        var next = await OpenAsync();
        await StageTopicsAsync(next);
        await using var second = next.Join(Membership(input, state));
        var again = await TakeAsync(second, 3);
        await again.Last.CommitAsync([Entry(output, "a", "done")], [], Cancel);

        Assert.Equal(["1", "2", "3"], Texts(again.Messages).Order());
        Assert.Equal(["done"], Texts(await AllAsync(next, output)));
        Assert.All(again.Owned.Values, Assert.Empty);
    }

    [Fact]
    public async Task What_was_committed_before_a_crash_is_kept_and_does_not_come_again()
    {
        var log = await OpenAsync();
        var (input, output, state) = await StageTopicsAsync(log);
        await AppendAsync(log, input, ("a", "1"));
        var first = log.Join(Membership(input, state));
        var taken = await TakeAsync(first, 1);
        var partition = taken.Messages[0].Partition;
        await taken.Last.CommitAsync([Entry(output, "a", "out1")], [new StateChange(partition, "k", Bytes("v1"))], Cancel);
        await CrashAsync(log);

        var next = await OpenAsync();
        await StageTopicsAsync(next);
        await AppendAsync(next, input, ("a", "2"));
        await using var second = next.Join(Membership(input, state));
        var after = await TakeAsync(second, 1);

        Assert.Equal(["2"], Texts(after.Messages));
        Assert.Equal("v1", StateText(after.Owned[partition]["k"]));
        Assert.Equal(["out1"], Texts(await AllAsync(next, output)));
    }

    [Fact]
    public async Task A_group_resumes_where_it_stood_after_reopening()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in", 2);
        await AppendAsync(log, topic, [.. Enumerable.Range(0, 20).Select(i => ((string?)$"{i}", (string?)$"{i}"))]);
        var seen = new List<string>();
        await using (var member = log.Join(Membership(topic)))
        {
            var taken = await TakeAsync(member, 8);
            await taken.Last.CommitAsync([], [], Cancel);
            seen.AddRange(Texts(taken.Messages));
        }

        var next = await OpenAsync();
        await TopicAsync(next, "in", 2);
        await using var again = next.Join(Membership(topic, member: "another"));
        seen.AddRange(Texts((await TakeAsync(again, 12)).Messages));

        Assert.Equal(Enumerable.Range(0, 20), seen.Select(int.Parse).Order());
    }

    [Fact]
    public async Task A_later_commit_covers_the_batches_before_it()
    {
        var log = await OpenAsync();
        var (input, output, state) = await StageTopicsAsync(log);
        await AppendAsync(log, input, [.. Enumerable.Range(0, 9).Select(i => ((string?)$"{i}", (string?)$"{i}"))]);
        await using var member = log.Join(Membership(input, state));
        await OwnAsync(member, 2);
        await member.RewindAsync(Cancel);
        var taken = new Taken();
        while (taken.Messages.Count < 9)
        {
            taken.Add(await ReadAsync(member, 3));
        }

        await taken.Last.CommitAsync([Entry(output, "sum", "36")], [], Cancel);
        await member.RewindAsync(Cancel);

        Assert.Empty((await ReadAsync(member)).Messages);
        Assert.Equal(["36"], Texts(await AllAsync(log, output)));
    }

    [Fact]
    public async Task A_commit_covers_nothing_that_was_read_after_its_batch()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in");
        await AppendAsync(log, topic, ("a", "1"), ("a", "2"));
        await using var member = log.Join(Membership(topic));
        var first = (await TakeAsync(member, 1)).Last;
        await TakeAsync(member, 1);

        await first.CommitAsync([], [], Cancel);
        await member.RewindAsync(Cancel);

        Assert.Equal(["2"], Texts((await TakeAsync(member, 1)).Messages));
    }

    [Theory]
    [InlineData(1, "each entry is a batch of its own, so that later reads pass the end before earlier ones are committed")]
    [InlineData(100, "one read takes all entries and passes the end behind them")]
    public async Task A_group_that_has_handled_everything_stands_at_the_end(int batch, string because)
    {
        var log = await OpenAsync();
        var (input, output, state) = await StageTopicsAsync(log, partitions: 1);
        await using var writer = log.Join(Membership(input, state));
        await (await OwnAsync(writer, 1)).Last.CommitAsync([.. Enumerable.Range(0, 5).Select(i => Entry(output, "a", $"{i}"))], [], Cancel);
        await using var member = log.Join(Membership(output, group: "followers"));
        await OwnAsync(member, 1);
        await member.RewindAsync(Cancel);
        var deadline = Deadline();
        var uncommitted = new Queue<LogBatch>();

        while ((await log.CommittedOffsetsAsync(Name("followers"), output, Cancel)).Sum() < (await log.EndOffsetsAsync(output, Cancel)).Sum())
        {
            Assert.False(deadline(), $"The group does not come to the end: {because}.");
            var read = await member.ReadAsync(batch, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200), Cancel);
            if (read.Messages.Count > 0)
            {
                uncommitted.Enqueue(read);
            }

            if (uncommitted.Count > 2 || (read.Messages.Count == 0 && uncommitted.Count > 0))
            {
                await uncommitted.Dequeue().CommitAsync([], [], Cancel);
            }
        }
    }

    [Fact]
    public async Task A_rewind_gives_again_what_was_not_committed_and_the_committed_state()
    {
        var log = await OpenAsync();
        var (input, output, state) = await StageTopicsAsync(log, partitions: 1);
        await AppendAsync(log, input, ("a", "1"));
        await using var member = log.Join(Membership(input, state));
        var first = await TakeAsync(member, 1);
        await first.Last.CommitAsync([], [new StateChange(0, "k", Bytes("committed"))], Cancel);
        await AppendAsync(log, input, ("a", "2"), ("a", "3"));
        Assert.Equal(["2", "3"], Texts((await TakeAsync(member, 2)).Messages));

        await member.RewindAsync(Cancel);
        var again = await TakeAsync(member, 2);

        Assert.Equal(["2", "3"], Texts(again.Messages));
        Assert.Equal("committed", StateText(again.Owned[0]["k"]));
        await again.Last.CommitAsync([Entry(output, "a", "once")], [], Cancel);
        Assert.Equal(["once"], Texts(await AllAsync(log, output)));
    }

    [Fact]
    public async Task An_empty_batch_can_be_committed_with_outputs_and_state()
    {
        var log = await OpenAsync();
        var (input, output, state) = await StageTopicsAsync(log, partitions: 1);
        var member = log.Join(Membership(input, state));
        var owned = await OwnAsync(member, 1);
        Assert.Empty(owned.Last.Messages);

        await owned.Last.CommitAsync([Entry(output, "a", "polled")], [new StateChange(0, "cursor", Bytes("17"))], Cancel);
        var batch = await ReadAsync(member);
        await batch.CommitAsync([Entry(output, "a", "polled again")], [new StateChange(0, "cursor", Bytes("18"))], Cancel);
        await member.DisposeAsync();

        Assert.Equal(["polled", "polled again"], Texts(await AllAsync(log, output)));
        await using var next = log.Join(Membership(input, state, member: "b"));
        Assert.Equal("18", StateText((await OwnAsync(next, 1)).Owned[0]["cursor"]));
    }

    [Fact]
    public async Task State_is_restored_on_another_instance_without_what_was_removed()
    {
        var log = await OpenAsync();
        var (input, _, state) = await StageTopicsAsync(log);
        var member = log.Join(Membership(input, state));
        var owned = await OwnAsync(member, 2);
        await owned.Last.CommitAsync([], [.. Enumerable.Range(0, 500).Select(i => new StateChange(i % 2, $"key{i}", Bytes($"{i}")))], Cancel);
        await (await ReadAsync(member)).CommitAsync([], [new StateChange(0, "key0", null), new StateChange(1, "key1", Bytes("new")), new StateChange(1, "absent", null)], Cancel);
        await (await ReadAsync(member)).CommitAsync([], [new StateChange(0, "空", Array.Empty<byte>())], Cancel);
        await member.DisposeAsync();

        var other = await OpenAsync();
        await StageTopicsAsync(other);
        await using var next = other.Join(Membership(input, state, member: "b"));
        var restored = (await OwnAsync(next, 2)).Owned;

        Assert.Equal(Enumerable.Range(1, 249).Select(i => $"key{i * 2}").Append("空").Order(), restored[0].Keys.Order());
        Assert.Equal(Enumerable.Range(0, 250).Select(i => $"key{(i * 2) + 1}").Order(), restored[1].Keys.Order());
        Assert.Equal("new", StateText(restored[1]["key1"]));
        Assert.Equal("499", StateText(restored[1]["key499"]));
        Assert.Equal(0, restored[0]["空"].Length);
    }

    [Fact]
    public async Task An_oversized_entry_is_refused_and_nothing_else_is_lost()
    {
        var log = await OpenAsync();
        var (input, output, state) = await StageTopicsAsync(log, partitions: 1);
        await AppendAsync(log, input, ("a", "1"));
        await using var member = log.Join(Membership(input, state));
        var taken = await TakeAsync(member, 1);
        var large = new LogOutput(output, "large", "test", new byte[MaxEntryBytes + 1]);

        var error = await Assert.ThrowsAsync<OversizedEntryException>(() => taken.Last.CommitAsync([Entry(output, "a", "beside"), large], [new StateChange(0, "k", Bytes("v"))], Cancel));
        Assert.Equal((output, MaxEntryBytes + 1, MaxEntryBytes), (error.Topic, error.Size, error.Limit));
        await Assert.ThrowsAsync<OversizedEntryException>(() => log.AppendAsync([Entry(output, "a", "beside"), large], Cancel));
        var state1 = await Assert.ThrowsAsync<OversizedEntryException>(() => taken.Last.CommitAsync([Entry(output, "a", "beside")], [new StateChange(0, "k", new byte[MaxEntryBytes + 1])], Cancel));
        Assert.Equal(state, state1.Topic);
        Assert.Empty(await AllAsync(log, output));
        Assert.Equal([0], await log.CommittedOffsetsAsync(Name("group"), input, Cancel));

        await member.RewindAsync(Cancel);
        var again = await TakeAsync(member, 1);
        await again.Last.CommitAsync([large with { Value = new byte[MaxEntryBytes] }], [], Cancel);
        Assert.Equal(MaxEntryBytes, Assert.Single(await AllAsync(log, output)).Value!.Value.Length);
    }

    protected async Task<(string Input, string Output, string State)> StageTopicsAsync(IEventLog log, int partitions = 2) =>
        (await TopicAsync(log, "in", partitions), await TopicAsync(log, "out"), await TopicAsync(log, "state", partitions, TopicCleanup.Compact));

    protected static string StateText(ReadOnlyMemory<byte> value) => System.Text.Encoding.UTF8.GetString(value.Span);
}
