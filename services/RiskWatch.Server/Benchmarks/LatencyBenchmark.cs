using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RiskWatch.Adapters.Kafka;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Places;
using RiskWatch.Ingestion.Replay;
using RiskWatch.Server.Commands;
using RiskWatch.Server.Hosting;
using RiskWatch.Web.Live;

namespace RiskWatch.Server.Benchmarks;

/// <summary>
/// How long warnings take. A month of quiet history of many cities first, each a site of its own; then records over HTTP at a steady rate, and among them, every few
/// seconds, a burst in the next city: from the answer to its push until the live feed shows the provisional alert. And from each minute's end plus the source's
/// delay until its tick is decided. Sites of their own, since a second burst in a country that is alerted already is part of its alert.
/// </summary>
internal sealed class LatencyBenchmark
{
    // The steady stream belongs to a site without history, which fires nothing: beside the few records an hour of history it would itself be the
    // greatest surge there is, and every burst part of it.
    private const string LoadSource = "bench-load";
    private const int HistoryDays = 30;
    private const int BurstRecords = 60;
    private const int PushesPerSecond = 10;
    private const string FloodWords = "暴雨积水内涝";
    private static readonly IReadOnlySet<string> Stages = new HashSet<string> { Roles.Classification, Roles.Alerting, Roles.Indexing };
    private static readonly TimeSpan BetweenBursts = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(20);

    private readonly List<string> _titles = BenchmarkInput.Titles(int.MaxValue);
    private readonly List<Town> _towns = [.. Gazetteer.Default.Places.Where(p => p.Parent == "cn").Select(province => Gazetteer.Default.Places.FirstOrDefault(p => p.Parent == province.Code)).OfType<GazetteerPlace>().Select((place, i) => new Town(i, place.Code, place.Names))];
    private readonly Dictionary<string, DateTimeOffset> _accepted = [];
    private readonly Dictionary<string, double> _shown = [];
    private readonly List<double> _ticks = [];
    private readonly List<double> _pushes = [];
    private readonly Lock _lock = new();

