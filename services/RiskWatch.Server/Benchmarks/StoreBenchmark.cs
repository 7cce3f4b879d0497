using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskWatch.Adapters.Elasticsearch;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;
using RiskWatch.Core.Store;
using RiskWatch.Server.Commands;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Benchmarks;

/// <summary>
/// The store alone: scored records in batches as indexing writes them. On Elasticsearch and OpenSearch beside a plain loop of bulk requests whose bodies
/// were made beforehand from the same documents, into indices of the same template, in turns; medians count.
/// </summary>
internal static class StoreBenchmark
{
    private const int Batch = 5_000;
    private static readonly int[] PlainBatches = [1_000, 5_000];

    /// <summary>Where a benchmark finds the server (the tests' environment variables, else the configuration), and indices of its own there.</summary>
    public static void Address(ParseResult parse, Dictionary<string, string?> overrides, string prefix)
    {
        var given = CommonOptions.Configuration(parse);
        if (FlavorOf(given) is not { } flavor)
        {
            return;
        }

        var url = Environment.GetEnvironmentVariable(flavor == Flavor.OpenSearch ? "RISKWATCH_TEST_OPENSEARCH" : "RISKWATCH_TEST_ELASTICSEARCH")
            ?? given["RiskWatch:Elasticsearch:Urls"] ?? new ElasticsearchOptions().Urls;
        overrides["RiskWatch:Elasticsearch:Urls"] = url;
        overrides["RiskWatch:Elasticsearch:Prefix"] = prefix;
        overrides["RiskWatch:Elasticsearch:Replicas"] = "0";
    }

    /// <summary>Deletes what a benchmark made: its indices and templates, and its topics where they have a prefix of its own.</summary>
    public static async Task CleanAsync(IConfiguration configuration)
    {
        if (configuration["RiskWatch:Log"] == "kafka" && ConfigurationCheck.Bind<KafkaOptions>(configuration, KafkaOptions.Section) is { TopicPrefix.Length: > 0 } kafka)
        {
            await KafkaCleanup.DeleteTopicsAsync(kafka);
        }

        if (FlavorOf(configuration) is not { } flavor)
        {
            return;
        }

        var options = ConfigurationCheck.Bind<ElasticsearchOptions>(configuration, ElasticsearchOptions.Section);
        using var client = new ElasticClient(new ElasticTransport(options, flavor, TimeProvider.System), flavor);
        var names = new IndexNames(options.Prefix);
        foreach (var family in Enum.GetValues<IndexFamily>())
        {
            foreach (var index in await client.IndicesAsync(names.Pattern(family), CancellationToken.None))
            {
                await client.DeleteIndexAsync(index, CancellationToken.None);
            }

            await client.SendAsync(new ElasticRequest(HttpMethod.Delete, $"_index_template/{names.Alias(family)}"), CancellationToken.None);
        }
    }

