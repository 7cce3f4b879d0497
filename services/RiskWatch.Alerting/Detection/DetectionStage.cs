using Microsoft.Extensions.Options;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;

namespace RiskWatch.Alerting.Detection;

/// <summary>Tallies in; signals, tick reports and closed hours out. Each tallies partition and site is decided tick by tick, when all records partitions' clocks have passed (LOG §3.4, §3.5).</summary>
internal sealed class DetectionStage(
    IControlTable control,
    IGazetteer gazetteer,
    IOptions<TopologyOptions> topology,
    IOptions<AlertingOptions> options) : IStage
{
    public static readonly StageDefinition Stage = new("detection", Topics.Tallies, HasState: true);

    private readonly Dictionary<int, Dictionary<string, SitePartition>> _partitions = [];
    private int _uncommitted;

    public StageDefinition Definition => Stage;

    public void Assign(PartitionAssignment assignment)
    {
        _uncommitted = 0;
        var sites = _partitions[assignment.Partition] = new Dictionary<string, SitePartition>(StringComparer.Ordinal);
        foreach (var bySite in assignment.State.GroupBy(entry => entry.Key.Split('/', 3)[1], StringComparer.Ordinal))
        {
            sites[bySite.Key] = SitePartition.Restore(bySite.Key, assignment.Partition, gazetteer, options.Value, bySite);
        }
    }

    public void Revoke(int partition) => _partitions.Remove(partition);

    public async ValueTask<StageResult> HandleAsync(IReadOnlyList<LogMessage> batch, CancellationToken cancel)
    {
        foreach (var message in batch)
        {
            switch (message.Type)
            {
                case EntryTypes.Tally:
                    var tally = Entries.ReadTally(message);
                    Of(message.Partition, tally.Site).Add(tally);
                    _uncommitted++;
                    break;
                case EntryTypes.Clock:
                    var clock = Entries.Read(message, ContractsJson.Default.Clock);
                    Of(message.Partition, clock.Site).Add(clock);
                    break;
                default:
                    throw new PoisonException(message, DeadLetterReason.Malformed, $"'{message.Type}' is no kind of entry of {Topics.Tallies}.");
            }
        }

        var result = new StageResult();
        var ticked = false;
        foreach (var site in InOrder())
        {
            ticked |= await site.DecideAsync(control, result.Outputs, cancel);
        }

        foreach (var site in InOrder())
        {
            await site.ProvisionalAsync(control, result.EarlyOutputs, cancel);
        }

        if (ticked || _uncommitted >= options.Value.MaximumWaiting)
        {
            _uncommitted = 0;
            foreach (var site in InOrder())
            {
                site.Save(result.StateChanges);
            }
        }
        else
        {
            result.Commit = false;
        }

        return result;
    }

    private IEnumerable<SitePartition> InOrder() => _partitions.OrderBy(p => p.Key).SelectMany(p => p.Value.Values.OrderBy(s => s.Site, StringComparer.Ordinal));

    private SitePartition Of(int partition, string site)
    {
        if (!_partitions.TryGetValue(partition, out var sites))
        {
            throw new InvalidOperationException($"An entry of tallies partition {partition} came before the partition was assigned.");
        }

        if (!sites.TryGetValue(site, out var held))
        {
            sites[site] = held = new SitePartition(site, partition, new SiteClocks(topology.Value.RecordsPartitions), gazetteer, options.Value);
        }

        return held;
    }
}
