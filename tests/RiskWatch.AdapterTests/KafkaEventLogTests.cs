using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Core.Log;

namespace RiskWatch.AdapterTests;

/// <summary>Kafka, one broker, through the compliance suite.</summary>
public sealed class KafkaEventLogTests : KafkaCompliance
{
    protected override string Variable => "RISKWATCH_TEST_KAFKA";
}

/// <summary>Kafka, three brokers with replication 3, through the compliance suite.</summary>
public sealed class KafkaClusterEventLogTests : KafkaCompliance
{
    protected override string Variable => "RISKWATCH_TEST_KAFKA_CLUSTER";
}

/// <summary>The compliance suite on a real Kafka whose address an environment variable gives; skipped with the reason where it is missing.</summary>
public abstract class KafkaCompliance : EventLogCompliance
{
    private string _servers = "";

    protected abstract string Variable { get; }

    protected override int MaxEntryBytes => new KafkaOptions().LargestEntry;

    protected override TimeSpan Patience => TimeSpan.FromSeconds(60);

    // A fetch brings up to a megabyte of one partition.
    protected override int BusyEntryBytes => 4_000;

    public override ValueTask InitializeAsync()
    {
        _servers = Requirement.Server(Variable, "kafka");
        return ValueTask.CompletedTask;
    }

    protected override Task<IEventLog> CreateAsync() => Task.FromResult<IEventLog>(new KafkaEventLog(
        Options(), NullLogger<KafkaEventLog>.Instance));

    // A client that is not closed and no longer polls is what the group sees of a killed process.
    protected override Task KillAsync(IEventLog log)
    {
        ((KafkaEventLog)log).Crash();
        return Task.CompletedTask;
    }

    protected override Task MaintainAsync(IEventLog log, TimeSpan later) => Task.CompletedTask;

    [Fact]
    public async Task A_groups_offset_that_went_back_brings_nothing_again_that_the_state_has()
    {
        var log = await OpenAsync();
        var input = await TopicAsync(log, "input", 2);
        var state = await TopicAsync(log, "state", 2, TopicCleanup.Compact);
        await AppendAsync(log, input, [.. Enumerable.Range(0, 20).Select(i => ((string?)$"k{i}", (string?)$"{i}"))]);
        await using (var member = log.Join(Membership(input, state)))
        {
            var taken = await TakeAsync(member, 20);
            await taken.Last.CommitAsync([], [.. taken.Messages.GroupBy(m => m.Partition).Select(g => new StateChange(g.Key, "count", Bytes($"{g.Count()}")))], Cancel);
        }

        // As a coordinator tells it that slept while others kept the group.
        using (var import = new KafkaImport(Options()))
        {
            await PlaceAsync(import, input, [0, 0]);
        }

        await AppendAsync(log, input, ("k0", "new"), ("k1", "new"), ("k2", "new"), ("k3", "new"));
        await using var next = log.Join(Membership(input, state, "b"));
        var again = await TakeAsync(next, 4);

        Assert.Equal(["new", "new", "new", "new"], Texts(again.Messages));
        Assert.Equal(20, again.Owned.Values.Sum(s => int.Parse(s["count"].Span, CultureInfo.InvariantCulture)));
        Assert.All(again.Owned.Values, s => Assert.Equal(["count"], s.Keys));
    }

    [Fact]
    public async Task A_member_whose_client_has_stopped_reading_begins_anew()
    {
        var log = await OpenAsync();
        var input = await TopicAsync(log, "input", 2);
        var state = await TopicAsync(log, "state", 2, TopicCleanup.Compact);
        await using var member = log.Join(Membership(input, state));
        await OwnAsync(member, 2);

        ((KafkaMember)member).StopReading();
        await AppendAsync(log, input, ("a", "1"), ("b", "2"), ("c", "3"));

        var taken = new Taken();
        var deadline = Deadline();
        while (taken.Messages.Count < 3)
        {
            Assert.False(deadline(), "The entries never came.");
            try
            {
                taken.Add(await ReadAsync(member));
            }
            catch (TransientLogException)
            {
                await member.RewindAsync(Cancel);
            }
        }

        Assert.Equal(["1", "2", "3"], Texts(taken.Messages).Order());
    }

    [Fact]
    public async Task A_tail_whose_client_has_stopped_reading_begins_anew()
    {
        var log = await OpenAsync();
        var topic = await TopicAsync(log, "topic", 2);
        await AppendAsync(log, topic, ("a", "1"));
        await using var tail = log.Tail(topic, fromBeginning: true);
        await FollowAsync(tail, 1);

        ((KafkaTail)tail).StopReading();
        await AppendAsync(log, topic, ("a", "2"), ("b", "3"));

        Assert.Equal(["2", "3"], Texts(await FollowAsync(tail, 2)).Order());
    }

    private KafkaOptions Options() => new() { BootstrapServers = _servers, MaxPollInterval = TimeSpan.FromSeconds(6) };

    // A group that was just left has members for a moment still.
    private async Task PlaceAsync(KafkaImport import, string topic, IReadOnlyList<long> next)
    {
        var deadline = Deadline();
        while (true)
        {
            try
            {
                await import.PlaceAsync(Name("group"), topic, next, Cancel);
                return;
            }
            catch (Exception e) when (e is TransientLogException or FencedException && !deadline())
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancel);
            }
        }
    }
}
