using System.Globalization;
using RiskWatch.Server.Commands;

namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>Kafka with three brokers and Elasticsearch of a run's own, by the scripts of a folder; both may be crashed, stalled and started again.</summary>
internal sealed class ChaosServers(DirectoryInfo scripts, string data, int kafkaPort, int elasticsearchPort) : IAsyncDisposable
{
    public const int Brokers = 3;

    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal)
    {
        ["RISKWATCH_SERVERS_DATA"] = data,
        ["KAFKA_PORT"] = kafkaPort.ToString(CultureInfo.InvariantCulture),
        ["ELASTICSEARCH_PORT"] = elasticsearchPort.ToString(CultureInfo.InvariantCulture),
    };

    public string Kafka { get; private set; } = "";

    public string Elasticsearch { get; private set; } = "";

    /// <summary>The folder of scripts: as given, else RISKWATCH_SERVERS, else shared/servers beside a folder above this one.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static DirectoryInfo Find(DirectoryInfo? given)
    {
        var named = given?.FullName ?? Environment.GetEnvironmentVariable("RISKWATCH_SERVERS");
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); named is null && folder is not null; folder = folder.Parent)
        {
            var beside = Path.Combine(folder.FullName, "shared", "servers");
            named = File.Exists(Path.Combine(beside, "kafka.sh")) ? beside : null;
        }

        return named is not null && File.Exists(Path.Combine(named, "kafka.sh")) && File.Exists(Path.Combine(named, "elasticsearch.sh"))
            ? new DirectoryInfo(named)
            : throw new UsageException($"There are no kafka.sh and elasticsearch.sh in '{named ?? "../shared/servers"}': say --servers DIR, or set RISKWATCH_SERVERS.");
    }

    public async Task StartAsync(CancellationToken cancel)
    {
        var kafka = KafkaAsync(cancel, "start", Brokers.ToString(CultureInfo.InvariantCulture));
        var elasticsearch = ElasticsearchAsync(cancel, "start");
        Kafka = (await kafka).Trim();
        Elasticsearch = (await elasticsearch).Trim();
    }

    public Task CrashBrokerAsync(int broker, CancellationToken cancel) => KafkaAsync(cancel, "crash", broker.ToString(CultureInfo.InvariantCulture));

    public Task RestartBrokerAsync(int broker, CancellationToken cancel) => KafkaAsync(cancel, "restart", broker.ToString(CultureInfo.InvariantCulture));

    public Task StallBrokerAsync(int broker, CancellationToken cancel) => SignalAsync(broker, "STOP", cancel);

    public Task ContinueBrokerAsync(int broker, CancellationToken cancel) => SignalAsync(broker, "CONT", cancel);

    public Task CrashElasticsearchAsync(CancellationToken cancel) => ElasticsearchAsync(cancel, "crash");

    public Task RestartElasticsearchAsync(CancellationToken cancel) => ElasticsearchAsync(cancel, "start");

    public async ValueTask DisposeAsync()
    {
        for (var broker = 1; broker <= Brokers; broker++)
        {
            // A stalled one would not hear that it shall stop.
            if (File.Exists(PidFile(broker)))
            {
                await Ignoring(ContinueBrokerAsync(broker, CancellationToken.None));
            }
        }

        await Task.WhenAll(Ignoring(KafkaAsync(CancellationToken.None, "wipe")), Ignoring(ElasticsearchAsync(CancellationToken.None, "wipe")));
    }

    private static async Task Ignoring(Task task)
    {
        try
        {
            await task;
        }
        catch (InvalidOperationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }
    }

    private string PidFile(int broker) => Path.Combine(data, string.Create(CultureInfo.InvariantCulture, $"kafka-{kafkaPort}"), broker.ToString(CultureInfo.InvariantCulture), "pid");

    private async Task SignalAsync(int broker, string signal, CancellationToken cancel) =>
        await ProductProcess.SignalAsync(int.Parse(await File.ReadAllTextAsync(PidFile(broker), cancel), CultureInfo.InvariantCulture), signal, cancel);

    private Task<string> KafkaAsync(CancellationToken cancel, params string[] arguments) => ProductProcess.RunAsync("bash", [Path.Combine(scripts.FullName, "kafka.sh"), .. arguments], _environment, cancel);

    private Task<string> ElasticsearchAsync(CancellationToken cancel, params string[] arguments) => ProductProcess.RunAsync("bash", [Path.Combine(scripts.FullName, "elasticsearch.sh"), .. arguments], _environment, cancel);
}
