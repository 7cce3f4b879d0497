using System.Collections.Concurrent;
using RiskWatch.Core.Log;

namespace RiskWatch.AdapterTests;

/// <summary>Groups: independence, sharing, handing over, fencing.</summary>
public abstract partial class EventLogCompliance
{
    [Fact]
    public async Task Independent_groups_each_read_everything()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in", 2);
        await AppendAsync(log, topic, [.. Enumerable.Range(0, 50).Select(i => ((string?)$"{i}", (string?)$"{i}"))]);
        await using var first = log.Join(Membership(topic, group: "first"));
        var taken = await TakeAsync(first, 50);
        await taken.Last.CommitAsync([], [], Cancel);

        await using var second = log.Join(Membership(topic, group: "second"));
        var other = await TakeAsync(second, 50);

        Assert.Equal(Texts(taken.Messages).Order(), Texts(other.Messages).Order());
        Assert.Equal(0, (await log.CommittedOffsetsAsync(Name("second"), topic, Cancel)).Sum());
    }

    [Fact]
    public async Task A_paused_member_is_fenced_and_leaves_nothing()
    {
        var log = await OpenAsync();
        var other = await OpenAsync();
        var (input, output, state) = await StageTopicsAsync(log, partitions: 1);
        await StageTopicsAsync(other, partitions: 1);
        await AppendAsync(log, input, ("a", "1"));
        await using var zombie = log.Join(Membership(input, state, "a"));
        var held = await TakeAsync(zombie, 1);

        // It neither reads nor commits from here on. With one partition the other may also have to wait for its turn: so the zombie's id sorts after it.
        await using var heir = other.Join(Membership(input, state, "0"));
        var taken = await TakeAsync(heir, 1);
        await taken.Last.CommitAsync([Entry(output, "a", "heir")], [new StateChange(0, "k", Bytes("heir"))], Cancel);

        await Assert.ThrowsAsync<FencedException>(() => held.Last.CommitAsync([Entry(output, "a", "zombie")], [new StateChange(0, "k", Bytes("zombie"))], Cancel));

        Assert.Equal(["heir"], Texts(await AllAsync(log, output)));
        await heir.RewindAsync(Cancel);
        var again = await OwnAsync(heir, 1);
        Assert.Empty(again.Messages);
        Assert.Equal("heir", StateText(again.Owned[0]["k"]));
    }

    [Fact]
    public async Task A_fenced_member_goes_on_with_what_is_committed()
    {
        var log = await OpenAsync();
        var other = await OpenAsync();
        var (input, output, state) = await StageTopicsAsync(log, partitions: 1);
        await StageTopicsAsync(other, partitions: 1);
        await AppendAsync(log, input, ("a", "1"), ("a", "2"));
        await using var zombie = log.Join(Membership(input, state, "a"));
        var held = await TakeAsync(zombie, 2);
        var heir = other.Join(Membership(input, state, "0"));
        var taken = await TakeAsync(heir, 1);
        await taken.Last.CommitAsync([Entry(output, "a", "1 by heir")], [new StateChange(0, "k", Bytes("heir"))], Cancel);
        await Assert.ThrowsAsync<FencedException>(() => held.Last.CommitAsync([Entry(output, "a", "zombie")], [], Cancel));
        await heir.DisposeAsync();

        await zombie.RewindAsync(Cancel);
        var again = await TakeAsync(zombie, 1);
        await again.Last.CommitAsync([Entry(output, "a", $"{Text(again.Messages[0])} by zombie")], [], Cancel);

        Assert.Equal("heir", StateText(again.Owned[0]["k"]));
        Assert.Equal(["1 by heir", "2 by zombie"], Texts(await AllAsync(log, output)));
    }

    [Fact]
    public async Task Members_share_the_partitions_and_all_are_owned()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "in", 6);
        var others = await OpenAsync();
        await TopicAsync(others, "in", 6);
        await using var a = log.Join(Membership(topic, member: "a"));
        await using var b = others.Join(Membership(topic, member: "b"));
        await using var c = others.Join(Membership(topic, member: "c"));
        Taken[] taken = [new(), new(), new()];
        ILogMember[] members = [a, b, c];
        var deadline = Deadline();
        while (taken.Any(t => t.Owned.Count != 2))
        {
            Assert.False(deadline(), $"Owned: {string.Join(", ", taken.Select(t => t.Owned.Count))}.");
            var batches = await Task.WhenAll(members.Select(member => ReadAsync(member)));
            for (var i = 0; i < 3; i++)
            {
                taken[i].Add(batches[i]);
            }
        }

        Assert.Equal(Enumerable.Range(0, 6), taken.SelectMany(t => t.Owned.Keys).Order());
    }

    [Fact]
    public async Task Three_members_that_share_and_hand_over_lose_and_double_nothing()
    {
        const int Entries = 3_000;
        const int Partitions = 6;
        var log = await OpenAsync();
        var (input, output, state) = await StageTopicsAsync(log, Partitions);
        var appending = Task.Run(
            async () =>
            {
                for (var i = 0; i < Entries; i += 50)
                {
                    await AppendAsync(log, input, [.. Enumerable.Range(i, 50).Select(n => ((string?)$"key{n % 97}", (string?)$"{n}"))]);
                }
            },
            Cancel);

        var a = await CounterAsync("a");
        await WaitForOutputsAsync(log, output, 300);
        var b = await CounterAsync("b");
        await WaitForOutputsAsync(log, output, 800);
        var c = await CounterAsync("c");
        await WaitForOutputsAsync(log, output, 1_300);
        await a.StopAsync(leave: true);
        await WaitForOutputsAsync(log, output, 1_800);
        await b.StopAsync(leave: false);
        await CrashAsync(b.Log);
        var d = await CounterAsync("d");
        await appending;
        var all = await WaitForOutputsAsync(log, output, Entries);
        await c.StopAsync(leave: true);
        await d.StopAsync(leave: true);

        Assert.Equal(Enumerable.Range(0, Entries), all.Select(message => int.Parse(Text(message), System.Globalization.CultureInfo.InvariantCulture)).Order());
        var perPartition = (await AllAsync(log, input)).CountBy(message => message.Partition).ToDictionary(pair => $"{pair.Key}", pair => $"{pair.Value}");
        await using var last = log.Join(Membership(input, state, "z"));
        var owned = await OwnAsync(last, Partitions);
        Assert.Equal(perPartition, owned.Owned.ToDictionary(pair => $"{pair.Key}", pair => StateText(pair.Value["count"])));

        async Task<CountingMember> CounterAsync(string member)
        {
            var own = await OpenAsync();
            await StageTopicsAsync(own, Partitions);
            return new CountingMember(own, own.Join(Membership(input, state, member)), output);
        }
    }

    private async Task<List<LogMessage>> WaitForOutputsAsync(IEventLog log, string output, int count)
    {
        await using var tail = log.Tail(output, fromBeginning: true);
        var all = await FollowAsync(tail, count);
        all.AddRange(await tail.ReadAsync(TimeSpan.FromMilliseconds(100), Cancel));
        return all;
    }

    /// <summary>Copies each entry once and counts those of a partition in its state, as a stage would.</summary>
    private sealed class CountingMember
    {
        private readonly ILogMember _member;
        private readonly string _output;
        private readonly ConcurrentDictionary<int, int> _counts = [];
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        private readonly Task _running;
        private volatile bool _leave;

        public CountingMember(IEventLog log, ILogMember member, string output)
        {
            Log = log;
            _member = member;
            _output = output;
            _running = Task.Run(RunAsync, Cancel);
        }

        public IEventLog Log { get; }

        /// <summary>Stops; one that does not leave stops in the middle of its work.</summary>
        public async Task StopAsync(bool leave)
        {
            _leave = leave;
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
            if (leave)
            {
                await _member.DisposeAsync();
            }
        }

        private async Task RunAsync()
        {
            while (!_stop.IsCancellationRequested || !_leave)
            {
                try
                {
                    var batch = await _member.ReadAsync(40, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(5), Cancel);
                    foreach (var assigned in batch.Assigned)
                    {
                        _counts[assigned.Partition] = assigned.State.TryGetValue("count", out var count) ? int.Parse(StateText(count), System.Globalization.CultureInfo.InvariantCulture) : 0;
                    }

                    foreach (var message in batch.Messages)
                    {
                        _counts[message.Partition]++;
                    }

                    if (_stop.IsCancellationRequested && !_leave)
                    {
                        return;
                    }

                    if (batch.Messages.Count > 0)
                    {
                        await batch.CommitAsync(
                            [.. batch.Messages.Select(message => new LogOutput(_output, message.Key, "test", message.Value))],
                            [.. batch.Messages.Select(message => message.Partition).Distinct().Select(partition => new StateChange(partition, "count", Bytes($"{_counts[partition]}")))],
                            Cancel);
                    }
                }
                catch (Exception e) when (e is FencedException or TransientLogException)
                {
                    await _member.RewindAsync(Cancel);
                }
            }
        }
    }
}
