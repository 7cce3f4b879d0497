using System.Globalization;
using System.Text.Json;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Sketches;
using RiskWatch.Core.Store;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>
/// All that a run must have made, whatever happened to it: scored records, tallies summed by series and minute, confirmed alerts, closed hours, dead letters,
/// and what the store holds of them. What the wall clock decides is left out.
/// </summary>
internal sealed class RunOutcome
{
    private readonly Ledger _scored = new("scored");
    private readonly Ledger _tallies = new("tallies");
    private readonly Ledger _history = new("history");
    private readonly Ledger _letters = new("dead letters");
    private readonly Ledger _actions = new("actions");
    private readonly Ledger _rules = new("rules");
    private readonly Ledger _storedAlerts = new("stored alerts");
    private readonly Ledger _storedTrends = new("stored hours");
    private readonly HashSet<SeriesId> _series = [];

    public Ledger Alerts { get; } = new("alerts");

    public Ledger Records { get; } = new("stored records");

    private IEnumerable<Ledger> All => [_scored, _tallies, _history, _letters, _actions, _rules, Alerts, Records, _storedAlerts, _storedTrends];

    /// <summary>Reads it from the log and the store of a run that is through.</summary>
    public static async Task<RunOutcome> ReadAsync(IEventLog log, IStore store, CancellationToken cancel)
    {
        var outcome = new RunOutcome();
        await outcome.ReadLogAsync(log, cancel);
        foreach (var alert in await Pipeline.AlertsAsync(log, cancel))
        {
            outcome.Alerts.Add(alert.Id, ButForWhenPeopleActed(alert));
            foreach (var step in alert.History.Where(step => step.By is not null))
            {
                outcome._actions.Add($"{alert.Id} {step.Reason}", step.By!);
            }
        }

        await outcome.ReadStoreAsync(store, cancel);
        return outcome;
    }

    /// <summary>This run, undisturbed, beside another of the same input.</summary>
    public IReadOnlyList<Comparison> Compare(RunOutcome other) => [.. All.Zip(other.All, (mine, theirs) => mine.Compare(theirs))];

    private async Task ReadLogAsync(IEventLog log, CancellationToken cancel)
    {
        await Pipeline.EachAsync(log, Topics.Scored, message => _scored.Add($"{message.Type} {message.Key}", ""), cancel);
        var sums = new Dictionary<string, TallyCounts>(StringComparer.Ordinal);
        await Pipeline.EachAsync(
            log,
            Topics.Tallies,
            message =>
            {
                if (message.Type == EntryTypes.Tally)
                {
                    var tally = Entries.ReadTally(message);
                    var key = string.Create(CultureInfo.InvariantCulture, $"{tally.Site}/{tally.Topic}@{tally.Place} {tally.Minute}");
                    sums[key] = TallyMerge.Sum(sums.GetValueOrDefault(key) ?? new TallyCounts(), tally.Counts);
                }
            },
            cancel);
        foreach (var (key, sum) in sums)
        {
            _tallies.Add(key, JsonSerializer.Serialize(sum, ContractsJson.Default.Tally.Options.GetTypeInfo(typeof(TallyCounts))), sum.Total);
        }

        await Pipeline.EachAsync(
            log,
            Topics.History,
            message =>
            {
                var hour = Entries.Read(message, ContractsJson.Default.HistoryHour);
                _history.Add(KeyOf(hour), ValueOf(hour));
            },
            cancel);
        await Pipeline.EachAsync(log, Topics.DeadLetter, message => _letters.Add($"{message.Type} {message.Key}", ""), cancel);
        await Pipeline.EachAsync(
            log,
            Topics.Control,
            message =>
            {
                if (Entries.Read(message, ContractsJson.Default.ControlEntry) is { Kind: ControlKind.Rule } entry)
                {
                    // Processes that start at once may each write the built-in entries, and who got no answer asks again: the same key, with its version, is the same entry.
                    _rules.Add(message.Key!, entry.EffectiveFrom.ToString("u", CultureInfo.InvariantCulture), _rules.Keys.Contains(message.Key!) ? 0 : 1);
                }
            },
            cancel);
    }

    private async Task ReadStoreAsync(IStore store, CancellationToken cancel)
    {
        var query = new RecordQuery { Limit = 1_000 };
        do
        {
            var page = await store.SearchRecordsAsync(query, cancel);
            foreach (var stored in page.Items)
            {
                // When it was retried is the one thing about it that the wall clock decides.
                var record = stored.Record.Retried ? stored.Record with { Received = null } : stored.Record;
                Records.Add(
                    record.Source + "/" + record.Id,
                    JsonSerializer.Serialize(record, ContractsJson.Default.Record) + JsonSerializer.Serialize(stored.Assessment, ContractsJson.Default.Assessment) + stored.Doubts);
            }

            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);

        var alerts = new AlertQuery { Limit = 1_000, Statuses = [AlertStatus.Open, AlertStatus.Ended, AlertStatus.Closed] };
        do
        {
            var page = await store.SearchAlertsAsync(alerts, cancel);
            foreach (var alert in page.Items)
            {
                _storedAlerts.Add(alert.Id, ButForWhenPeopleActed(alert));
            }

            alerts = alerts with { Cursor = page.Cursor };
        }
        while (alerts.Cursor is not null);

        foreach (var series in _series)
        {
            foreach (var hour in await store.TrendAsync(series, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100), cancel))
            {
                _storedTrends.Add(KeyOf(hour), ValueOf(hour));
            }
        }
    }

    private string KeyOf(HistoryHour hour)
    {
        _series.Add(new SeriesId(hour.Site, hour.Topic, hour.Place, hour.Term));
        return string.Create(CultureInfo.InvariantCulture, $"{hour.Site}/{hour.Topic ?? hour.Term}@{hour.Place} {hour.Hour:yyyy-MM-ddTHH}Z");
    }

    private static string ValueOf(HistoryHour hour) => JsonSerializer.Serialize(hour with { Version = 0 }, ContractsJson.Default.HistoryHour);

    // At which tick an act took effect is a matter of when it was made; that it did, and once, is not.
    private static string ButForWhenPeopleActed(Alert alert) => AlertFile.Line(alert.AcknowledgedBy is null
        ? alert
        : alert with { UpdatedAt = default, Version = 0, History = [.. alert.History.Select(step => step.By is null ? step : step with { At = default })] });
}
