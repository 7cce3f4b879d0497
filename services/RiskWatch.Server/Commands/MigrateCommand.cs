using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using RiskWatch.Adapters.Embedded;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Core.Hosting;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using RiskWatch.Core.Store;
using RiskWatch.Ingestion;
using RiskWatch.Server.Hosting;
using RiskWatch.Server.Migrating;

namespace RiskWatch.Server.Commands;

/// <summary><c>migrate</c>: the embedded log to Kafka and the embedded store to Elasticsearch or OpenSearch, with the history kept; goes on where it was interrupted.</summary>
internal static class MigrateCommand
{
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object on standard output" };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var command = new Command("migrate", "Moves the embedded log and store of --data to what --log and --store name, with the history kept, and compares both; what is interrupted goes on with the next start") { Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var configuration = CommonOptions.Configuration(parse);
        var options = ConfigurationCheck.Bind<RiskWatchOptions>(configuration, RiskWatchOptions.Section);
        var data = Path.GetFullPath(options.Data);
        var (moveLog, moveStore) = (options.Log == "kafka", options.Store is "elasticsearch" or "opensearch");
        if (!moveLog && !moveStore)
        {
            throw new UsageException("Say where to: --log kafka, --store elasticsearch or --store opensearch, or both.");
        }

        if (!File.Exists(Path.Combine(data, "log.db")))
        {
            throw new LogConfigurationException($"RiskWatch:Data is '{data}', which holds no embedded log (log.db): name the folder with --data.");
        }

        using var folder = DataLock.Take(data, migrating: true);
        using var host = RiskWatchHost.Plain(configuration, new HashSet<string>(), exclusive: false);
        var embedded = ConfigurationCheck.Bind<EmbeddedOptions>(configuration, EmbeddedOptions.Section);
        await using var log = new SqliteEventLog(Path.Combine(data, "log.db"), embedded, TimeProvider.System, NullLogger<SqliteEventLog>.Instance);
        using var history = new EmbeddedHistory(Path.Combine(data, "log.db"), embedded, log);
        var migration = Begin(configuration, data, history, moveLog, moveStore);
        var progress = new Lines();
        var answer = new JsonObject();
        var different = new List<string>();
        if (moveLog)
        {
            different.AddRange(await MoveLogAsync(host, configuration, history, migration, data, progress, answer, cancel));
        }

        if (moveStore && File.Exists(Path.Combine(data, "store.db")))
        {
            different.AddRange(await MoveStoreAsync(host, migration, data, progress, answer, cancel));
        }

        answer["different"] = new JsonArray([.. different.Select(d => (JsonNode?)d)]);
        if (different.Count == 0)
        {
            migration.Done = TimeProvider.System.GetUtcNow();
            migration.Write(data);
        }

        if (parse.GetValue(Json))
        {
            Console.Out.WriteLine(answer.ToJsonString(Indented));
        }

        foreach (var words in different)
        {
            await Console.Error.WriteLineAsync($"error: {words}");
        }

        await Console.Error.WriteLineAsync(different.Count == 0
            ? $"Everything is there and equal. Go on with --log {options.Log} --store {options.Store} and the same --data, whose secrets are still needed."
            : "What is there differs from what is here: nothing was deleted here. Migrate again into empty topics and indices.");
        return different.Count == 0 ? 0 : 1;
    }

    private static Migration Begin(IConfiguration configuration, string data, EmbeddedHistory history, bool moveLog, bool moveStore)
    {
        var log = moveLog ? $"{configuration["RiskWatch:Kafka:BootstrapServers"]} {configuration["RiskWatch:Kafka:TopicPrefix"]}".Trim() : null;
        var store = moveStore ? $"{configuration["RiskWatch:Elasticsearch:Urls"]} {configuration["RiskWatch:Elasticsearch:Prefix"]}".Trim() : null;
        var source = Migration.Ends(history.Topics);
        var known = Migration.Read(data);
        if (known is not null && known.Source != source)
        {
            throw new LogConfigurationException($"The log in '{data}' was written to since the migration began. Delete {Path.Combine(data, Migration.FileName)} and migrate into empty topics (another RiskWatch:Kafka:TopicPrefix) and indices.");
        }

        if (known is not null && (known.Log != log || known.Store != store))
        {
            throw new LogConfigurationException($"A migration of '{data}' to {known.Log} {known.Store} began: go on with the same addresses, or delete {Path.Combine(data, Migration.FileName)} and use empty topics and indices.");
        }

        var migration = known ?? new Migration { Log = log, Store = store, Source = source };
        migration.Write(data);
        return migration;
    }

    private static async Task<IReadOnlyList<string>> MoveLogAsync(IHost host, IConfiguration configuration, EmbeddedHistory history, Migration migration, string data, IProgress<string> progress, JsonObject answer, CancellationToken cancel)
    {
        var definitions = host.Services.GetServices<StageRegistration>().Select(s => s.Definition).Append(IngestionService.Shares).DistinctBy(s => s.Name).ToList();
        var stages = definitions.Where(s => history.Topics.Any(t => t.Name == s.Input)).ToList();
        var topology = host.Services.GetRequiredService<TopologyOptions>().Topics(definitions).ToList();
        foreach (var topic in history.Topics)
        {
            var wanted = topology.FirstOrDefault(t => t.Name == topic.Name);
            if (wanted is not null && wanted.Partitions != topic.Partitions)
            {
                throw new LogConfigurationException($"Topic {topic.Name} has {topic.Partitions} partitions here and {wanted.Partitions} by RiskWatch:Topology: a stage's state belongs to its partition, so set RiskWatch:Topology to what it is here.");
            }
        }

        await host.Services.GetRequiredService<IEventLog>().EnsureTopicsAsync([.. topology.DistinctBy(t => t.Name)], cancel);
        using var target = new KafkaImport(ConfigurationCheck.Bind<KafkaOptions>(configuration, KafkaOptions.Section));
        if (!migration.Begun)
        {
            if (topology.FirstOrDefault(t => Enumerable.Range(0, t.Partitions).Any(p => target.Ends(t.Name, p).Next > 0)) is { } full)
            {
                throw new LogConfigurationException($"Topic {full.Name} on Kafka is not empty, and this migration has not begun there: use empty topics (another RiskWatch:Kafka:TopicPrefix).");
            }

            migration.Begun = true;
            migration.Write(data);
        }

        var move = new LogMigration(history, target, stages, progress);
        answer["entriesWritten"] = await move.CopyAsync(cancel);
        var (entries, different) = move.Compare(cancel);
        answer["entries"] = new JsonObject(entries.Select(e => KeyValuePair.Create<string, JsonNode?>(e.Key, e.Value)));
        return different;
    }

    private static async Task<IReadOnlyList<string>> MoveStoreAsync(IHost host, Migration migration, string data, IProgress<string> progress, JsonObject answer, CancellationToken cancel)
    {
        await using var source = new SqliteStore(Path.Combine(data, "store.db"), host.Services.GetRequiredService<IGazetteer>(), TimeProvider.System);
        await source.PrepareAsync(cancel);
        var target = host.Services.GetRequiredService<IStore>();
        await target.PrepareAsync(cancel);
        var move = new StoreMigration(source, target, migration, () => migration.Write(data), progress);
        await move.CopyAsync(cancel);
        var (counts, different) = await move.CompareAsync(cancel);
        answer["records"] = counts.Records;
        answer["alerts"] = counts.Alerts;
        answer["hours"] = counts.Hours;
        return different;
    }

    private sealed class Lines : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine(value);
    }
}
