using System.Globalization;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RiskWatch.Alerting;
using RiskWatch.Alerting.Detection;
using RiskWatch.Alerting.Warning;
using RiskWatch.Classification.Claims;
using RiskWatch.Classification;
using RiskWatch.Classification.Stage;
using RiskWatch.Classification.Taxonomies;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Scenarios;

/// <summary>
/// The log determines the alerts (DESIGN §3): classification, detection and warning on three weeks of a city with two sources, a burst, edits, deletions,
/// doubts and corrections give the same confirmed alerts however batches are cut, partitions counted, sources interleaved and workers interrupted.
/// </summary>
public sealed class PipelineProperties
{
    private static readonly DateTimeOffset Start = new(2011, 8, 1, 4, 0, 0, TimeSpan.Zero);
    private static readonly Lazy<Task<List<string>>> Plain = new(() => RunAsync(1, 1, 5_000, 0, 1));

    [Fact]
    public async Task The_burst_is_found()
    {
        var alerts = await Plain.Value;

        Assert.Contains(alerts, a => a.Contains("\"topic\":{\"id\":\"311-tree-emergencies\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Any_cut_into_batches_gives_the_same_alerts() => await SameAsync(Gen.Int[1, 400], batch => RunAsync(1, 1, batch, 0, batch));

    [Fact]
    public async Task Any_number_of_partitions_from_1_to_8_gives_the_same_alerts() => await SameAsync(Gen.Select(Gen.Int[1, 8], Gen.Int[1, 8]), p => RunAsync(p.Item1, p.Item2, 300, 0, p.Item1));

    [Fact]
    public async Task Any_interleaving_of_sources_gives_the_same_alerts() => await SameAsync(Gen.Int[2, 1_000], seed => RunAsync(3, 2, 300, 0, seed));

    [Fact]
    public async Task Interruptions_at_any_batch_give_the_same_alerts() => await SameAsync(Gen.Int[1, 1_000], seed => RunAsync(2, 2, 200, 0.15, seed));

    private static async Task SameAsync<T>(Gen<T> gen, Func<T, Task<List<string>>> run)
    {
        var plain = await Plain.Value;
        await gen.SampleAsync(async value => Assert.Equal(plain, await run(value)), iter: 4, threads: 1);
    }

    private static async Task<List<string>> RunAsync(int recordsPartitions, int talliesPartitions, int largestBatch, double crashes, int seed)
    {
        var topology = new TopologyOptions { RecordsPartitions = recordsPartitions, TalliesPartitions = talliesPartitions };
        var driver = new StageDriver(topology.Topics([]).ToDictionary(t => t.Name, t => t.Partitions)) { Start = Start.AddYears(10) };
        var control = new ListedControl(BuiltInControl.Entries);
        var taxonomy = Taxonomy.BuiltIn();
        var alerting = Options.Create(new AlertingOptions());
        var held = new HeldContributions();
        driver.Add(() => new ClassificationStage(new CategoryClassifier(), new ClaimBook(new CategoryClassifier()), control, new ClassificationOptions(), held, new ClassificationMetrics(held), NullLogger<ClassificationStage>.Instance), workers: Math.Min(2, recordsPartitions));
        driver.Add(() => new DetectionStage(control, Gazetteer.Default, Options.Create(topology), alerting), workers: Math.Min(2, talliesPartitions));
        driver.Add(() => new WarningStage(control, taxonomy, Gazetteer.Default, Options.Create(topology), alerting));
        driver.Append(Interleave(new Random(seed)));
        await driver.RunAsync(new Random(seed), largestBatch, crashes);

        var alerts = new Dictionary<string, Alert>();
        foreach (var message in driver.Topic(Topics.Alerts).SelectMany(p => p).Where(m => m.Type == EntryTypes.Alert))
        {
            var alert = Entries.Read(message, ContractsJson.Default.Alert);
            alerts[alert.Id] = alert;
        }

        return [.. alerts.Values.Where(a => a.Status is AlertStatus.Open or AlertStatus.Ended or AlertStatus.Closed)
            .OrderBy(a => a.RaisedAt).ThenBy(a => a.Id, StringComparer.Ordinal).Select(a => JsonSerializer.Serialize(a, ContractsJson.Default.Alert))];
    }

    // Both sources are known from the start; then each keeps its own order, and which of them is ahead is the chooser's.
    private static List<LogOutput> Interleave(Random random)
    {
        Queue<LogOutput>[] sources = [new(Source("boston-311", 1)), new(Source("city-app", 2))];
        List<LogOutput> merged = [.. sources.Select(s => s.Dequeue())];
        while (sources.Any(s => s.Count > 0))
        {
            var source = sources[random.Next(sources.Length)];
            for (var take = random.Next(1, 60); take > 0 && source.Count > 0; take--)
            {
                merged.Add(source.Dequeue());
            }
        }

        return merged;
    }

    private static IEnumerable<LogOutput> Source(string source, int seed)
    {
        string[] categories = ["Tree Emergencies", "Missed Trash/Recycling/Yard Waste/Bulk Item", "Street Light Outages", "Graffiti Removal"];
        string[] places = ["us-ma-boston/roxbury", "us-ma-boston/back-bay", "us-ma-boston/dorchester", "us-ma-boston/hyde-park"];
        var random = new Random(seed);
        var written = new List<Record>();
        var end = Start.AddDays(19);
        yield return Entries.Of(new Mark("boston", source, Start.ToUnixTimeSeconds() / 60, Waited: true, ControlOffset: 6));
        for (var time = Start; time < end;)
        {
            var burst = time > Start.AddDays(17) && time < Start.AddDays(17).AddHours(6);
            time = time.AddMinutes(1 + random.Next(burst ? 6 : 120));
            var minute = time.ToUnixTimeSeconds() / 60;
            yield return Entries.Of(new Mark("boston", source, minute, Waited: true, ControlOffset: 6));
            var record = new Record
            {
                Id = $"{source}{written.Count}",
                Source = source,
                Kind = random.Next(4) == 0 ? RecordKind.Hotline : RecordKind.Post,
                Site = "boston",
                Published = time,
                Received = time,
                Updated = time,
                Text = $"{written.Count % 97}",
                Author = $"a{random.Next(300)}",
                Category = burst ? categories[0] : categories[random.Next(4)],
                Place = new RecordPlace(places[random.Next(4)]),
            };
            written.Add(record);
            yield return Entries.Of(record);
            var older = written[Math.Max(0, written.Count - 1 - random.Next(8))];
            switch (random.Next(12))
            {
                case 0:
                    yield return Entries.Of(older with { Updated = time, Received = time, Category = categories[random.Next(4)] });
                    break;
                case 1:
                    yield return Entries.Of(new Record { Id = older.Id, Source = source, Site = "boston", Published = older.Published, Received = time, Updated = time, Deleted = true, Root = older.Id });
                    break;
                case 2:
                    yield return Entries.Of(record with { Id = record.Id + "r", RepostOf = older.Id, Text = "doubt", Kind = RecordKind.Post });
                    break;
                case 3:
                    yield return Entries.Of(new Correction($"c{record.Id}", source, older.Id, older.Id, FalseInformation: true, Sentiment.Negative, "test", time));
                    break;
            }
        }

        yield return Entries.Of(new Mark("boston", source, (end.ToUnixTimeSeconds() / 60) + 300, Waited: true, ControlOffset: 6));
    }

    /// <summary>A record is about its category, at its place; "doubt" doubts.</summary>
    private sealed class CategoryClassifier : IClassifier
    {
        public string Version => "test";

        public Classified Classify(Record record, Site site, ClaimIndex? claims = null)
        {
            var topic = site.Categories.FirstOrDefault(c => c.Value == record.Category)?.Topic;
            var assessment = new Assessment
            {
                Id = record.Id,
                Language = "en",
                Credibility = record.Kind == RecordKind.Hotline ? new Credibility(0, CredibilityBand.Credible) : new Credibility(0.02, CredibilityBand.Credible),
                Sentiment = new SentimentAssessment(Sentiment.Neutral, 0, new SentimentProbabilities(0, 1, 0)),
                Relevance = new Relevance(.5),
                ModelVersion = Version,
                Group = record.Text.PadLeft(16, '0'),
                Topics = topic is null ? [] : [new TopicAssessment(topic, 1)],
                Places = record.Place?.Name is { } place ? [new PlaceReference(place, place)] : [],
            };
            return new Classified(assessment, [string.Create(CultureInfo.InvariantCulture, $"term{record.Text.Length}")], record.Text == "doubt", record.RepostOf is null);
        }

        public ClaimIndex IndexOf(IEnumerable<Claim> claims) => new(claims, null);

        public Credibility WithDoubts(int falseTenThousandths, int doubts) => new(Math.Min(1, (falseTenThousandths / 10_000.0) + (0.1 * doubts)), doubts > 3 ? CredibilityBand.LikelyFalse : CredibilityBand.Uncertain);
    }
}
