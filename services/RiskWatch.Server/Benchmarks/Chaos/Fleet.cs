using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Core.Hosting;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>Every role as a process of its own, on Kafka and Elasticsearch, and eyes on the log from outside.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly IReadOnlySet<string> Staged = new HashSet<string> { Roles.Classification, Roles.Alerting, Roles.Indexing };

    private readonly IHost _eyes;
    private readonly KafkaHealth _health;
    private readonly List<RoleProcess> _roles = [];
    private readonly string _folder;
    private readonly string[] _common;

    public Fleet(ChaosServers servers, string folder, string input, string mapping, int rate, int webs)
    {
        _folder = folder;
        Dictionary<string, string?> settings = new()
        {
            ["RiskWatch:Log"] = "kafka",
            ["RiskWatch:Store"] = "elasticsearch",
            ["RiskWatch:Data"] = Path.Combine(folder, "data"),
            ["RiskWatch:Kafka:BootstrapServers"] = servers.Kafka,
            ["RiskWatch:Elasticsearch:Urls"] = servers.Elasticsearch,
            ["RiskWatch:Elasticsearch:Replicas"] = "0",
            ["RiskWatch:Alerting:Provisional"] = "false",
            ["RiskWatch:Classification:EncoderSheds"] = "false",
        };
        _common = [.. settings.SelectMany(s => new[] { "--set", $"{s.Key}={s.Value}" })];
        Feeder = new RoleProcess("ingestion", ["bench", "feed", input, "--mapping", mapping, "--site", "boston", .. _common], null, folder) { More = ["--rate", rate.ToString(CultureInfo.InvariantCulture)] };
        Webs = [.. Enumerable.Range(1, webs).Select(i => Add(string.Create(CultureInfo.InvariantCulture, $"web-{i}"), Roles.Web))];
        Add("classification-1", Roles.Classification);
        Add("classification-2", Roles.Classification);
        Add("alerting-1", Roles.Alerting);
        Add("alerting-2", Roles.Alerting);
        Add(Roles.Indexing, Roles.Indexing);
        settings["RiskWatch:LogLevel"] = "Error";
        _eyes = RiskWatchHost.Plain(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), new HashSet<string>(), exclusive: false);
        _health = new KafkaHealth(new KafkaOptions { BootstrapServers = servers.Kafka });
        Log = _eyes.Services.GetRequiredService<IEventLog>();
        Store = _eyes.Services.GetRequiredService<IStore>();
        Stages = Pipeline.Stages(_eyes.Services, Staged);
    }

    public IEventLog Log { get; }

    public IStore Store { get; }

    public IReadOnlyList<StageRegistration> Stages { get; }

    /// <summary>Ingestion: rows from a file at a steady rate, with a cursor in the log; ends by itself.</summary>
    public RoleProcess Feeder { get; }

    public IReadOnlyList<RoleProcess> Webs { get; }

    /// <summary>All but the feeder.</summary>
    public IReadOnlyList<RoleProcess> Serving => _roles;

    /// <summary>Those that may be hit: not a feeder that has finished.</summary>
    public IReadOnlyList<RoleProcess> Victims => Feeder.Finished ? _roles : [.. _roles, Feeder];

    /// <summary>Another process of a role, not started yet.</summary>
    public RoleProcess Add(string name, string role)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}/"));
        var process = new RoleProcess(name, ["run", "--role", role, "--urls", address.GetLeftPart(UriPartial.Authority), "--set", "RiskWatch:Instance=" + name, .. _common], address, _folder);
        _roles.Add(process);
        return process;
    }

    /// <summary>Starts all but the feeder, and waits until they serve.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        _roles.ForEach(role => role.Start());
        await UntilAsync(TimeSpan.FromMinutes(4), async () => await NotReadyAsync(cancel) is { } name ? $"{name} is not ready" : null, cancel);
    }

    /// <summary>
    /// Waits until the fleet has recovered: every process serves, every replica is in sync, every group stable, and every group with something to do has moved
    /// on; the feeder has written something, unless it has finished.
    /// </summary>
    /// <exception cref="InvalidOperationException">It takes longer, or a process has ended by itself.</exception>
    public async Task RecoverAsync(TimeSpan patience, CancellationToken cancel)
    {
        Dictionary<string, (IReadOnlyList<long> Ends, IReadOnlyList<long> Committed)>? before = null;
        List<string> groups = [.. Stages.Select(s => s.Definition.Group)];
        await UntilAsync(
            patience,
            async () =>
            {
                before ??= await PositionsAsync(cancel);
                if (await NotReadyAsync(cancel) is { } name)
                {
                    return $"{name} is not ready";
                }

                if (await _health.UnsettledAsync(groups, cancel) is { } unsettled)
                {
                    return unsettled;
                }

                var now = await PositionsAsync(cancel);
                return StuckGroup(before, now) ?? (Feeder.Finished || Fed(now) > Fed(before) ? null : "ingestion writes nothing");
            },
            cancel);
    }

    /// <summary>Waits until the feeder has ended and every stage has passed the end of its input.</summary>
    public Task DrainAsync(TimeSpan patience, CancellationToken cancel) => UntilAsync(
        patience, async () => !Feeder.Finished ? "ingestion has not finished" : await Pipeline.CaughtUpAsync(Log, Stages, cancel) ? null : "stages lag behind", cancel);

    public async ValueTask DisposeAsync()
    {
        foreach (var role in _roles.Append(Feeder))
        {
            await role.DisposeAsync();
        }

        _health.Dispose();
        if (_eyes is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    private long Fed(Dictionary<string, (IReadOnlyList<long> Ends, IReadOnlyList<long> Committed)> positions) => positions[Stages[0].Definition.Group].Ends.Sum();

    // Of a group, since a batch need not hold every partition.
    private static string? StuckGroup(Dictionary<string, (IReadOnlyList<long> Ends, IReadOnlyList<long> Committed)> before, Dictionary<string, (IReadOnlyList<long> Ends, IReadOnlyList<long> Committed)> now)
    {
        foreach (var (group, (ends, committed)) in before)
        {
            if (now[group].Committed.Zip(ends).Any(p => p.First < p.Second) && now[group].Committed.Sum() <= committed.Sum())
            {
                return string.Create(CultureInfo.InvariantCulture, $"{group} stands at {committed.Sum()} of {ends.Sum()}");
            }
        }

        return null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<Dictionary<string, (IReadOnlyList<long> Ends, IReadOnlyList<long> Committed)>> PositionsAsync(CancellationToken cancel)
    {
        var positions = new Dictionary<string, (IReadOnlyList<long>, IReadOnlyList<long>)>(StringComparer.Ordinal);
        foreach (var stage in Stages.Select(s => s.Definition))
        {
            positions[stage.Group] = (await Log.EndOffsetsAsync(stage.Input, cancel), await Log.CommittedOffsetsAsync(stage.Group, stage.Input, cancel));
        }

        return positions;
    }

    private async Task<string?> NotReadyAsync(CancellationToken cancel)
    {
        foreach (var role in _roles)
        {
            if (!await role.ReadyAsync(cancel))
            {
                return role.Name;
            }
        }

        return null;
    }

    private async Task UntilAsync(TimeSpan patience, Func<Task<string?>> missing, CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            foreach (var role in Victims)
            {
                role.Check();
            }

            string? what;
            try
            {
                what = await missing();
            }
            catch (TransientLogException e)
            {
                what = e.Message;
            }

            if (what is null)
            {
                return;
            }

            if (TimeProvider.System.GetElapsedTime(began) > patience)
            {
                throw new InvalidOperationException($"After {patience.TotalSeconds:F0} s {what}.");
            }

            await Task.Delay(Poll, TimeProvider.System, cancel);
        }
    }
}
