using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;
using RiskWatch.Ingestion.Replay;
using RiskWatch.Server.Benchmarks.Chaos;
using RiskWatch.Server.Hosting;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Scenarios;

/// <summary>
/// One broker of three whose disk fills up: Kafka stops it, the others take over, and with room again it comes back. The disk is a small file system in memory.
/// With a single broker Kafka itself loses the end of its transaction log to a full disk, and groups hang on transactions that nobody knows any more.
/// </summary>
[Trait("proof", "chaos")]
[Collection(nameof(ChaosTests))]
public sealed class BrokerDiskTests : IAsyncLifetime
{
    private const int Rows = 4_000;

    private static readonly string[] All = [Roles.Classification, Roles.Alerting, Roles.Indexing, Roles.Web];

    private readonly string _folder = Directory.CreateTempSubdirectory("riskwatch-disk-").FullName;
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal) { ["KAFKA_PORT"] = "19792" };
    private string _kafka = "";
    private bool _mounted;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Disk => Path.Combine(_folder, "kafka-19792", "3");

    public async ValueTask InitializeAsync()
    {
        _kafka = Path.Combine(Requirement.Server("RISKWATCH_SERVERS", "chaos"), "kafka.sh");
        _environment["RISKWATCH_SERVERS_DATA"] = _folder;
        await RunAsync("bash", _kafka, "start", "3");
        await RunAsync("bash", _kafka, "stop");
        try
        {
            Directory.Move(Disk, Disk + ".kept");
            Directory.CreateDirectory(Disk);
            await RunAsync("mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", Disk);
            _mounted = true;
        }
        catch (InvalidOperationException e)
        {
            Requirement.Missing("mount", "No file system can be mounted here: " + e.Message);
        }

        await RunAsync("cp", "-a", Disk + ".kept/.", Disk);
    }

    public async ValueTask DisposeAsync()
    {
        if (_mounted)
        {
            File.Delete(Filler);
            await RunAsync("bash", _kafka, "stop");
            await RunAsync("umount", Disk);
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_full_disk_of_one_broker_of_three_loses_nothing()
    {
        var input = ChaosInput.Write(Path.Combine(_folder, "records.csv"), Rows);
        var (undisturbed, _) = await UndisturbedRun.RunAsync(Path.Combine(_folder, "calm"), input, "boston-311", 0, 0, Cancel);
        var servers = (await RunAsync("bash", _kafka, "start", "3")).Trim();
        await using var product = await RunningProduct.StartAsync(
            All, Cancel, ("RiskWatch:Log", "kafka"), ("RiskWatch:Kafka:BootstrapServers", servers), ("RiskWatch:Alerting:Provisional", "false"), ("RiskWatch:Classification:EncoderSheds", "false"), ("RiskWatch:Worker:LongestBackoff", "00:00:02"));
        using (var door = new ApiDoor(product.Http.BaseAddress!))
        {
            await new People(door, 0, 0).ActAsync(Cancel);
        }

        var replay = product.Services.GetRequiredService<ReplayWorker>().RunAsync(
            ReplayRequest.Of([input], "boston-311", "boston", Path.Combine(_folder, "sorted")) with { RecordsPerSecond = Rows / 40 }, null, Cancel);
        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System, Cancel);
        var broker = int.Parse(File.ReadAllText(Path.Combine(Disk, "pid")), CultureInfo.InvariantCulture);
        Assert.False(HasEnded(broker));
        Fill();
        await UntilAsync(() => HasEnded(broker));
        await Task.Delay(TimeSpan.FromSeconds(15), TimeProvider.System, Cancel);
        File.Delete(Filler);
        await RunAsync("bash", _kafka, "restart", "3");
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            patience.CancelAfter(TimeSpan.FromMinutes(2));
            await replay.WaitAsync(patience.Token);
            await Pipeline.DrainAsync(product.Host, product.RunningRoles, patience.Token);
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            Assert.Fail("It did not go on: " + string.Join('\n', product.Said.Words.TakeLast(10)));
        }

        var outcome = await RunOutcome.ReadAsync(product.Services.GetRequiredService<IEventLog>(), product.Services.GetRequiredService<IStore>(), Cancel);
        Assert.NotEqual(0, undisturbed.Alerts.Count);
        Assert.Empty(undisturbed.Compare(outcome).SelectMany(c => c.Differences.Take(5)));
    }

    private string Filler => Path.Combine(Disk, "filler");

    private void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create);
        var block = new byte[64 * 1024];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // That it is full is what was wanted.
        }
    }

    // Its own log lies on the full disk too, so that what it says about it may not be there.
    private static bool HasEnded(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static Task UntilAsync(Func<bool> holds) => Eventually.HoldsAsync(() => Task.FromResult(holds()), TimeSpan.FromMinutes(2), Cancel, "The broker went on with a full disk.");

    private Task<string> RunAsync(string program, params string[] arguments) => ProductProcess.RunAsync(program, arguments, _environment, Cancel.IsCancellationRequested ? CancellationToken.None : Cancel);
}