    public static async Task<JsonObject> RunAsync(ParseResult parse, int rate, TimeSpan length, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("riskwatch-bench-").FullName;
        try
        {
            return await new LatencyBenchmark().MeasureAsync(parse, folder, rate, length, cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<JsonObject> MeasureAsync(ParseResult parse, string folder, int rate, TimeSpan length, CancellationToken cancel)
    {
        var overrides = new Dictionary<string, string?> { ["RiskWatch:Data"] = Path.Combine(folder, "data"), ["RiskWatch:Urls"] = "http://127.0.0.1:0", ["RiskWatch:LogLevel"] = parse.GetValue(CommonOptions.LogLevel) ?? "Warning" };
        var given = CommonOptions.Configuration(parse);
        if (given["RiskWatch:Log"] == "kafka")
        {
            overrides["RiskWatch:Kafka:TopicPrefix"] = $"bench{Environment.ProcessId}.latency.";
            overrides["RiskWatch:Kafka:BootstrapServers"] = Environment.GetEnvironmentVariable("RISKWATCH_TEST_KAFKA") ?? given["RiskWatch:Kafka:BootstrapServers"] ?? new KafkaOptions().BootstrapServers;
        }

        StoreBenchmark.Address(parse, overrides, $"bench{Environment.ProcessId}_latency");
        var configuration = CommonOptions.Configuration(parse, overrides);
        await HistoryAsync(configuration, folder, cancel);
        HashSet<string> roles = [Roles.Ingestion, .. Stages, Roles.Web];
        await using var app = RiskWatchHost.Web(configuration, roles, Towns);
        await app.StartAsync(cancel);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var watching = WatchAsync(app.Services.GetRequiredService<AlertFeed>(), stop.Token);
            await WarmAsync(http, rate, cancel);
            using var breakdown = new StageAges();
            var load = LoadAsync(http, rate, length, cancel);
            var bursts = await BurstsAsync(http, length, cancel);
            await load;
            await Task.Delay(LastWait, TimeProvider.System, cancel);
            await stop.CancelAsync();
            await watching;
            return Figures(configuration, rate, bursts, breakdown);
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
            await StoreBenchmark.CleanAsync(configuration);
        }
    }

    private void Towns(IServiceCollection services)
    {
        IEnumerable<ControlEntry> entries = [.. BuiltInControl.Entries, Source(LoadSource, "boston", SourceKinds.Push), .. _towns.SelectMany(TownEntries)];
        services.Replace(ServiceDescriptor.Singleton(new BuiltInEntries([.. entries])));
    }

    private static IEnumerable<ControlEntry> TownEntries(Town town)
    {
        yield return new ControlEntry
        {
            Kind = ControlKind.Site,
            EntityId = town.Site,
            Version = 1,
            Author = "bench",
            EffectiveFrom = default,
            Site = new Site { Id = town.Site, Names = town.Names, TimeZone = "Asia/Shanghai", GazetteerRoot = town.Code, Languages = ["zh"], Sources = [town.History, town.Push] },
        };
        yield return Source(town.History, town.Site, SourceKinds.File);
        yield return Source(town.Push, town.Site, SourceKinds.Push);
    }

    private static ControlEntry Source(string name, string site, string kind) => new()
    {
        Kind = ControlKind.Source,
        EntityId = name,
        Version = 1,
        Author = "bench",
        EffectiveFrom = default,
        Source = new SourceDefinition(name, site, kind, Delay: TimeSpan.Zero, KnowsAuthors: false),
    };

    // Quiet series to surge against: each town has a record an hour, and one of the topic a day. On a host of its own: beside the marks of pushed sources, which
    // share its group, a replay may never be given the share that it writes from.
    private async Task HistoryAsync(IConfigurationRoot configuration, string folder, CancellationToken cancel)
    {
        var input = Path.Combine(folder, "history.ndjson");
        var start = TimeProvider.System.GetUtcNow().AddDays(-HistoryDays);
        await using (var output = new StreamWriter(input, append: false, new UTF8Encoding(false)))
        {
            for (var hour = 0; hour < (HistoryDays * 24) - 1; hour++)
            {
                foreach (var town in _towns)
                {
                    var flood = (hour + town.Number) % 24 == 0 ? FloodWords + "，" : "";
                    var number = (hour * _towns.Count) + town.Number;
                    await output.WriteLineAsync(Json($"history{number}", town.History, start.AddHours(hour).AddMinutes(town.Number), $"{town.Names.Zh}{flood}{Text(number)}"));
                }
            }
        }

        using var host = RiskWatchHost.Plain(configuration, Stages, Towns);
        await host.StartAsync(cancel);
        await host.Services.GetRequiredService<ReplayWorker>().RunAsync(ReplayRequest.Of([input], null, null, Path.Combine(folder, "sorted")), null, cancel);
        await Pipeline.DrainAsync(host, Stages, cancel);
        await host.StopAsync(cancel);
    }

    // The first ticks of the live source, and what the run-time compiles, are not what is measured.
    private async Task WarmAsync(HttpClient http, int rate, CancellationToken cancel)
    {
        await LoadAsync(http, rate, TimeSpan.FromSeconds(70), cancel);
        lock (_lock)
        {
            _ticks.Clear();
            _pushes.Clear();
        }
    }

    private async Task LoadAsync(HttpClient http, int rate, TimeSpan length, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PushesPerSecond), TimeProvider.System);
        var each = Math.Max(1, rate / PushesPerSecond);
        var (started, sent, open) = (TimeProvider.System.GetTimestamp(), 0, new List<Task>());
        while (TimeProvider.System.GetElapsedTime(started) < length && await timer.WaitForNextTickAsync(cancel))
        {
            // As many as are due by now, so that a late timer does not lower the rate.
            while (sent < TimeProvider.System.GetElapsedTime(started).TotalSeconds * rate)
            {
                var now = TimeProvider.System.GetUtcNow();
                var lines = Enumerable.Range(sent, each).Select(i => Json($"{started}-{i}", LoadSource, now, Text(i)));
                open.Add(PushAsync(http, string.Join('\n', lines), cancel));
                sent += each;
            }

            open.RemoveAll(t => t.IsCompletedSuccessfully);
        }

        await Task.WhenAll(open);
    }

