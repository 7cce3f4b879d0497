using System.Globalization;
using System.Text.Json.Nodes;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Server;

/// <summary><c>backtest</c> and <c>explain</c> on a replay of the bundled storm: what they say must be what the replay itself decided.</summary>
public sealed class BacktestTests : IClassFixture<BacktestTests.Storm>
{
    private const string Incidents = """
        name,topic,place,onset,end
        Hurricane Irene,311-tree-emergencies,,2011-08-28T06:00,2011-08-29T12:00
        "nothing, really",311-graffiti-removal,,2011-08-05T09:00Z,2011-08-05T10:00Z

        """;

    private readonly Storm _storm;

    public BacktestTests(Storm storm) => _storm = storm;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_rules_that_hold_give_the_alerts_that_the_replay_gave_and_each_is_a_hit_or_a_false_alarm()
    {
        var report = await BacktestAsync(Incidents);

        var current = report["current"]!;
        List<string> judged =
        [
            .. current["hitList"]!.AsArray().SelectMany(i => i!["alerts"]!.AsArray()).Select(a => $"{a!["id"]} {a["raisedAt"]} {a["peakLevel"]}"),
            .. current["falseAlarmList"]!.AsArray().Select(a => $"{a!["id"]} {a["raisedAt"]} {a["peakLevel"]}"),
        ];
        Assert.NotEmpty(_storm.Alerts);
        Assert.Equal(
            _storm.Alerts.Select(a => $"{a["id"]} {DateTimeOffset.Parse((string)a["raisedAt"]!, CultureInfo.InvariantCulture):yyyy-MM-ddTHH:mm}Z {a["peakLevel"]}").Order(StringComparer.Ordinal),
            judged.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal((2, 1, 1, 0.5), ((int)current["incidents"]!, (int)current["detected"]!, (int)current["missed"]!, (double)current["pod"]!));
        Assert.Equal(_storm.Alerts.Count, (int)current["alerts"]!);
        var storm = current["hitList"]![0]!;
        Assert.True((double)storm["leadToPeakHours"]! > 0, $"{storm}");
        Assert.True((bool)storm["alerts"]![0]!["topicAndPlace"]!);
    }

    [Fact]
    public async Task A_candidate_that_asks_for_more_gives_fewer_alerts_and_the_curve_rises_with_load()
    {
        var (code, rules, errors) = await Product.RunAsync(Cancel, "rules", "get", "--data", _storm.Data);
        Assert.True(code == 0, errors);
        var strict = JsonNode.Parse(rules)!.AsArray();
        foreach (var level in strict.SelectMany(r => r!["levels"]!.AsArray()))
        {
            level!["minimumCount"] = 1_000_000;
        }

        var candidate = Path.Combine(_storm.Folder, "strict.json");
        await File.WriteAllTextAsync(candidate, strict.ToJsonString(), Cancel);
        var page = Path.Combine(_storm.Folder, "page.html");

        var report = await BacktestAsync(Incidents, "--candidate", candidate, "--html", page);

        Assert.Equal(0, (int)report["candidate"]!["alerts"]!);
        Assert.Null(report["candidate"]!["far"]);
        Assert.Equal(2, (int)report["candidate"]!["missed"]!);
        var load = report["load"]!.AsArray().Select(p => (double)p!["alertsPerDay"]!).ToList();
        Assert.True(load[0] < load[^1], string.Join(' ', load));
        Assert.Contains("<polyline", await File.ReadAllTextAsync(page, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_what_staff_reported_as_missed_is_judged()
    {
        var (code, _, errors) = await Product.RunAsync(Cancel, "backtest", "--site", "boston", "--data", _storm.Data);
        Assert.True(code == 2 && errors.Contains("Nobody has reported a missed warning of site 'boston'", StringComparison.Ordinal), errors);
        foreach (var (topic, onset, note) in ((string, string, string)[])[("311-tree-emergencies", "2011-08-28T06:00-04:00", "trees down"), ("311-graffiti-removal", "2011-08-05T09:00Z", "nothing, really")])
        {
            (code, _, errors) = await Product.RunAsync(Cancel, "alerts", "miss", "--site", "boston", "--topic", topic, "--onset", onset, "--note", note, "--by", "Mei", "--data", _storm.Data);
            Assert.True(code == 0, errors);
        }

        var (_, listed, _) = await Product.RunAsync(Cancel, "alerts", "misses", "--data", _storm.Data);
        var misses = listed.Trim().Split('\n').Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal([("nothing, really", "Mei"), ("trees down", "Mei")], misses.Select(m => ((string)m["miss"]!["note"]!, (string)m["author"]!)));
        (code, var output, errors) = await Product.RunAsync(Cancel, "backtest", "--site", "boston", "--json", "--data", _storm.Data);
        Assert.True(code == 0, errors);
        var current = JsonNode.Parse(output)!["current"]!;
        Assert.Equal((2, 1), ((int)current["incidents"]!, (int)current["detected"]!));

        foreach (var miss in misses)
        {
            (code, _, errors) = await Product.RunAsync(Cancel, "alerts", "forget", (string)miss["entityId"]!, "--data", _storm.Data);
            Assert.True(code == 0, errors);
        }
    }

    [Theory]
    [InlineData("2011-08-28", "2011-08-28T04:00Z", "a date alone is midnight of the site")]
    [InlineData("2011-08-28 06:00", "2011-08-28T10:00Z", "a time without an offset is the site's")]
    [InlineData("2011-08-28T06:00-05:00", "2011-08-28T11:00Z", "an offset is kept")]
    [InlineData("2011-08-28T06:00Z", "2011-08-28T06:00Z", "so is none at all")]
    public async Task Times_without_an_offset_are_the_sites_own(string onset, string same, string because)
    {
        async Task<double> LeadAsync(string time) => (double)(await BacktestAsync($"name,topic,place,onset,end\na,,,{time},2011-08-29T23:00Z\n"))["current"]!["hitList"]![0]!["leadToOnsetHours"]!;

        Assert.True(await LeadAsync(same) == await LeadAsync(onset), because);
    }

    [Theory]
    [InlineData("name,topic,place,onset\n", "names no column 'end'")]
    [InlineData("name,topic,place,onset,end\n", "holds no incident")]
    [InlineData("name,topic,place,onset,end\na,nonsense,,2011-08-28,2011-08-29\n", "line 2, topic: site 'boston' has no topic 'nonsense'")]
    [InlineData("name,topic,place,onset,end\na,,atlantis,2011-08-28,2011-08-29\n", "line 2, place: the gazetteer has no place 'atlantis'")]
    [InlineData("name,topic,place,onset,end\na,,,2011-08-28,2011-08-27\n", "line 2, end: it lies before onset")]
    [InlineData("name,topic,place,onset,end\na,,,yesterday,2011-08-27\n", "line 2, onset: 'yesterday' is no time")]
    public async Task A_wrong_incident_is_named(string incidents, string said)
    {
        var (code, _, errors) = await Product.RunAsync(Cancel, await ArgumentsAsync(incidents));

        Assert.Equal(2, code);
        Assert.Contains(said, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_names_the_alert_of_a_series_that_has_one_and_the_thresholds_it_met()
    {
        var first = _storm.Alerts.First(a => a["topic"] is not null);
        var (topic, place) = ((string)first["topic"]!["id"]!, (string?)first["place"]?["code"]);

        var said = await ExplainAsync($"boston/{topic}{(place is null ? "" : "@" + place)}", (string)first["raisedAt"]!);

        Assert.Contains($"alert {first["id"]}, raised ", said, StringComparison.Ordinal);
        Assert.Contains("✓", said, StringComparison.Ordinal);
        Assert.Contains("Closed hours up to then:", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_says_where_nothing_was_found_and_refuses_what_it_cannot_know()
    {
        Assert.Contains("No finding", await ExplainAsync("boston/311-graffiti-removal", "2011-08-02T12:00Z"), StringComparison.Ordinal);
        Assert.Contains("nothing was ever counted there", await ExplainAsync("boston/term:aurora", "2011-08-20T12:00Z"), StringComparison.Ordinal);
        var (code, _, errors) = await Product.RunAsync(Cancel, "explain", "boston/*", "2031-01-01T00:00Z", "--data", _storm.Data);
        Assert.True(code == 2 && errors.Contains("is decided up to", StringComparison.Ordinal), errors);
        (code, _, errors) = await Product.RunAsync(Cancel, "explain", "atlantis/*", "2011-08-20T12:00Z", "--data", _storm.Data);
        Assert.True(code == 2 && errors.Contains("There is no site 'atlantis'", StringComparison.Ordinal), errors);
    }

    private async Task<JsonNode> BacktestAsync(string incidents, params string[] more)
    {
        var (code, output, errors) = await Product.RunAsync(Cancel, [.. await ArgumentsAsync(incidents), "--json", .. more]);
        Assert.True(code == 0, errors);
        return JsonNode.Parse(output)!;
    }

    private async Task<string[]> ArgumentsAsync(string incidents)
    {
        var file = Path.Combine(_storm.Folder, $"incidents-{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(file, incidents, Cancel);
        return ["backtest", "--data", _storm.Data, "--incidents", file];
    }

    private async Task<string> ExplainAsync(string series, string time)
    {
        var (code, output, errors) = await Product.RunAsync(Cancel, "explain", series, time, "--data", _storm.Data);
        Assert.True(code == 0, errors);
        return output;
    }

    /// <summary>The bundled storm, replayed once.</summary>
    public sealed class Storm : IAsyncLifetime
    {
        public string Folder { get; } = Directory.CreateTempSubdirectory("riskwatch-backtest-").FullName;

        public string Data => Path.Combine(Folder, "data");

        internal IReadOnlyList<JsonNode> Alerts { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            var file = Path.Combine(AppContext.BaseDirectory, "Demo", "boston-311.csv.gz");
            var (code, _, errors) = await Product.RunAsync(Cancel, "replay", file, "--mapping", "boston-311", "--site", "boston", "--out", Folder, "--store", "none");
            Assert.True(code == 0, errors);
            Alerts = [.. (await File.ReadAllLinesAsync(Path.Combine(Folder, "alerts.jsonl"), Cancel)).Select(line => JsonNode.Parse(line)!)];
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(Folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
