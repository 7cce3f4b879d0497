using System.Buffers.Binary;
using System.Net.Sockets;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RiskWatch.Classification.Models;
using RiskWatch.Core.Log;
using RiskWatch.Server.Benchmarks.Chaos;
using RiskWatch.Server.Commands;
using RiskWatch.Server.Hosting;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Scenarios;

/// <summary>What an operator gets wrong, and what breaks under the product: one line that names the thing, exit code 1 (2 for wrong usage), nothing lost.</summary>
public sealed class ClearErrorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("riskwatch-errors-").FullName;

    public static TheoryData<string, int, string[], string> Arguments => new()
    {
        { "run --set RiskWatch:Topologie:RecordsPartitions=8", 1, ["RiskWatch:Topologie:RecordsPartitions", "did you mean RiskWatch:Topology:RecordsPartitions?"], "an unknown key and the one that was meant" },
        { "run --set RiskWatch:Topology=8", 1, ["RiskWatch:Topology", "RiskWatch:Topology:RecordsPartitions"], "a section is no value" },
        { "run --set RiskWatch:Topology:RecordsPartitions=0", 1, ["RiskWatch:Topology:RecordsPartitions", "'0'"], "out of range" },
        { "run --set RiskWatch:Topology:RecordsPartitions=many", 1, ["RiskWatch:Topology:RecordsPartitions", "'many'", "whole number"], "of the wrong type" },
        { "run --role web --set RiskWatch:Ingestion:LongestRecord=5", 1, ["RiskWatch:Ingestion:LongestRecord", "'5'"], "checked also where the role does not run" },
        { "run --set RiskWatch:Privacy:Lateness=soon", 1, ["RiskWatch:Privacy:Lateness", "'soon'", "time span"], "of the wrong type" },
        { "score --set RiskWatch:Clasify=none", 1, ["RiskWatch:Clasify", "RiskWatch:Classify"], "verbs without a host check the configuration too" },
        { "run --config {folder}/none.json", 1, ["{folder}/none.json"], "no such configuration file" },
        { "run --config {folder}/broken.json", 1, ["{folder}/broken.json"], "a configuration file that is no JSON" },
        { "rnu", 2, ["rnu"], "an unknown verb" },
        { "run --rolle all", 2, ["--rolle"], "an unknown option" },
        { "run --role police", 2, ["police", "ingestion"], "an unknown role, and those that there are" },
        { "run --log files", 2, ["files", "kafka"], "a word that is none of the option's" },
        { "replay", 2, ["--out"], "a required option is missing" },
        { "run --urls nonsense", 1, ["RiskWatch:Urls", "nonsense"], "no address" },
        { "run --urls http://0.0.0.0:1", 1, ["RiskWatch:Urls", "--insecure"], "an address that others reach" },
        { "run --urls http://127.0.0.1:0 --data {folder}/file", 1, ["{folder}/file"], "the data folder is a file" },
        { "run --urls http://127.0.0.1:0 --data /proc/riskwatch", 1, ["/proc/riskwatch"], "the data folder cannot be made" },
        { "run --urls http://127.0.0.1:0 --data {folder}/garbage", 1, ["{folder}/garbage/log.db", "damaged"], "log.db is garbage" },
        { "run --urls http://127.0.0.1:0 --data {folder}/store", 1, ["{folder}/store/store.db", "damaged"], "store.db is garbage" },
        { "run --urls http://127.0.0.1:0 --data {folder}/other", 1, ["{folder}/other/log.db", "no RiskWatch event log"], "log.db is of another program" },
        { "run --urls http://127.0.0.1:0 --data {folder}/a --set RiskWatch:Classification:Model={folder}/missing.bin", 1, ["{folder}/missing.bin", "is missing"], "no model file" },
        { "score --set RiskWatch:Classification:Model={folder}/cut.bin", 1, ["{folder}/cut.bin", "cut short"], "a model file that was cut short" },
        { "score --set RiskWatch:Classification:Model={folder}/newer.bin", 1, ["{folder}/newer.bin", "version 99"], "a model of another version" },
        { "score --site atlantis", 2, ["atlantis", "boston"], "an unknown site, and those that there are" },
        { "replay {folder}/none.csv --mapping boston-311 --site boston --out {folder}/b", 1, ["{folder}/none.csv"], "no such input" },
        { "replay {folder}/rows.csv --mapping nothing --site boston --out {folder}/c", 1, ["'nothing'", "boston-311"], "an unknown mapping, and those that there are" },
        { "replay {folder}/rows.csv --mapping {folder}/mapping.json --site boston --out {folder}/d", 1, ["{folder}/mapping.json", "fields.texxt"], "a mapping file with a wrong key" },
        { "replay {folder}/rows.csv --mapping boston-311 --site atlantis --out {folder}/e", 1, ["'atlantis'", "boston"], "an unknown site" },
        { "replay {folder}/rows.csv --out {folder}/f", 1, ["{folder}/rows.csv", "--mapping"], "a table without a mapping" },
        { "demo atlantis", 2, ["atlantis", "boston"], "an unknown demo" },
    };

    [Theory]
    [MemberData(nameof(Arguments))]
    public async Task What_is_wrong_is_named_in_one_line(string arguments, int code, string[] named, string because)
    {
        Prepare();

        var (got, said) = await SayAsync(arguments.Replace("{folder}", _folder, StringComparison.Ordinal).Split(' '));

        Assert.True(code == got, $"{because}: {got}: {said}");
        Assert.All(named, words => Assert.Contains(words.Replace("{folder}", _folder, StringComparison.Ordinal), said, StringComparison.Ordinal));
        Assert.StartsWith("error: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.True(code == 2 || !said.Contains('\n', StringComparison.Ordinal), said);
    }

    [Fact]
    public async Task A_second_process_on_a_data_folder_is_told_of_the_first()
    {
        using var first = DataLock.Take(_folder);

        var (code, said) = await SayAsync("run", "--urls", "http://127.0.0.1:0", "--data", _folder);

        Assert.Equal(1, code);
        Assert.Contains($"Another riskwatch runs on '{_folder}'", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_stays_locked_at_the_start_is_named()
    {
        var path = Path.Combine(_folder, "log.db");
        Assert.Equal(0, (await SayAsync("alerts", "list", "--data", _folder, "--store", "none", "--log-level", "Error")).Code);
        using var other = new SqliteConnection($"Data Source={path};Pooling=False");
        other.Open();
        Run(other, "BEGIN EXCLUSIVE");

        var (code, said) = await SayAsync("run", "--urls", "http://127.0.0.1:0", "--data", _folder, "--set", "RiskWatch:Embedded:BusyTimeout=00:00:00.2");

        Assert.Equal(1, code);
        Assert.Contains($"'{path}' is locked by another process", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_replays_data_folder_is_not_mixed_up()
    {
        Prepare();
        string[] common = ["--mapping", "boston-311", "--site", "boston", "--out", Path.Combine(_folder, "out"), "--store", "none", "--classify", "none", "--log-level", "Error"];
        var first = await SayAsync(["replay", ChaosInput.Write(Path.Combine(_folder, "first.csv"), 20), .. common]);
        Assert.True(first.Code == 0, first.Said);

        var (code, said) = await SayAsync(["replay", ChaosInput.Write(Path.Combine(_folder, "second.csv"), 30), .. common]);

        Assert.Equal(1, code);
        Assert.Contains("holds the replay of another input", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_a_process_too_a_taken_port_is_one_line_on_standard_error()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        var (code, output, errors) = await Product.RunAsync(TestContext.Current.CancellationToken, "run", "--urls", url, "--data", Path.Combine(_folder, "data"), "--log-level", "Warning");

        Assert.True((1, "") == (code, output), $"{code} {output} {errors}");
        Assert.StartsWith("error: ", errors, StringComparison.Ordinal);
        Assert.Contains(url, errors, StringComparison.Ordinal);
        Assert.Contains("--urls", errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task As_a_process_too_a_damaged_log_is_one_line_on_standard_error()
    {
        Prepare();

        var (code, output, errors) = await Product.RunAsync(TestContext.Current.CancellationToken, "run", "--urls", "http://127.0.0.1:0", "--data", Path.Combine(_folder, "garbage"), "--log-level", "Warning");

        Assert.True((1, "") == (code, output), $"{code} {output} {errors}");
        Assert.Contains("log.db", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_stops_since_a_service_failed_says_why()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["RiskWatch:Data"] = _folder, ["RiskWatch:LogLevel"] = "Error" }).Build();
        using var host = RiskWatchHost.Plain(configuration, new HashSet<string>(), services => services.AddHostedService<FailingService>());

        var failure = await Assert.ThrowsAsync<PipelineFailedException>(() => RiskWatchHost.RunAsync(host, TestContext.Current.CancellationToken));

        Assert.Equal("The thing is broken: mend it.", CommandLine.Expected(failure));
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<(int Code, string Said)> SayAsync(params string[] arguments)
    {
        await using var errors = new StringWriter();
        var code = await Task.Run(() => CommandLine.RunAsync(arguments, errors)).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return (code, errors.ToString().Trim());
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void Prepare()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "not a folder");
        File.WriteAllText(Path.Combine(_folder, "broken.json"), "{ \"RiskWatch\": ");
        File.WriteAllText(Path.Combine(_folder, "mapping.json"), """{"name":"m","kind":"post","fields":{"id":"{a}","source":"s","texxt":"{b}"}}""");
        ChaosInput.Write(Path.Combine(_folder, "rows.csv"), 3);
        foreach (var (name, file) in (ReadOnlySpan<(string, string)>)[("garbage", "log.db"), ("store", "store.db")])
        {
            var bytes = new byte[20_000];
            new Random(7).NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, name)).FullName, file), bytes);
        }

        using (var other = new SqliteConnection($"Data Source={Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName, "log.db")};Pooling=False"))
        {
            other.Open();
            Run(other, "CREATE TABLE somebody(other INTEGER)");
        }

        var model = File.ReadAllBytes(FastModel.DefaultPath);
        File.WriteAllBytes(Path.Combine(_folder, "cut.bin"), model[..(model.Length / 2)]);
        BinaryPrimitives.WriteInt32LittleEndian(model.AsSpan(8), 99);
        File.WriteAllBytes(Path.Combine(_folder, "newer.bin"), model);
    }

    private sealed class FailingService : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new LogConfigurationException("The thing is broken: mend it.");
        }
    }
}
