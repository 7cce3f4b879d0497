using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using RiskWatch.Adapters.Embedded;
using RiskWatch.Core.Log;

namespace RiskWatch.AdapterTests;

/// <summary>What can happen to the embedded log's file: each says what it is, names the file, and loses nothing.</summary>
public sealed class SqliteEventLogFailureTests : IDisposable
{
    private const string Topic = "test.in";
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "riskwatch-log-" + Guid.NewGuid().ToString("N"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_directory, "log.db");

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_locked_log_is_waited_for()
    {
        await using var log = await OpenAsync(new EmbeddedOptions { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        await AppendAsync(log, "before");
        using var other = Raw(File);
        Execute(other, "BEGIN IMMEDIATE");

        var error = await Assert.ThrowsAsync<TransientLogException>(() => AppendAsync(log, "during"));
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Contains("locked", error.Message, StringComparison.Ordinal);

        Execute(other, "COMMIT");
        await AppendAsync(log, "after");
        Assert.Equal(["before", "after"], await AllAsync(log));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named()
    {
        Directory.CreateDirectory(_directory);
        await System.IO.File.WriteAllBytesAsync(File, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("not a database ", 1000))), Cancel);

        var error = await Assert.ThrowsAsync<LogConfigurationException>(() => OpenAsync());

        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Contains("move it away", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_is_named()
    {
        await using (var log = await OpenAsync())
        {
            await log.AppendAsync([.. Enumerable.Range(0, 500).Select(i => new LogOutput(Topic, $"{i}", "test", new byte[700]))], Cancel);
        }

        await using (var file = System.IO.File.OpenWrite(File))
        {
            file.Position = 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0xA5, (int)(file.Length - 4096)).ToArray(), Cancel);
        }

        var error = await Assert.ThrowsAsync<LogConfigurationException>(async () =>
        {
            await using var damaged = await OpenAsync();
            await AllAsync(damaged);
        });

        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_of_another_version_is_named_and_left_alone()
    {
        await using (var log = await OpenAsync())
        {
            await AppendAsync(log, "kept");
        }

        using (var raw = Raw(File))
        {
            Execute(raw, "PRAGMA user_version=99");
        }

        var error = await Assert.ThrowsAsync<LogConfigurationException>(() => OpenAsync());
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Contains("99", error.Message, StringComparison.Ordinal);

        using (var raw = Raw(File))
        {
            Execute(raw, "PRAGMA user_version=1");
        }

        await using var again = await OpenAsync();
        Assert.Equal(["kept"], await AllAsync(again));
    }

    [Fact]
    public async Task Another_database_is_not_taken_for_a_log()
    {
        Directory.CreateDirectory(_directory);
        using (var raw = Raw(File))
        {
            Execute(raw, "CREATE TABLE anything(a)");
        }

        var error = await Assert.ThrowsAsync<LogConfigurationException>(() => OpenAsync());

        Assert.Contains("no RiskWatch event log", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_named()
    {
        Directory.CreateDirectory(_directory);
        var file = Path.Combine(_directory, "file");
        await System.IO.File.WriteAllTextAsync(file, "", Cancel);

        var error = await Assert.ThrowsAsync<LogConfigurationException>(() => OpenAsync(path: Path.Combine(file, "sub", "log.db")));

        Assert.Contains(Path.Combine(file, "sub", "log.db"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_waited_for_and_loses_nothing()
    {
        var kept = new List<string>();
        await using (var log = await OpenAsync(new EmbeddedOptions { MaxFileBytes = 600_000 }))
        {
            TransientLogException? full = null;
            while (full is null)
            {
                Assert.True(kept.Count < 1000, "It never got full.");
                var values = Enumerable.Range(kept.Count, 10).Select(i => $"{i}:" + new string('x', 2000)).ToList();
                try
                {
                    await log.AppendAsync([.. values.Select(value => new LogOutput(Topic, "a", "test", Encoding.UTF8.GetBytes(value)))], Cancel);
                    kept.AddRange(values);
                }
                catch (TransientLogException e)
                {
                    full = e;
                }
            }

            Assert.Contains(File, full.Message, StringComparison.Ordinal);
            Assert.Contains("full", full.Message, StringComparison.Ordinal);
            Assert.Equal(kept, await AllAsync(log));
        }

        await using var roomy = await OpenAsync();
        await AppendAsync(roomy, "after");
        Assert.Equal([.. kept, "after"], await AllAsync(roomy));
    }

    [Fact]
    public async Task However_the_write_ahead_log_is_cut_by_a_crash_each_commit_is_there_or_not_at_all()
    {
        const int Commits = 30;
        await using var log = await OpenAsync();
        await log.EnsureTopicsAsync([new TopicDefinition("test.out", 2), new TopicDefinition("test.state", 1, TopicCleanup.Compact)], Cancel);
        await log.AppendAsync([.. Enumerable.Range(0, Commits).Select(i => new LogOutput(Topic, "a", "test", Encoding.UTF8.GetBytes($"{i}")))], Cancel);
        await using var member = log.Join(new MembershipOptions("group", Topic, "test.state", "a"));
        for (var i = 1; i <= Commits; i++)
        {
            var batch = await member.ReadAsync(1, TimeSpan.FromSeconds(5), TimeSpan.Zero, Cancel);
            LogOutput output = new("test.out", "all", "test", Encoding.UTF8.GetBytes($"{i}" + new string('x', 1500)), OutputRoute.ToAllPartitions);
            await batch.CommitAsync([output, output], [new StateChange(0, "count", Encoding.UTF8.GetBytes($"{i}"))], Cancel);
        }

        var database = await ReadSharedAsync(File);
        var wal = await ReadSharedAsync(File + "-wal");
        var random = new Random(7);
        var seen = new HashSet<int>();
        for (var run = 0; run < 25; run++)
        {
            seen.Add(await RecoverAsync(run, database, wal[..(run == 0 ? wal.Length : random.Next(wal.Length))]));
        }

        Assert.Contains(Commits, seen);
        Assert.True(seen.Count > 5, "The cuts did not fall between commits.");
    }

    /// <summary>What a new process finds: as many commits in the outputs as in the state and in the positions.</summary>
    private async Task<int> RecoverAsync(int run, byte[] database, byte[] wal)
    {
        var path = Path.Combine(_directory, $"crash{run}.db");
        await System.IO.File.WriteAllBytesAsync(path, database, Cancel);
        await System.IO.File.WriteAllBytesAsync(path + "-wal", wal, Cancel);
        await using var log = await OpenAsync(path: path);
        await log.EnsureTopicsAsync([new TopicDefinition("test.out", 2), new TopicDefinition("test.state", 1, TopicCleanup.Compact)], Cancel);
        var ends = await log.EndOffsetsAsync("test.out", Cancel);
        var committed = (await log.CommittedOffsetsAsync("group", Topic, Cancel))[0];
        await using var member = log.Join(new MembershipOptions("group", Topic, "test.state", "a"));
        var batch = await member.ReadAsync(1, TimeSpan.Zero, TimeSpan.Zero, Cancel);
        var state = Assert.Single(batch.Assigned).State;
        var count = state.TryGetValue("count", out var value) ? int.Parse(value.Span, System.Globalization.CultureInfo.InvariantCulture) : 0;

        Assert.Equal([2 * count, 2 * count], ends);
        Assert.Equal(count, committed);
        return count;
    }

    private async Task<SqliteEventLog> OpenAsync(EmbeddedOptions? options = null, string? path = null)
    {
        var log = new SqliteEventLog(path ?? File, options ?? new EmbeddedOptions(), TimeProvider.System, NullLogger<SqliteEventLog>.Instance);
        await log.EnsureTopicsAsync([new TopicDefinition(Topic, 1)], Cancel);
        return log;
    }

    private static async Task AppendAsync(SqliteEventLog log, string value) => await log.AppendAsync([new LogOutput(Topic, "a", "test", Encoding.UTF8.GetBytes(value))], Cancel);

    private static async Task<List<string>> AllAsync(SqliteEventLog log)
    {
        await using var tail = log.Tail(Topic, fromBeginning: true);
        var all = new List<string>();
        while (!tail.CaughtUp)
        {
            all.AddRange((await tail.ReadAsync(TimeSpan.Zero, Cancel)).Select(message => Encoding.UTF8.GetString(message.Value!.Value.Span)));
        }

        return all;
    }

    private static SqliteConnection Raw(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this test.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, Cancel);
        return bytes;
    }
}
