using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using RiskWatch.Adapters.Embedded;
using RiskWatch.Core.Log;

namespace RiskWatch.AdapterTests;

/// <summary>What the embedded log keeps and drops (LOG §8, §10.4), and who owns what in one process.</summary>
public sealed class SqliteEventLogUpkeepTests : IAsyncLifetime
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "riskwatch-log-" + Guid.NewGuid().ToString("N"));
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private SqliteEventLog _log = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_directory, "log.db");

    public ValueTask InitializeAsync()
    {
        _log = new SqliteEventLog(File, new EmbeddedOptions { MaxLogBytes = 4_000_000 }, TimeProvider.System, NullLogger<SqliteEventLog>.Instance);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Expired_entries_are_dropped_once_every_group_has_passed_them()
    {
        await EnsureAsync(new TopicDefinition("t", 1, Retention: TimeSpan.FromHours(1)), new TopicDefinition("forever", 1));
        await AppendAsync("t", 10);
        await AppendAsync("forever", 10);
        await using var member = _log.Join(new MembershipOptions("group", "t", null, "a"));
        var batch = await member.ReadAsync(4, TimeSpan.FromSeconds(5), TimeSpan.Zero, Cancel);
        await batch.CommitAsync([], [], Cancel);

        Assert.Equal(0, await _log.MaintainAsync(_now + TimeSpan.FromMinutes(59), Cancel));
        Assert.Equal(4, await _log.MaintainAsync(_now + TimeSpan.FromMinutes(61), Cancel));
        Assert.Equal(6, (await AllAsync("t")).Count);
        Assert.Equal(10, (await AllAsync("forever")).Count);
    }

    [Fact]
    public async Task Without_a_group_expired_entries_are_dropped_by_age_alone()
    {
        await EnsureAsync(new TopicDefinition("t", 1, Retention: TimeSpan.FromHours(1)));
        await AppendAsync("t", 2500);

        Assert.Equal(2500, await _log.MaintainAsync(_now + TimeSpan.FromHours(2), Cancel));
        Assert.Empty(await AllAsync("t"));
        Assert.Equal([2500], await _log.EndOffsetsAsync("t", Cancel));
    }

    [Fact]
    public async Task Compaction_keeps_the_last_of_a_key_and_tombstones_for_a_day()
    {
        await EnsureAsync(new TopicDefinition("t", 1, TopicCleanup.Compact));
        await _log.AppendAsync([Entry("t", "a", "1"), Entry("t", "b", "1"), Entry("t", "a", "2"), Entry("t", "b", null), Entry("t", null, "no key"), Entry("t", null, "no key")], Cancel);

        Assert.Equal(2, await _log.MaintainAsync(_now, Cancel));
        Assert.Equal(["a=2", "b=", "=no key", "=no key"], (await AllAsync("t")).Select(m => $"{m.Key}={(m.Value is { } value ? Encoding.UTF8.GetString(value.Span) : "")}"));
        Assert.Equal(0, await _log.MaintainAsync(_now + TimeSpan.FromHours(23), Cancel));
        Assert.Equal(1, await _log.MaintainAsync(_now + TimeSpan.FromHours(25), Cancel));
        Assert.Equal(["a", null, null], (await AllAsync("t")).Select(m => m.Key));
    }

    [Fact]
    public async Task What_was_deleted_is_on_disk_no_more()
    {
        await EnsureAsync(new TopicDefinition("t", 1, Retention: TimeSpan.FromHours(1)));
        var secret = Encoding.UTF8.GetBytes("what nobody may read any more");
        await _log.AppendAsync([.. Enumerable.Range(0, 50).Select(i => new LogOutput("t", $"{i}", "test", secret))], Cancel);
        Assert.True(await OnDiskAsync(secret));

        await _log.MaintainAsync(_now + TimeSpan.FromHours(2), Cancel);

        Assert.False(await OnDiskAsync(secret));
    }

    [Fact]
    public async Task Over_its_size_the_log_drops_what_all_have_passed_and_otherwise_says_that_it_is_full()
    {
        await EnsureAsync(new TopicDefinition("records", 2, Retention: TimeSpan.FromDays(6), Droppable: true), new TopicDefinition("history", 1, Retention: TimeSpan.FromDays(396)));
        await using var member = _log.Join(new MembershipOptions("group", "records", null, "a"));
        await member.ReadAsync(1, TimeSpan.Zero, TimeSpan.Zero, Cancel);
        Assert.False(_log.Capacity.IsFull);
        await _log.AppendAsync([.. Enumerable.Range(0, 8_000).Select(i => new LogOutput("records", $"{i}", "test", new byte[700]))], Cancel);
        await AppendAsync("history", 100);

        Assert.Equal(0, await _log.MaintainAsync(_now, Cancel));
        Assert.True(_log.Capacity.IsFull);

        var read = 0;
        while (read < 8_000)
        {
            var batch = await member.ReadAsync(2_000, TimeSpan.FromSeconds(5), TimeSpan.Zero, Cancel);
            read += batch.Messages.Count;
            await batch.CommitAsync([], [], Cancel);
        }

        Assert.InRange(await _log.MaintainAsync(_now, Cancel), 1_000, 8_000);
        Assert.False(_log.Capacity.IsFull);
        Assert.Equal(100, (await AllAsync("history")).Count);
    }

    [Fact]
    public async Task A_newer_member_of_the_same_id_takes_over_at_once_and_the_older_one_stays_out()
    {
        await EnsureAsync(new TopicDefinition("t", 2));
        await AppendAsync("t", 10);
        await using var older = _log.Join(new MembershipOptions("group", "t", null, "same"));
        var held = await older.ReadAsync(10, TimeSpan.FromSeconds(5), TimeSpan.Zero, Cancel);
        await using var newer = _log.Join(new MembershipOptions("group", "t", null, "same"));
        var taken = await newer.ReadAsync(10, TimeSpan.FromSeconds(5), TimeSpan.Zero, Cancel);

        Assert.Equal(10, taken.Messages.Count);
        await Assert.ThrowsAsync<FencedException>(() => held.CommitAsync([], [], Cancel));
        await older.RewindAsync(Cancel);
        Assert.Equal([0, 1], (await older.ReadAsync(10, TimeSpan.Zero, TimeSpan.Zero, Cancel)).Revoked);
        await taken.CommitAsync([], [], Cancel);
        await newer.DisposeAsync();
        await AppendAsync("t", 1);
        Assert.Single((await older.ReadAsync(10, TimeSpan.FromSeconds(5), TimeSpan.Zero, Cancel)).Messages);
    }

    [Fact]
    public async Task What_many_write_at_once_is_all_there()
    {
        await EnsureAsync(new TopicDefinition("t", 4));
        var positions = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => _log.AppendAsync([Entry("t", $"{i}", $"{i}"), Entry("t", $"{i}", $"{i}")], Cancel)));

        Assert.Equal(400, positions.SelectMany(p => p).Distinct().Count());
        Assert.Equal(400, (await AllAsync("t")).Count);
    }

    [Fact]
    public async Task A_request_that_cannot_be_done_fails_alone()
    {
        await EnsureAsync(new TopicDefinition("t", 2));
        var good = Enumerable.Range(0, 50).Select(i => _log.AppendAsync([Entry("t", $"{i}", $"{i}")], Cancel)).ToList();
        var bad = Enumerable.Range(0, 5).Select(_ => _log.EnsureTopicsAsync([new TopicDefinition("t", 3)], Cancel)).ToList();
        good.AddRange(Enumerable.Range(50, 50).Select(i => _log.AppendAsync([Entry("t", $"{i}", $"{i}")], Cancel)));

        await Task.WhenAll(good);
        foreach (var one in bad)
        {
            await Assert.ThrowsAsync<LogConfigurationException>(() => one);
        }

        Assert.Equal(Enumerable.Range(0, 100), (await AllAsync("t")).Select(m => int.Parse(m.Key!, System.Globalization.CultureInfo.InvariantCulture)).Order());
    }

    private static LogOutput Entry(string topic, string? key, string? value) => new(topic, key, "test", value is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(value), PartitionKey: key);

    private Task EnsureAsync(params TopicDefinition[] topics) => _log.EnsureTopicsAsync(topics, Cancel);

    private async Task AppendAsync(string topic, int count) => await _log.AppendAsync([.. Enumerable.Range(0, count).Select(i => Entry(topic, $"{i}", $"{i}"))], Cancel);

    private async Task<List<LogMessage>> AllAsync(string topic)
    {
        await using var tail = _log.Tail(topic, fromBeginning: true);
        var all = new List<LogMessage>();
        while (!tail.CaughtUp)
        {
            all.AddRange(await tail.ReadAsync(TimeSpan.Zero, Cancel));
        }

        return all;
    }

    private async Task<bool> OnDiskAsync(byte[] secret)
    {
        foreach (var path in Directory.GetFiles(_directory))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes, Cancel);
            if (bytes.AsSpan().IndexOf(secret) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
