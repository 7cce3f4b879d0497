using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Privacy;
using RiskWatch.Core.Store;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Core.Log;

public sealed class StageWorkerTests : IDisposable
{
    private readonly ScriptedEventLog _log = new();
    private readonly EchoStage _stage = new();
    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.Zero };
    private readonly StageMetrics _metrics = new();

    [Fact]
    public async Task Outputs_state_and_position_go_out_in_one_commit()
    {
        _log.Batch(Entry(0, "a"), Entry(1, "b"));

        await RunAsync();

        var (outputs, state) = Assert.Single(_log.Commits);
        Assert.Equal(["a", "b"], outputs.Select(o => o.Key));
        Assert.Equal("last", Assert.Single(state).Key);
    }

    [Fact]
    public async Task What_a_stage_puts_off_goes_out_with_a_later_commit()
    {
        _stage.CommitOnly = "c";
        _log.Batch(Entry(0, "a"));
        _log.Batch(Entry(1, "b"));
        _log.Batch(Entry(2, "c"));

        await RunAsync();

        Assert.Equal(["a", "b", "c"], Assert.Single(_log.Commits).Outputs.Select(o => o.Key));
    }

    [Fact]
    public async Task Nothing_is_committed_when_the_store_is_down_and_the_worker_starts_again()
    {
        _stage.Failures["a"] = new TransientStoreException("the store does not answer");
        _log.Batch(Entry(0, "a"));
        _log.Batch(Entry(0, "a"));

        await RunAsync();

        Assert.Equal(1, _log.Rewinds);
        Assert.Equal(["a"], Assert.Single(_log.Commits).Outputs.Select(o => o.Key));
    }

    [Fact]
    public async Task A_fenced_commit_leaves_nothing_behind()
    {
        _log.NextCommitFails(new FencedException("another member"));
        _log.Batch(Entry(0, "a"));
        _log.Batch(Entry(0, "b"));

        await RunAsync();

        Assert.Equal(1, _log.Rewinds);
        Assert.Equal(["b"], Assert.Single(_log.Commits).Outputs.Select(o => o.Key));
    }

    [Fact]
    public async Task Poison_goes_to_the_dead_letters_with_its_bytes_and_reason_and_the_rest_is_handled()
    {
        _stage.Poisonous = "bad";
        _log.Batch(Entry(0, "a"), Entry(1, "bad"));
        _log.Batch(Entry(0, "a"), Entry(1, "bad"));

        await RunAsync();

        var outputs = Assert.Single(_log.Commits).Outputs;
        var letter = System.Text.Json.JsonSerializer.Deserialize(outputs.Single(o => o.Topic == Topics.DeadLetter).Value!.Value.Span, ContractsJson.Default.DeadLetter)!;
        Assert.Equal(DeadLetterReason.Malformed, letter.Reason);
        Assert.Equal("value of bad", Encoding.UTF8.GetString(letter.Bytes));
        Assert.Equal(1, letter.Origin.Offset);
        Assert.Contains(outputs, o => o.Key == "a");
    }

    [Fact]
    public async Task An_entry_that_becomes_too_large_is_found_among_its_batch_and_dead_lettered()
    {
        _log.LargestOf = (Topics.Scored, "value of a".Length);
        _log.Batch(Entry(0, "a"), Entry(1, "large"));
        _log.Batch(Entry(0, "a"));
        _log.Batch(Entry(1, "large"));
        _log.Batch(Entry(1, "large"));

        await RunAsync();

        Assert.Equal(2, _log.Rewinds);
        Assert.Equal(["a"], _log.Commits[0].Outputs.Select(o => o.Key));
        var letter = System.Text.Json.JsonSerializer.Deserialize(Assert.Single(_log.Commits[1].Outputs).Value!.Value.Span, ContractsJson.Default.DeadLetter)!;
        Assert.Equal((DeadLetterReason.Oversized, 1L), (letter.Reason, letter.Origin.Offset));
    }

    [Fact]
    public async Task Poison_stops_a_stage_that_must_not_skip()
    {
        _stage.DeadLetters = false;
        _stage.Poisonous = "bad";
        _log.Batch(Entry(0, "bad"));

        await Assert.ThrowsAsync<PoisonException>(RunAsync);
        Assert.Empty(_log.Commits);
    }

    [Fact]
    public async Task A_bug_stops_the_worker_instead_of_losing_the_entry()
    {
        _stage.Failures["a"] = new InvalidOperationException("a bug");
        _log.Batch(Entry(0, "a"));

        await Assert.ThrowsAsync<InvalidOperationException>(RunAsync);
        Assert.Empty(_log.Commits);
    }

    [Fact]
    public async Task A_change_of_ownership_drops_what_was_put_off()
    {
        _stage.CommitOnly = "c";
        _log.Assign(new PartitionAssignment(0, new Dictionary<string, ReadOnlyMemory<byte>>()));
        _log.Batch(Entry(0, "a"));
        _log.Assign(new PartitionAssignment(0, new Dictionary<string, ReadOnlyMemory<byte>>()));
        _log.Batch(Entry(0, "c"));

        await RunAsync();

        Assert.Equal(["c"], Assert.Single(_log.Commits).Outputs.Select(o => o.Key));
        Assert.Equal([0, 0], _stage.Assigned);
    }

    [Fact]
    public async Task A_partition_that_joins_leaves_alone_what_was_put_off()
    {
        _stage.CommitOnly = "c";
        _log.Batch(Entry(0, "a"));
        _log.Assign(new PartitionAssignment(1, new Dictionary<string, ReadOnlyMemory<byte>>()));
        _log.Batch(Entry(1, "c"));

        await RunAsync();

        Assert.Equal(["a", "c"], Assert.Single(_log.Commits).Outputs.Select(o => o.Key));
    }

    [Fact]
    public async Task Provisional_entries_go_out_at_once_even_when_the_commit_waits()
    {
        _stage.CommitOnly = "never";
        _stage.Early = true;
        _log.Batch(Entry(0, "a"));

        await RunAsync();

        Assert.Equal(["early a"], _log.Appended.Select(o => o.Key));
        Assert.Empty(_log.Commits);
    }

    public void Dispose() => _metrics.Dispose();

    private static LogMessage Entry(long offset, string key) => new(Topics.Records, 0, offset, key, "test", 1, Encoding.UTF8.GetBytes("value of " + key), DateTimeOffset.UnixEpoch);

    private async Task RunAsync()
    {
        using var worker = new StageWorker(_log, _stage, "test/0", new StageWorkerOptions(), new ClearVault(), _metrics, _time, NullLogger<StageWorker>.Instance);
        await worker.StartAsync(TestContext.Current.CancellationToken);
        while (!_log.Done.Task.IsCompleted && !worker.ExecuteTask!.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await worker.StopAsync(TestContext.Current.CancellationToken);
        await worker.ExecuteTask!;
    }

    private sealed class ClearVault : IDeadLetterVault
    {
        public byte[] Protect(ReadOnlySpan<byte> plain) => plain.ToArray();

        public byte[] Unprotect(ReadOnlySpan<byte> cipher) => cipher.ToArray();
    }

    private sealed class EchoStage : IStage
    {
        public string? CommitOnly { get; set; }

        public string? Poisonous { get; set; }

        public bool DeadLetters { get; set; } = true;

        public bool Early { get; set; }

        public Dictionary<string, Exception> Failures { get; } = [];

        public List<int> Assigned { get; } = [];

        public StageDefinition Definition => new("test", Topics.Records, HasState: true, DeadLetters);

        public void Assign(PartitionAssignment assignment) => Assigned.Add(assignment.Partition);

        public void Revoke(int partition) => Assigned.Remove(partition);

        public ValueTask<StageResult> HandleAsync(IReadOnlyList<LogMessage> batch, CancellationToken cancel)
        {
            var result = new StageResult { Commit = CommitOnly is null || batch.Any(m => m.Key == CommitOnly) };
            foreach (var message in batch)
            {
                if (Failures.Remove(message.Key!, out var failure))
                {
                    throw failure;
                }

                if (message.Key == Poisonous)
                {
                    throw new PoisonException(message, DeadLetterReason.Malformed, "not readable");
                }

                result.Outputs.Add(new LogOutput(Topics.Scored, message.Key, "test", message.Value));
                result.StateChanges.Add(new StateChange(message.Partition, "last", message.Value));
                if (Early)
                {
                    result.EarlyOutputs.Add(new LogOutput(Topics.Signals, "early " + message.Key, "test", message.Value));
                }
            }

            return ValueTask.FromResult(result);
        }
    }
}