    private async Task<int> BurstsAsync(HttpClient http, TimeSpan length, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(BetweenBursts, TimeProvider.System);
        var started = TimeProvider.System.GetTimestamp();
        var burst = 0;
        while (TimeProvider.System.GetElapsedTime(started) < length && burst < _towns.Count && await timer.WaitForNextTickAsync(cancel))
        {
            var town = _towns[burst++];
            var now = TimeProvider.System.GetUtcNow();
            var lines = Enumerable.Range(0, BurstRecords).Select(i => Json($"{i}", town.Push, now, $"{town.Names.Zh}{FloodWords}，{Text((burst * 1009) + i)}"));
            var answered = await PushAsync(http, string.Join('\n', lines), cancel);
            lock (_lock)
            {
                _accepted[town.Site] = answered;
            }
        }

        return burst;
    }

    private async Task<DateTimeOffset> PushAsync(HttpClient http, string lines, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var body = new StringContent(lines, null, "application/x-ndjson");
        using var answer = await http.PostAsync(new Uri("/api/records", UriKind.Relative), body, cancel);
        answer.EnsureSuccessStatusCode();
        var took = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        lock (_lock)
        {
            _pushes.Add(took);
        }

        return TimeProvider.System.GetUtcNow();
    }

    private async Task WatchAsync(AlertFeed feed, CancellationToken stop)
    {
        using var subscription = feed.Subscribe();
        try
        {
            while (true)
            {
                var change = await subscription.NextAsync(stop);
                var now = TimeProvider.System.GetUtcNow();
                lock (_lock)
                {
                    _ticks.AddRange(change.Ticks.Where(t => t.Site.StartsWith(Town.Prefix, StringComparison.Ordinal)).Select(t => (now - DateTimeOffset.FromUnixTimeSeconds((t.Tick + 1) * 60)).TotalMilliseconds));
                    foreach (var alert in change.Alerts.Where(a => a.Exemplars.Any(id => id.StartsWith(Town.PushPrefix, StringComparison.Ordinal))))
                    {
                        // It may be shown before the pusher has its answer: then it took no time.
                        _shown.TryAdd(alert.Site, now.ToUnixTimeMilliseconds());
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private JsonObject Figures(IConfiguration configuration, int rate, int bursts, StageAges breakdown)
    {
        lock (_lock)
        {
            var alerts = _accepted.Where(a => _shown.ContainsKey(a.Key)).Select(a => Math.Max(0, _shown[a.Key] - a.Value.ToUnixTimeMilliseconds())).ToList();
            return new JsonObject
            {
                ["log"] = configuration["RiskWatch:Log"] ?? "sqlite",
                ["store"] = configuration["RiskWatch:Store"] ?? "sqlite",
                ["recordsPerSecond"] = rate,
                ["bursts"] = bursts,
                ["burstsShown"] = alerts.Count,
                ["acceptedToProvisionalP50Milliseconds"] = At(alerts, 0.5),
                ["acceptedToProvisionalP99Milliseconds"] = At(alerts, 0.99),
                ["ticks"] = _ticks.Count,
                ["minuteToDecidedP50Milliseconds"] = At(_ticks, 0.5),
                ["minuteToDecidedP99Milliseconds"] = At(_ticks, 0.99),
                ["pushP50Milliseconds"] = At(_pushes, 0.5),
                ["pushP99Milliseconds"] = At(_pushes, 0.99),
                ["stages"] = breakdown.Figures(),
                ["peakMegabytes"] = Math.Round(Process.GetCurrentProcess().PeakWorkingSet64 / 1e6),
                ["processors"] = Environment.ProcessorCount,
            };
        }
    }

    internal static double? At(List<double> values, double share) => values.Count == 0 ? null : Math.Round(values.Order().ElementAt((int)Math.Min(values.Count - 1, Math.Ceiling(share * values.Count) - 1)), 1);

    private string Text(int i) => $"{_titles[i % _titles.Count]}，{_titles[(i + (i / _titles.Count) + 1) % _titles.Count]}";

    private static string Json(string id, string source, DateTimeOffset published, string text) =>
        JsonSerializer.Serialize(new Record { Id = id, Source = source, Published = published, Text = text }, ContractsJson.Default.Record);

    private sealed record Town(int Number, string Code, BilingualText Names)
    {
        public const string Prefix = "bench-town-";

        public const string PushPrefix = "push-of-";

        public string Site { get; } = Prefix + Number.ToString(CultureInfo.InvariantCulture);

        public string History => "history-of-" + Site;

        public string Push => PushPrefix + Site;
    }
}
