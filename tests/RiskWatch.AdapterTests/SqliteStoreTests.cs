using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using RiskWatch.Adapters.Embedded;
using RiskWatch.AdapterTests.Support;
using RiskWatch.Core.Store;
using static RiskWatch.AdapterTests.Support.SomeStored;

namespace RiskWatch.AdapterTests;

/// <summary>The embedded store: the suite that all stores pass, and what only a file can do wrong.</summary>
public sealed class SqliteStoreTests : StoreCompliance
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskwatch-store-").FullName;
    private readonly FakeTimeProvider _time = new(Noon);

    private string File => Path.Combine(_folder, "store.db");

    [Fact]
    public async Task What_was_written_is_there_after_reopening()
    {
        await WriteAsync(Write("1", "rain"));

        await using var again = Open();
        await again.PrepareAsync(Cancel);
        Assert.Single((await again.SearchRecordsAsync(new RecordQuery { Text = "rain" }, Cancel)).Items);
    }

    [Fact]
    public async Task A_deletion_is_forgotten_after_seven_days()
    {
        await WriteAsync(Deletion("1", 5));
        _time.Advance(TimeSpan.FromDays(6.9));
        await Store.PruneRecordsAsync(Noon.AddDays(-1), Cancel);
        await WriteAsync(Write("1", "rain", version: 4));
        Assert.Null(await Store.GetRecordAsync("weibo", "1", Cancel));

        _time.Advance(TimeSpan.FromDays(0.2));
        await Store.PruneRecordsAsync(Noon.AddDays(-1), Cancel);
        await WriteAsync(Write("1", "rain", version: 4));
        Assert.NotNull(await Store.GetRecordAsync("weibo", "1", Cancel));
    }

    [Fact]
    public async Task Nothing_of_a_deleted_text_is_left_in_the_files_after_pruning()
    {
        await WriteAsync([.. Enumerable.Range(0, 200).Select(i => Write(Id(i), "ordinary words " + Id(i)))]);
        await WriteAsync(Write("s", "zanzibarquux 郑州绝密"));
        Assert.True(FilesHold("zanzibarquux"));

        await WriteAsync(Deletion("s", 2));
        await Store.PruneRecordsAsync(Noon.AddDays(-1), Cancel);

        Assert.False(FilesHold("zanzibarquux"));
        Assert.False(FilesHold("绝密"));
        Assert.Equal(["000007"], await FindAsync("000007"));
    }

    [Fact]
    public async Task Pruning_gives_the_space_back()
    {
        await WriteAsync([.. Enumerable.Range(0, 3000).Select(i => Write(Id(i), new string('x', 500) + " " + Id(i), Noon.AddSeconds(-i)))]);
        await Store.PruneRecordsAsync(Noon.AddDays(-1), Cancel);
        var before = new FileInfo(File).Length;

        await Store.PruneRecordsAsync(Noon.AddSeconds(-10), Cancel);

        Assert.True(new FileInfo(File).Length < before / 4);
    }

    [Fact]
    public async Task Queries_run_while_a_write_is_under_way()
    {
        await WriteAsync(Write("1", "rain"));
        using var writer = new SqliteConnection($"Data Source={File};Pooling=False");
        writer.Open();
        Run(writer, "BEGIN IMMEDIATE; DELETE FROM records;");

        Assert.Equal(["1"], await FindAsync("rain"));
    }

    [Fact]
    public async Task A_locked_store_is_waited_for_and_named()
    {
        using var other = new SqliteConnection($"Data Source={File};Pooling=False");
        other.Open();
        Run(other, "BEGIN IMMEDIATE;");

        var error = await Assert.ThrowsAsync<TransientStoreException>(() => Store.WriteRecordsAsync([Write("1", "rain")], Cancel));
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Contains("locked", error.Message, StringComparison.Ordinal);

        Run(other, "ROLLBACK;");
        await WriteAsync(Write("1", "rain"));
        Assert.Equal(["1"], await FindAsync("rain"));
    }

    [Fact]
    public async Task A_full_disk_is_waited_for_and_named_and_nothing_is_half_written()
    {
        await WriteAsync(Write("0", "rain"));
        await Store.DisposeAsync();
        await using var small = Open(pages: 60);
        var writes = Enumerable.Range(1, 500).Select(i => Write(Id(i), new string('x', 2000))).ToArray();

        var error = await Assert.ThrowsAsync<TransientStoreException>(() => small.WriteRecordsAsync(writes, Cancel));
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Contains("space", error.Message, StringComparison.Ordinal);
        Assert.Equal("0", Assert.Single((await small.SearchRecordsAsync(new RecordQuery(), Cancel)).Items).Record.Id);

        Assert.Empty(await small.WriteRecordsAsync([Write("1", "rain")], Cancel));
    }

    [Theory]
    [InlineData("garbage", "damaged")]
    [InlineData("newer", "newer RiskWatch")]
    [InlineData("foreign", "not a RiskWatch store")]
    [InlineData("missing", "cannot be opened")]
    public async Task A_file_that_cannot_be_used_is_named_with_what_to_do(string kind, string expected)
    {
        var file = Path.Combine(_folder, kind == "missing" ? "no/such/store.db" : "other.db");
        await PutAsync(kind, file);
        await using var store = new SqliteStore(file, new TestGazetteer(), _time, TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<StoreConfigurationException>(() => store.PrepareAsync(Cancel));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_page_is_named_when_it_is_read()
    {
        await WriteAsync([.. Enumerable.Range(0, 2000).Select(i => Write(Id(i), "rain " + Id(i), Noon.AddSeconds(-i)))]);
        await Store.DisposeAsync();
        using (var file = System.IO.File.OpenWrite(File))
        {
            file.Position = 4096 * 4;
            file.Write(Enumerable.Repeat((byte)0xa5, (int)file.Length - (4096 * 8)).ToArray());
        }

        await using var store = Open();
        var error = await Assert.ThrowsAsync<StoreConfigurationException>(() => store.SearchRecordsAsync(new RecordQuery(), Cancel));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    private protected override Task<IStore> CreateAsync() => Task.FromResult<IStore>(Open());

    private protected override Task CleanUpAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task PutAsync(string kind, string file)
    {
        if (kind == "garbage")
        {
            await System.IO.File.WriteAllBytesAsync(file, [.. Enumerable.Range(0, 9000).Select(i => (byte)(i * 31))], Cancel);
        }
        else if (kind == "foreign")
        {
            using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
            connection.Open();
            Run(connection, "CREATE TABLE t (x);");
        }
        else if (kind == "newer")
        {
            await using var store = new SqliteStore(file, new TestGazetteer(), TimeProvider.System);
            await store.PrepareAsync(Cancel);
            using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
            connection.Open();
            Run(connection, "PRAGMA user_version = 99;");
        }
    }

    private SqliteStore Open(int? pages = null) => new(File, new TestGazetteer(), _time, TimeSpan.FromSeconds(1)) { MaximumPages = pages };

    private bool FilesHold(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return Directory.GetFiles(_folder).Any(f => ReadShared(f).AsSpan().IndexOf(bytes) >= 0);
    }

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
