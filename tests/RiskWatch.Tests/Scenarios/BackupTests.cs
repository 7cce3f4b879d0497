using Microsoft.Data.Sqlite;
using RiskWatch.Server.Benchmarks.Chaos;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Scenarios;

/// <summary>A copy made by the words of <c>infra/README.md</c> while RiskWatch runs: started elsewhere, it goes on from there and ends as the other one does.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskwatch-backup-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_made_in_the_middle_of_a_replay_ends_as_the_replay_does()
    {
        var input = ChaosInput.Write(Path.Combine(_folder, "records.csv"), 3_000);
        string[] Replay(string name) => ["replay", input, "--mapping", "boston-311", "--site", "boston", "--out", Path.Combine(_folder, name)];
        using (var running = Product.Start([.. Replay("first"), "--rate", "500"]))
        {
            var errors = running.StandardError.ReadToEndAsync(Cancel);
            var output = running.StandardOutput.ReadToEndAsync(Cancel);
            var (from, to) = (Path.Combine(_folder, "first", "data"), Directory.CreateDirectory(Path.Combine(_folder, "second", "data")).FullName);
            while (!Directory.Exists(Path.Combine(from, "secrets")) || Rows(Path.Combine(from, "store.db"), "records") < 500)
            {
                Assert.False(running.HasExited, "It was through before it was copied.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancel);
            }

            Back(Path.Combine(from, "log.db"), Path.Combine(to, "log.db"));
            Back(Path.Combine(from, "store.db"), Path.Combine(to, "store.db"));
            Copy(Path.Combine(from, "secrets"), Path.Combine(to, "secrets"));
            Assert.False(running.HasExited, "It was through before it was copied.");
            await running.WaitForExitAsync(Cancel);
            await output;
            Assert.True(running.ExitCode == 0, await errors);
        }

        var rows = Rows(Path.Combine(_folder, "second", "data", "store.db"), "records");
        var (code, _, said) = await Product.RunAsync(Cancel, Replay("second"));

        Assert.True(code == 0, said);
        Assert.InRange(rows, 1, 2_999);
        Assert.Equal(3_000, Rows(Path.Combine(_folder, "second", "data", "store.db"), "records"));
        var alerts = await File.ReadAllTextAsync(Path.Combine(_folder, "first", "alerts.jsonl"), Cancel);
        Assert.NotEmpty(alerts);
        Assert.Equal(alerts, await File.ReadAllTextAsync(Path.Combine(_folder, "second", "alerts.jsonl"), Cancel));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Back(string from, string to)
    {
        using var source = new SqliteConnection($"Data Source={from};Mode=ReadOnly");
        using var target = new SqliteConnection($"Data Source={to}");
        source.Open();
        target.Open();
        source.BackupDatabase(target);
    }

    private static long Rows(string file, string table)
    {
        if (!File.Exists(file))
        {
            return 0;
        }

        try
        {
            using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT count(*) FROM {table}";
            return (long)command.ExecuteScalar()!;
        }
        catch (SqliteException)
        {
            // It is being made.
            return 0;
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