    public static async Task<JsonObject> RunAsync(ParseResult parse, int records, int runs, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("riskwatch-bench-").FullName;
        try
        {
            var writes = Writes(records);
            var (rates, plain) = (new List<double>(), PlainBatches.ToDictionary(b => b, _ => new List<double>()));
            string? store = null;
            for (var run = 0; run < runs; run++)
            {
                var overrides = new Dictionary<string, string?> { ["RiskWatch:Data"] = Path.Combine(folder, $"run{run}"), ["RiskWatch:LogLevel"] = "Warning" };
                Address(parse, overrides, $"bench{Environment.ProcessId}_{run}");
                var configuration = CommonOptions.Configuration(parse, overrides);
                store = configuration["RiskWatch:Store"] ?? "sqlite";
                rates.Add(await WriteAsync(configuration, writes, cancel));
                if (FlavorOf(configuration) is { } flavor)
                {
                    foreach (var batch in PlainBatches)
                    {
                        overrides["RiskWatch:Elasticsearch:Prefix"] = $"bench{Environment.ProcessId}_{run}_plain{batch}";
                        plain[batch].Add(await PlainAsync(CommonOptions.Configuration(parse, overrides), flavor, writes, batch, cancel));
                    }
                }
            }

            var figures = new JsonObject { ["store"] = store, ["records"] = records, ["runs"] = runs, ["recordsPerSecond"] = Math.Round(Median(rates)) };
            if (plain.Values.All(p => p.Count > 0))
            {
                var best = plain.MaxBy(p => Median(p.Value));
                figures["plainLoopRecordsPerSecond"] = Math.Round(Median(best.Value));
                figures["plainLoopBatch"] = best.Key;
                figures["shareOfPlainLoop"] = Math.Round(Median(rates) / Median(best.Value), 3);
            }

            figures["peakMegabytes"] = Math.Round(Process.GetCurrentProcess().PeakWorkingSet64 / 1e6);
            figures["processors"] = Environment.ProcessorCount;
            return figures;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> WriteAsync(IConfigurationRoot configuration, List<RecordWrite> writes, CancellationToken cancel)
    {
        using var host = RiskWatchHost.Plain(configuration, new HashSet<string>());
        Directory.CreateDirectory(configuration["RiskWatch:Data"]!);
        var store = host.Services.GetRequiredService<IStore>();
        await store.PrepareAsync(cancel);
        await store.WriteRecordsAsync(writes[..Math.Min(100, writes.Count)], cancel);
        var started = TimeProvider.System.GetTimestamp();
        for (var done = 0; done < writes.Count; done += Batch)
        {
            await store.WriteRecordsAsync(writes[done..Math.Min(writes.Count, done + Batch)], cancel);
        }

        var took = TimeProvider.System.GetElapsedTime(started);
        await CleanAsync(configuration);
        return writes.Count / took.TotalSeconds;
    }

    private static async Task<double> PlainAsync(IConfigurationRoot configuration, Flavor flavor, List<RecordWrite> writes, int batch, CancellationToken cancel)
    {
        using var host = RiskWatchHost.Plain(configuration, new HashSet<string>());
        await host.Services.GetRequiredService<IStore>().PrepareAsync(cancel);
        var options = ConfigurationCheck.Bind<ElasticsearchOptions>(configuration, ElasticsearchOptions.Section);
        var names = new IndexNames(options.Prefix);
        var documents = new RecordDocument(host.Services.GetRequiredService<IGazetteer>());
        var tokens = new System.Text.StringBuilder();
        var bodies = new List<byte[]>();
        await using (var json = new Utf8JsonWriter(Stream.Null, BulkChunk.Options))
        {
            foreach (var some in writes.Chunk(batch))
            {
                var chunk = new BulkChunk();
                foreach (var write in some)
                {
                    chunk.Add(new BulkOperation(0, IndexFamily.Records, names.Month(IndexFamily.Records, write.Document!.Record.Published), RecordDocument.IdOf(write.Source, write.Id), write.Version, j => documents.Write(j, write.Document, tokens)), json);
                }

                bodies.Add(chunk.Lines.ToArray());
            }
        }

        using var http = new HttpClient { BaseAddress = options.Nodes[0], Timeout = TimeSpan.FromMinutes(5) };
        await SendAsync(BodyOf(bodies[0], 100));
        var started = TimeProvider.System.GetTimestamp();
        foreach (var body in bodies)
        {
            await SendAsync(body);
        }

        var took = TimeProvider.System.GetElapsedTime(started);
        await CleanAsync(configuration);
        return writes.Count / took.TotalSeconds;

        async Task SendAsync(byte[] body)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/x-ndjson");
            using var response = await http.PostAsync(new Uri("_bulk", UriKind.Relative), content, cancel);
            await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancel);
        }
    }

    // The first documents, which make the month's index before time counts.
    private static byte[] BodyOf(byte[] body, int documents)
    {
        var at = 0;
        for (var line = 0; line < 2 * documents && at < body.Length; line++)
        {
            at = Array.IndexOf(body, (byte)'\n', at) + 1;
        }

        return body[..at];
    }

    private static List<RecordWrite> Writes(int records)
    {
        var titles = BenchmarkInput.Titles(int.MaxValue);
        var start = new DateTimeOffset(2021, 7, 1, 0, 0, 0, TimeSpan.FromHours(8));
        return [.. Enumerable.Range(0, records).Select(i =>
        {
            var text = $"{titles[i % titles.Count]}，{titles[(i + 1) % titles.Count]}。{titles[(i + (i / titles.Count) + 2) % titles.Count]}";
            var record = new Record { Id = $"bench{i}", Source = "weibo-hotsearch", Site = "china", Published = start.AddSeconds(2 * i), Text = text };
            var assessment = new Assessment
            {
                Id = record.Id,
                Language = "zh",
                Credibility = new Credibility(0.01 * (i % 100), i % 10 == 0 ? CredibilityBand.Uncertain : CredibilityBand.Credible),
                Sentiment = new SentimentAssessment((Sentiment)(i % 3), 0, new SentimentProbabilities(0.3, 0.4, 0.3)),
                Topics = [new TopicAssessment("flood", 0.9), new TopicAssessment("disaster", 0.9)],
                Relevance = new Relevance(0.7),
                Places = [new PlaceReference("cn-4101", "郑州")],
                Group = i.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
                ModelVersion = "bench",
            };
            return new RecordWrite(record.Source, record.Id, i + 1, new StoredRecord(record, assessment, 0, null, i + 1), null);
        })];
    }

    private static Flavor? FlavorOf(IConfiguration configuration) => configuration["RiskWatch:Store"] switch
    {
        "elasticsearch" => Flavor.Elasticsearch,
        "opensearch" => Flavor.OpenSearch,
        _ => null,
    };

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
