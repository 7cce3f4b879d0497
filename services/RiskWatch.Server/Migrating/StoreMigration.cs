using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RiskWatch.Adapters.Embedded;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.Server.Migrating;

/// <summary>Moves the embedded store's records, deletions, alerts and trends to another store, with their versions, so that doing it twice is harmless; compares number and SHA-256 of all.</summary>
internal sealed class StoreMigration(SqliteStore source, IStore target, Migration migration, Action keep, IProgress<string> progress)
{
    private const int Page = 1_000;
    private static readonly AlertStatus[] AllStatuses = Enum.GetValues<AlertStatus>();
    private static readonly TimeSpan LongestRefresh = TimeSpan.FromSeconds(60);

    /// <summary>Copies what is not there yet.</summary>
    public async Task CopyAsync(CancellationToken cancel)
    {
        await CopyRecordsAsync(cancel);
        foreach (var deletions in (await source.DeletionsAsync(cancel)).Chunk(Page))
        {
            Refused(await target.WriteRecordsAsync(deletions, cancel));
        }

        await foreach (var alerts in AlertsAsync(source, cancel))
        {
            Refused(await target.WriteAlertsAsync(alerts, cancel));
        }

        var waiting = new List<HistoryHour>();
        foreach (var series in await source.SeriesAsync(cancel))
        {
            waiting.AddRange(await HoursAsync(source, series, cancel));
            if (waiting.Count >= Page)
            {
                Refused(await target.WriteTrendsAsync(waiting, cancel));
                waiting.Clear();
            }
        }

        Refused(await target.WriteTrendsAsync(waiting, cancel));
    }

    /// <summary>Compares both; what differs, in words.</summary>
    public async Task<(StoreCounts Counts, IReadOnlyList<string> Different)> CompareAsync(CancellationToken cancel)
    {
        var different = new List<string>();
        var records = await EqualAsync("records", s => RecordsAsync(s, cancel), ContractsJson.Default.Record, different, cancel);
        var alerts = await EqualAsync("alerts", s => Flat(AlertsAsync(s, cancel)), ContractsJson.Default.Alert, different, cancel);
        long hours = 0;
        foreach (var series in await source.SeriesAsync(cancel))
        {
            hours += await EqualAsync($"hours of {series.Site}/{series.Topic ?? series.Term}@{series.Place}", s => Flat(HoursAsync(s, series, cancel)), ContractsJson.Default.HistoryHour, different, cancel, quiet: true);
        }

        return (new StoreCounts(records, alerts, hours), different);
    }

    private async Task CopyRecordsAsync(CancellationToken cancel)
    {
        long copied = 0;
        while (!migration.RecordsDone)
        {
            var page = await source.SearchRecordsAsync(new RecordQuery { Limit = Page, Cursor = migration.RecordsCursor }, cancel);
            Refused(await target.WriteRecordsAsync([.. page.Items.Select(r => new RecordWrite(r.Record.Source, r.Record.Id, r.Version, r, null))], cancel));
            migration.RecordsCursor = page.Cursor;
            migration.RecordsDone = page.Cursor is null;
            keep();
            copied += page.Items.Count;
            if (migration.RecordsDone || copied % (20 * Page) == 0)
            {
                progress.Report($"store: {copied} records written");
            }
        }
    }

    // What was written is found after the store's refresh: asked again until then.
    private async Task<long> EqualAsync<T>(string what, Func<IStore, IAsyncEnumerable<(T Item, string More)>> read, JsonTypeInfo<T> type, List<string> different, CancellationToken cancel, bool quiet = false)
    {
        var wanted = await SumAsync(read(source), type, cancel);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var found = await SumAsync(read(target), type, cancel);
            if (found == wanted)
            {
                break;
            }

            if (TimeProvider.System.GetElapsedTime(started) > LongestRefresh || found.Count > wanted.Count)
            {
                different.Add($"store, {what}: {wanted.Count} here, {found.Count} there{(found.Count == wanted.Count ? ", with other contents" : "")}");
                break;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancel);
        }

        if (!quiet)
        {
            progress.Report($"store: {wanted.Count} {what} compared");
        }

        return wanted.Count;
    }

    private static async Task<(long Count, string Hash)> SumAsync<T>(IAsyncEnumerable<(T Item, string More)> items, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long count = 0;
        await foreach (var (item, more) in items.WithCancellation(cancel))
        {
            sum.AppendData(JsonSerializer.SerializeToUtf8Bytes(item, type));
            sum.AppendData(System.Text.Encoding.UTF8.GetBytes(more));
            count++;
        }

        return (count, Convert.ToHexString(sum.GetHashAndReset()));
    }

    private static async IAsyncEnumerable<(Record Item, string More)> RecordsAsync(IStore store, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        string? cursor = null;
        do
        {
            var page = await store.SearchRecordsAsync(new RecordQuery { Limit = Page, Cursor = cursor }, cancel);
            foreach (var r in page.Items)
            {
                yield return (r.Record, $"{JsonSerializer.Serialize(r.Assessment, ContractsJson.Default.Assessment)} {r.Doubts} {r.CorrectedBy} {r.Version}");
            }

            cursor = page.Cursor;
        }
        while (cursor is not null);
    }

    private static async IAsyncEnumerable<IReadOnlyList<Alert>> AlertsAsync(IStore store, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        string? cursor = null;
        do
        {
            var page = await store.SearchAlertsAsync(new AlertQuery { Statuses = AllStatuses, Limit = Page, Cursor = cursor }, cancel);
            yield return page.Items;
            cursor = page.Cursor;
        }
        while (cursor is not null);
    }

    private static Task<IReadOnlyList<HistoryHour>> HoursAsync(IStore store, SeriesId series, CancellationToken cancel) => store.TrendAsync(series, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, cancel);

    private static async IAsyncEnumerable<(Alert Item, string More)> Flat(IAsyncEnumerable<IReadOnlyList<Alert>> pages)
    {
        await foreach (var page in pages)
        {
            foreach (var alert in page)
            {
                yield return (alert, "");
            }
        }
    }

    private static async IAsyncEnumerable<(HistoryHour Item, string More)> Flat(Task<IReadOnlyList<HistoryHour>> hours)
    {
        foreach (var hour in await hours)
        {
            yield return (hour, "");
        }
    }

    private static void Refused(IReadOnlyList<StoreRejection> rejections)
    {
        if (rejections.Count > 0)
        {
            throw new StoreConfigurationException($"The store refuses {rejections.Count} documents, the first ({rejections[0].Id}) with: {rejections[0].Reason}");
        }
    }
}

/// <summary>What the store holds.</summary>
internal sealed record StoreCounts(long Records, long Alerts, long Hours);
