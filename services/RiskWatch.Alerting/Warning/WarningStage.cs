using System.Text.Json;
using Microsoft.Extensions.Options;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;

namespace RiskWatch.Alerting.Warning;

/// <summary>Signals, tick reports and people's actions in; alerts out. Sees a whole site (DESIGN §4), entry by entry, so that how they are batched does not matter.</summary>
internal sealed class WarningStage(
    IControlTable control,
    ITaxonomy taxonomy,
    IGazetteer gazetteer,
    IOptions<TopologyOptions> topology,
    IOptions<AlertingOptions> options) : IStage
{
    public static readonly StageDefinition Stage = new("warning", Topics.Signals, HasState: true);

    private readonly Dictionary<int, SortedDictionary<string, SiteWarning>> _partitions = [];

    public StageDefinition Definition => Stage;

    public void Assign(PartitionAssignment assignment)
    {
        var sites = _partitions[assignment.Partition] = new SortedDictionary<string, SiteWarning>(StringComparer.Ordinal);
        foreach (var bySite in assignment.State.GroupBy(entry => entry.Key.Split('/', 3)[1], StringComparer.Ordinal))
        {
            var warning = sites[bySite.Key] = New(bySite.Key);
            foreach (var (key, value) in bySite.OrderByDescending(e => e.Key[0] == 's'))
            {
                switch (key[0])
                {
                    case 's':
                        warning.Restore(Read(value, AlertingJson.Default.SiteState));
                        break;
                    case 'a':
                        warning.Episodes.Restore(Read(value, AlertingJson.Default.Episode));
                        break;
                    case 'p':
                        warning.Provisionals.Restore(Read(value, AlertingJson.Default.Episode));
                        break;
                    default:
                        warning.Restore(key.Split('/', 3)[2], Read(value, ContractsJson.Default.Signal));
                        break;
                }
            }
        }
    }

    public void Revoke(int partition) => _partitions.Remove(partition);

    public async ValueTask<StageResult> HandleAsync(IReadOnlyList<LogMessage> batch, CancellationToken cancel)
    {
        var result = new StageResult();
        var touched = new SortedDictionary<(int Partition, string Site), long>();
        foreach (var message in batch)
        {
            switch (message.Type)
            {
                case EntryTypes.Signal:
                    var signal = Entries.Read(message, ContractsJson.Default.Signal);
                    Of(message.Partition, signal.Series.Site, touched).Add(signal);
                    break;
                case EntryTypes.TickReport:
                    var report = Entries.Read(message, ContractsJson.Default.TickReport);
                    await Of(message.Partition, report.Site, touched).AddAsync(report, control, cancel);
                    break;
                case EntryTypes.Action:
                    var action = Entries.Read(message, ContractsJson.Default.AlertAction);
                    Of(message.Partition, action.Site, touched).Act(action);
                    break;
                default:
                    throw new PoisonException(message, DeadLetterReason.Malformed, $"'{message.Type}' is no kind of entry of {Topics.Signals}.");
            }
        }

        foreach (var ((partition, site), decided) in touched)
        {
            var warning = _partitions[partition][site];
            await warning.PreviewAsync(control, cancel);
            Save(partition, warning, result);
            if (warning.Decided > decided)
            {
                result.Outputs.Add(Entries.Of(new SiteTick(site, warning.Decided)));
                AlertingMetrics.Decided(site, warning.Decided);
            }
        }

        return result;
    }

    private static void Save(int partition, SiteWarning warning, StageResult result)
    {
        var site = warning.Site;
        void Keep(string kind, string key, ReadOnlyMemory<byte>? value) => result.StateChanges.Add(new StateChange(partition, $"{kind}/{site}/{key}", value));

        var (provisional, gone) = warning.Provisionals.TakeChanges();
        foreach (var episode in provisional)
        {
            result.Outputs.Add(Entries.Of(episode.Alert));
            Keep("p", episode.Alert.Id, JsonSerializer.SerializeToUtf8Bytes(episode, AlertingJson.Default.Episode));
        }

        gone.ForEach(id => Keep("p", id, null));
        var (changed, forgotten) = warning.Episodes.TakeChanges();
        foreach (var episode in changed)
        {
            result.Outputs.Add(Entries.Of(episode.Alert));
            Keep("a", episode.Alert.Id, JsonSerializer.SerializeToUtf8Bytes(episode, AlertingJson.Default.Episode));
        }

        forgotten.ForEach(id => Keep("a", id, null));
        var (came, decided) = warning.TakePendingChanges();
        decided.ForEach(key => Keep("q", key, null));
        came.ForEach(pending => Keep("q", pending.Key, JsonSerializer.SerializeToUtf8Bytes(pending.Signal, ContractsJson.Default.Signal)));
        Keep("s", "", JsonSerializer.SerializeToUtf8Bytes(warning.State, AlertingJson.Default.SiteState));
    }

    private static T Read<T>(ReadOnlyMemory<byte> value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(value.Span, type) ?? throw new InvalidDataException("An entry of the warning stage's state is empty.");

    private SiteWarning New(string site) => new(site, topology.Value.TalliesPartitions, taxonomy, gazetteer, options.Value);

    private SiteWarning Of(int partition, string site, SortedDictionary<(int, string), long> touched)
    {
        if (!_partitions.TryGetValue(partition, out var sites))
        {
            throw new InvalidOperationException($"An entry of signals partition {partition} came before the partition was assigned.");
        }

        if (!sites.TryGetValue(site, out var warning))
        {
            sites[site] = warning = New(site);
        }

        touched.TryAdd((partition, site), warning.Decided);
        return warning;
    }
}
