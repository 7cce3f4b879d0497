using System.Text;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;
using RiskWatch.Indexing;
using Xunit;

namespace RiskWatch.Tests.Indexing;

public sealed class IndexStageTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly CollectingStore _store = new();

    [Fact]
    public async Task Records_deletions_and_revisions_become_writes_in_order()
    {
        var stage = new IndexRecordsStage(_store);

        await stage.HandleAsync(
            [
                Message(Entries.Of(new ScoredRecord(Record("1"), Assessment("1"), 7, Counted: true), 0)),
                Message(Entries.Of(new Revision("test", "1", Noon, new Credibility(.9, CredibilityBand.LikelyFalse), null, 3, null, Noon, 8), 0)),
                Message(Entries.Of(new ScoredRecord(Record("1") with { Deleted = true }, null, 9, Counted: true), 0)),
            ],
            CancellationToken.None);

        Assert.Equal([7L, 8, 9], _store.Records.Select(w => w.Version));
        Assert.NotNull(_store.Records[0].Document);
        Assert.Equal(3, _store.Records[1].Revision!.Doubts);
        Assert.True(_store.Records[2] is { Document: null, Revision: null });
    }

    [Fact]
    public async Task What_the_store_refuses_for_good_goes_to_the_dead_letters_and_the_rest_is_stored()
    {
        _store.Refused = "2";
        var stage = new IndexRecordsStage(_store);

        var result = await stage.HandleAsync(
            [
                Message(Entries.Of(new ScoredRecord(Record("1"), Assessment("1"), 1, Counted: true), 0)),
                Message(Entries.Of(new ScoredRecord(Record("2"), Assessment("2"), 2, Counted: true), 0)),
            ],
            CancellationToken.None);

        Assert.Equal(DeadLetterReason.RefusedByStore, Assert.Single(result.Poison).Reason);
        Assert.Equal("test/2", result.Poison[0].Entry.Key);
        Assert.Equal(["1", "2"], _store.Records.Select(w => w.Id));
    }

    [Fact]
    public async Task An_entry_that_cannot_be_read_stops_the_stage()
    {
        var stage = new IndexRecordsStage(_store);

        await Assert.ThrowsAsync<PoisonException>(() => stage.HandleAsync([Message(new LogOutput(Topics.Scored, "x", EntryTypes.Scored, Encoding.UTF8.GetBytes("{")))], CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task A_store_that_is_out_of_reach_makes_the_batch_wait()
    {
        _store.Down = true;
        var stage = new IndexTrendsStage(_store);
        var hour = new HistoryHour("s", "*", "p", null, Noon, 1, 1, 0, 3, new TallyCounts { Posts = 1 }, 1, 1);

        await Assert.ThrowsAsync<TransientStoreException>(() => stage.HandleAsync([Message(Entries.Of(hour))], CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task How_far_a_site_is_decided_is_no_alert()
    {
        var stage = new IndexAlertsStage(_store);

        await stage.HandleAsync([Message(Entries.Of(new SiteTick("s", 5)))], CancellationToken.None);

        Assert.Empty(_store.Alerts);
    }

    private static Record Record(string id) => new() { Id = id, Source = "test", Published = Noon, Text = "text" };

    private static Assessment Assessment(string id) => new()
    {
        Id = id,
        Language = "en",
        Credibility = new Credibility(.1, CredibilityBand.Credible),
        Relevance = new Relevance(.5),
        Group = "0",
        ModelVersion = "1",
        Sentiment = new SentimentAssessment(Sentiment.Neutral, 0, new SentimentProbabilities(0, 1, 0)),
    };

    private static LogMessage Message(LogOutput output) => new(output.Topic, 0, 0, output.Key, output.Type, Schema.Current, output.Value, Noon);

    private sealed class CollectingStore : IStore
    {
        public List<RecordWrite> Records { get; } = [];

        public List<Alert> Alerts { get; } = [];

        public string? Refused { get; set; }

        public bool Down { get; set; }

        public Task<IReadOnlyList<StoreRejection>> WriteRecordsAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancel)
        {
            Records.AddRange(writes);
            return Task.FromResult<IReadOnlyList<StoreRejection>>([.. writes.Select((w, i) => (w, i)).Where(p => p.w.Id == Refused).Select(p => new StoreRejection(p.i, p.w.Id, "refused"))]);
        }

        public Task<IReadOnlyList<StoreRejection>> WriteAlertsAsync(IReadOnlyList<Alert> alerts, CancellationToken cancel)
        {
            Alerts.AddRange(alerts);
            return Task.FromResult<IReadOnlyList<StoreRejection>>([]);
        }

        public Task<IReadOnlyList<StoreRejection>> WriteTrendsAsync(IReadOnlyList<HistoryHour> hours, CancellationToken cancel) =>
            Down ? throw new TransientStoreException("down") : Task.FromResult<IReadOnlyList<StoreRejection>>([]);

        public Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task<Page<StoredRecord>> SearchRecordsAsync(RecordQuery query, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlyList<HistogramBucket>> HistogramAsync(RecordQuery query, TimeSpan bucket, CancellationToken cancel) => throw new NotSupportedException();

        public Task<StoredRecord?> GetRecordAsync(string source, string id, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Page<Alert>> SearchAlertsAsync(AlertQuery query, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Alert?> GetAlertAsync(string id, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlyList<HistoryHour>> TrendAsync(SeriesId series, DateTimeOffset from, DateTimeOffset until, CancellationToken cancel) => throw new NotSupportedException();

        public Task<long> PruneRecordsAsync(RecordCut cut, CancellationToken cancel) => throw new NotSupportedException();

        public Task<long> PruneAlertsAsync(DateTimeOffset before, CancellationToken cancel) => throw new NotSupportedException();

        public Task<long> PruneTrendsAsync(DateTimeOffset before, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
