using RiskWatch.Adapters.Embedded;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;
using RiskWatch.Core.Stability;
using RiskWatch.Core.Store;

namespace RiskWatch.AdapterTests;

public sealed class StabilityTests : IDisposable
{
    private static readonly DateTimeOffset End = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("stability").FullName;

    [Theory]
    [InlineData(new[] { 50, 50 }, new[] { 500, 500 }, 0)]
    [InlineData(new[] { 50, 50 }, new[] { 20, 80 }, 0.416)]
    public void The_index_is_the_sum_over_bins_of_the_difference_times_the_log_of_the_ratio(int[] before, int[] now, double index) =>
        Assert.Equal(index, PopulationStability.Of(before, now), 3);

    [Fact]
    public void An_empty_bin_is_a_large_change_and_no_infinite_one() => Assert.InRange(PopulationStability.Of([100, 0], [50, 50]), 0.25, 10);

    [Theory]
    [InlineData(0.1, false)]
    [InlineData(0.9, true)]
    public async Task A_source_whose_scores_move_is_told_of_and_one_that_stays_is_not(double negativeLately, bool drifted)
    {
        await using var store = await StoreAsync(day => day < 7 ? negativeLately : 0.1);

        var found = await new StabilityReader(store).ReadAsync("weibo", TestContext.Current.CancellationToken);

        Assert.NotNull(found);
        Assert.Equal(drifted, found.Drifted);
        Assert.Equal(new DateOnly(2026, 11, 22), found.Week);
        Assert.Equal((7 * 40, 28 * 40), (found.Rows, found.Before));
        Assert.Equal(drifted ? "negative" : found.Measures[0].Measure, found.Measures[0].Measure);
        Assert.All(found.Measures.Where(m => m.Measure != "negative"), m => Assert.InRange(m.Index, 0, 0.05));
    }

    [Fact]
    public async Task A_source_without_records_has_nothing_to_compare()
    {
        await using var store = await StoreAsync(_ => 0.1);

        Assert.Null(await new StabilityReader(store).ReadAsync("other", TestContext.Current.CancellationToken));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<SqliteStore> StoreAsync(Func<int, double> negative)
    {
        var store = new SqliteStore(Path.Combine(_folder, "store.db"), Gazetteer.Default, TimeProvider.System);
        await store.PrepareAsync(TestContext.Current.CancellationToken);
        var writes = Enumerable.Range(0, 35).SelectMany(day => Enumerable.Range(0, 40).Select(i => Write(day, i, negative(day)))).ToList();
        Assert.Empty(await store.WriteRecordsAsync(writes, TestContext.Current.CancellationToken));
        return store;
    }

    private static RecordWrite Write(int day, int i, double negative)
    {
        var record = new Record { Id = $"{day}-{i}", Source = "weibo", Site = "china", Published = End.AddDays(-day).AddMinutes(-i), Text = "今天的消息" };
        var assessment = new Assessment
        {
            Id = record.Id,
            Language = "zh",
            Credibility = new Credibility(0.02, CredibilityBand.Credible),
            Relevance = new Relevance(0.5),
            Group = $"{i:x16}",
            ModelVersion = "test",
            Sentiment = new SentimentAssessment(Sentiment.Neutral, 0, new SentimentProbabilities(negative, 1 - negative, 0)),
        };
        return new RecordWrite(record.Source, record.Id, 1, new StoredRecord(record, assessment, 0, null, 1), null);
    }
}
