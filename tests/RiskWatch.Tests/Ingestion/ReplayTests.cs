using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using RiskWatch.Contracts;
using RiskWatch.Core.Ingest;
using RiskWatch.Core.Log;
using RiskWatch.Core.Status;
using RiskWatch.Ingestion;
using RiskWatch.Ingestion.Reading;
using RiskWatch.Ingestion.Replay;
using RiskWatch.Tests.Support;
using Xunit;
using static RiskWatch.Tests.Ingestion.SomeIngestion;

namespace RiskWatch.Tests.Ingestion;

public sealed class ReplayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_are_merged_by_updated_else_published_then_file_then_line()
    {
        var one = _folder.Write("one.ndjson", Line("a", "10:00:00") + Line("b", "10:00:05") + Line("c", "10:00:01", updated: "10:00:09"));
        var two = _folder.Write("two.ndjson", Line("d", "10:00:00") + Line("e", "10:00:05") + Line("f", "10:00:05") + Line("g", "10:00:08"));

        var log = await RunAsync(one, two);

        Assert.Equal(["a", "d", "b", "e", "f", "g", "c"], log.Records.Select(r => r.Id));
        Assert.Equal(log.Records.Select(r => r.Updated ?? r.Published), log.Records.Select(r => r.Received!.Value));
    }

    [Fact]
    public async Task A_file_out_of_order_is_sorted()
    {
        var log = await RunAsync(_folder.Write("x.ndjson", Line("c", "10:02:00") + Line("a", "10:00:00") + Line("b", "10:01:00")));

        Assert.Equal(["a", "b", "c"], log.Records.Select(r => r.Id));
    }

    [Fact]
    public void Sorting_on_disk_gives_what_sorting_in_memory_gives()
    {
        var random = new Random(7);
        using var small = new RowSorter(_folder.Path, chunkBytes: 2_000);
        using var large = new RowSorter(_folder.Path);
        for (var i = 0; i < 2_000; i++)
        {
            var line = new RawLine(Encoding.UTF8.GetBytes("row " + i), i, i % 97 == 0 ? LineFault.Oversized : LineFault.None, i, i % 97 == 0 ? [1, 2, 3] : null);
            var key = random.Next(100);
            small.Add(key, line);
            large.Add(key, line);
        }

        static string Text((long Key, RawLine Line) row) => $"{row.Key} {row.Line.Number} {row.Line.Fault} {row.Line.Length} {row.Line.Sha256?.Length} {row.Line.Text()}";
        Assert.Equal(large.Sorted().Select(Text), small.Sorted().Select(Text));
        Assert.True(Directory.GetFiles(_folder.Path).Length > 10);
        small.Dispose();
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Sources_are_marked_from_their_first_row_when_merged_time_crosses_a_minute_and_one_minute_beyond_the_end_where_all_end()
    {
        var file = _folder.Write("x.ndjson", Line("a", "10:00:10") + Line("b", "10:00:50") + Line("c", "10:01:00", source: "wire") + Line("d", "12:30:00"));

        var log = await RunAsync(file);

        var ten = new DateTimeOffset(2021, 7, 20, 10, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() / 60;
        Assert.Equal(
            ["mark news 0", "a", "b", "mark news 1", "mark wire 1", "c", "mark news 150", "mark wire 150", "d", "mark news 151", "mark wire 151", "end news 151", "end wire 151"],
            log.Outputs.Select(o => o.Type == EntryTypes.Mark ? Text(Entry(o, ContractsJson.Default.Mark)) : Entry(o, ContractsJson.Default.Record).Id));
        Assert.All(log.Marks, m => Assert.Equal((!m.Ended, Control().Offset, "town"), (m.Waited, m.ControlOffset, m.Site)));
        string Text(Mark m) => $"{(m.Ended ? "end" : "mark")} {m.Source} {m.Minute - ten}";
    }

    [Fact]
    public async Task Each_source_tells_its_own_newest_record_and_mark_and_whether_it_has_begun_or_ended()
    {
        var file = _folder.Write("x.ndjson", Line("a", "10:00:10") + Line("b", "10:01:20") + Line("c", "12:30:00", source: "wire") + Line("d", "12:40:05", source: "wire"));
        var statuses = new SourceStatusRegistry();
        List<string> seen = [];

        await Replay(new CollectingEventLog(), new IngestionOptions { ReplayBatch = 1 }, statuses: statuses).RunAsync(Request(file), _ => seen.AddRange(Told(statuses)), TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "news Healthy 10:00 10:00:10 waited", "wire Empty – –",
                "news Healthy 10:01 10:01:20 waited", "wire Empty – –",
                "news Ended 10:02 10:01:20", "wire Healthy 12:30 12:30:00 waited",
                "news Ended 10:02 10:01:20", "wire Healthy 12:40 12:40:05 waited",
                "news Ended 10:02 10:01:20", "wire Ended 12:41 12:40:05",
            ],
            seen);
    }

    [Fact]
    public async Task A_finished_replay_started_again_still_tells_each_sources_newest_record()
    {
        var file = _folder.Write("x.ndjson", Line("a", "10:00:10") + Line("c", "12:30:00", source: "wire"));
        var log = await RunAsync(file);
        var statuses = new SourceStatusRegistry();

        await Replay(log, statuses: statuses).RunAsync(Request(file), null, TestContext.Current.CancellationToken);

        Assert.Equal(["news Ended 10:01 10:00:10", "wire Ended 12:31 12:30:00"], Told(statuses));
    }

    [Fact]
    public async Task Refused_rows_are_dead_letters_in_their_place_with_file_and_line()
    {
        var file = _folder.Write("x.ndjson", Line("a", "10:00:00") + "{\"id\":\n" + Line("b", "10:05:00") + new string('x', 3_000) + "\n" + Line("", "10:06:00"));

        var log = await RunAsync(new IngestionOptions { LongestRecord = 1_000 }, file);

        Assert.Equal(["a", "b"], log.Records.Select(r => r.Id));
        Assert.Equal(
            [(DeadLetterReason.Malformed, 2L, 6L), (DeadLetterReason.Oversized, 4L, 3_000L), (DeadLetterReason.MissingField, 5L, null)],
            log.DeadLetters.Select(d => (d.Reason, d.Origin.Line!.Value, d.Reason == DeadLetterReason.MissingField ? (long?)null : d.Length)));
        Assert.All(log.DeadLetters, d => Assert.Equal(("x.ndjson", "ingestion"), (d.Origin.File, d.Stage)));
        Assert.Equal("{\"id\":"u8.ToArray(), Vault.Unprotect(log.DeadLetters.First().Bytes));
    }

    [Fact]
    public async Task A_refused_row_does_not_move_the_clock()
    {
        var log = await RunAsync(_folder.Write("x.ndjson", Line("a", "10:00:00") + Line("bad id\u0001".Replace("\u0001", "\\u0001", StringComparison.Ordinal), "11:00:00") + Line("b", "12:00:00")));

        Assert.Equal(3, log.Marks.Where(m => m.Source == "news").Select(m => m.Minute).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1_000)]
    public async Task Where_batches_end_changes_nothing(int batch)
    {
        var file = Mixed();
        var whole = await RunAsync(new IngestionOptions(), file);

        Assert.Equal(whole.Content, (await RunAsync(new IngestionOptions { ReplayBatch = batch }, file)).Content);
    }

    [Fact]
    public async Task A_replay_killed_after_any_commit_writes_what_an_undisturbed_one_writes()
    {
        var file = Mixed();
        var options = new IngestionOptions { ReplayBatch = 3 };
        var whole = await RunAsync(options, file);
        for (var kill = 1; kill < whole.Commits; kill++)
        {
            var log = new CollectingEventLog();
            using var stop = new CancellationTokenSource();
            log.OnCommit = () =>
            {
                if (log.Commits == kill)
                {
                    stop.Cancel();
                }
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Replay(log, options).RunAsync(Request(file), null, stop.Token));
            log.OnCommit = null;
            await Replay(log, options).RunAsync(Request(file), null, TestContext.Current.CancellationToken);

            Assert.Equal(whole.Content, log.Content);
        }
    }

    [Fact]
    public async Task What_an_hourly_list_remembers_survives_a_kill_and_several_files()
    {
        const string Header = "day\thour\tdisplay_epoch\tpos\thot\tcategory\tads\ttitle\n";
        var start = new DateTimeOffset(2024, 6, 1, 0, 25, 0, TimeSpan.FromHours(8));
        string Hours(int from, int count) => string.Concat(Enumerable.Range(from, count).Select(h => string.Create(CultureInfo.InvariantCulture,
            $"{start.AddHours(h):yyyy-MM-dd}\t{start.AddHours(h):HH}\t{start.AddHours(h).ToUnixTimeSeconds()}\t1\t{100 + h}\t时事\t0\t标题{h % 3}\n")));
        var request = ReplayRequest.Of([_folder.Write("b.tsv", Header + Hours(20, 20)), _folder.Write("a.tsv", Header + Hours(0, 20))], "weibo-hotsearch-hourly", null, _folder.Path);
        var options = new IngestionOptions { ReplayBatch = 7 };
        var whole = new CollectingEventLog();
        await Replay(whole, options).RunAsync(request, null, TestContext.Current.CancellationToken);

        Assert.Equal(40, whole.Records.Count());
        Assert.Equal(3, whole.Records.Select(r => r.Id).Distinct().Count());
        var log = new CollectingEventLog();
        using var stop = new CancellationTokenSource();
        log.OnCommit = () => stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Replay(log, options).RunAsync(request, null, stop.Token));
        log.OnCommit = null;
        await Replay(log, options).RunAsync(request, null, TestContext.Current.CancellationToken);
        Assert.Equal(whole.Content, log.Content);
    }

    [Fact]
    public async Task A_transient_failure_or_a_lost_share_is_gone_over_without_a_trace()
    {
        var file = Mixed();
        var whole = await RunAsync(new IngestionOptions { ReplayBatch = 3 }, file);
        var log = new CollectingEventLog();
        log.NextWriteFails(new TransientLogException("busy"));
        log.OnCommit = () =>
        {
            if (log.Commits == 2)
            {
                log.NextWriteFails(new FencedException("lost"));
                log.NextWriteFails(new TransientLogException("busy"));
            }
        };

        await Replay(log, new IngestionOptions { ReplayBatch = 3 }).RunAsync(Request(file), null, TestContext.Current.CancellationToken);

        Assert.Equal(whole.Content, log.Content);
    }

    [Fact]
    public async Task A_finished_replay_started_again_writes_nothing()
    {
        var file = Mixed();
        var log = await RunAsync(file);
        var before = log.Outputs.Count;

        var progress = await Replay(log).RunAsync(Request(file), null, TestContext.Current.CancellationToken);

        Assert.Equal(before, log.Outputs.Count);
        Assert.True(progress.Done);
        Assert.Equal(progress.TotalRows, progress.Accepted + progress.Refused);
    }

    [Fact]
    public async Task Another_input_in_the_same_data_directory_is_refused()
    {
        var log = await RunAsync(_folder.Write("x.ndjson", Line("a", "10:00:00")));

        var error = await Assert.ThrowsAsync<IngestionConfigurationException>(() => Replay(log).RunAsync(Request(_folder.Write("y.ndjson", Line("z", "10:00:00"))), null, TestContext.Current.CancellationToken));
        Assert.Contains("--data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_given_site_takes_all_the_input()
    {
        var log = new CollectingEventLog();
        await Replay(log).RunAsync(Request(_folder.Write("x.ndjson", Line("a", "10:00:00", source: "anybody"))) with { Site = "china" }, null, TestContext.Current.CancellationToken);

        Assert.Equal("china", Assert.Single(log.Records).Site);
        Assert.All(log.Marks, m => Assert.Equal("china", m.Site));
    }

    [Fact]
    public async Task An_unknown_site_or_mapping_or_a_table_without_a_mapping_is_named()
    {
        var csv = _folder.Write("x.csv", "a,b\n1,2\n");
        async Task<string> Error(ReplayRequest request) =>
            (await Assert.ThrowsAsync<IngestionConfigurationException>(() => Replay(new CollectingEventLog()).RunAsync(request, null, TestContext.Current.CancellationToken))).Message;

        Assert.Contains("'atlantis'", await Error(Request(csv) with { Site = "atlantis" }), StringComparison.Ordinal);
        Assert.Contains("'nothing'", await Error(ReplayRequest.Of([csv], "nothing", null, _folder.Path)), StringComparison.Ordinal);
        Assert.Contains("needs a mapping", await Error(Request(csv)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pseudonyms_are_the_same_in_two_replays_of_the_same_input()
    {
        var file = _folder.Write("x.ndjson", Line("a", "10:00:00", author: "li"));

        var author = Assert.Single((await RunAsync(file)).Records).Author;

        Assert.NotNull(author);
        Assert.DoesNotContain("li", author, StringComparison.Ordinal);
        Assert.Equal(author, Assert.Single((await RunAsync(file)).Records).Author);
    }

    [Fact]
    public async Task A_refused_row_of_a_table_can_be_retried_by_itself()
    {
        var file = _folder.Write("x.tsv", "first_seen_epoch\tday\ttitle\n1626742260\t2021-07-20\t郑州暴雨\n1626742260\t2021-07-20\t" + new string('长', 210_000) + "\n");
        var log = new CollectingEventLog();
        await Replay(log).RunAsync(ReplayRequest.Of([file], "weibo-hotsearch", null, _folder.Path), null, TestContext.Current.CancellationToken);
        var letter = Assert.Single(log.DeadLetters);
        Assert.Equal((DeadLetterReason.InvalidField, 3L), (letter.Reason, letter.Origin.Line!.Value));

        var shorter = letter with { Bytes = Vault.Protect("first_seen_epoch\tday\ttitle\n1626742260\t2021-07-20\t短"u8) };
        var retry = new DeadLetterRetry(Vault, Control(), new RiskWatch.Core.Privacy.DerivedPseudonymSecrets([1]), Options.Create(new IngestionOptions()));
        Assert.Equal(DeadLetterReason.InvalidField, retry.Retry(letter, Now).Reason);
        var record = Entry(Assert.Single(retry.Retry(shorter, Now).Outputs), ContractsJson.Default.Record);
        Assert.Equal(("短", true, Now, "china"), (record.Text, record.Retried, record.Received!.Value, record.Site));
    }

    [Fact]
    public async Task A_pace_in_rows_or_event_time_is_kept()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Now);
        var rate = new ReplayPace(Request("x") with { RecordsPerSecond = 100 }, time);
        Assert.Equal(10, rate.Rows(0, 2_000));
        var waiting = rate.WaitAsync(1, new ReplayCursor("f", Rows: 10), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await waiting;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(100, rate.Rows(10, 2_000));

        var speed = new ReplayPace(Request("x") with { Speed = 3_600 }, time);
        Assert.Equal((1, DateTimeOffset.MaxValue), (speed.Rows(0, 2_000), speed.Until(null)));
        Assert.Equal(Now, speed.Until(Now));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((2_000, Now.AddHours(1)), (speed.Rows(0, 2_000), speed.Until(Now)));
    }

    [Fact]
    public async Task A_replay_waits_while_classification_is_behind()
    {
        var log = new CollectingEventLog { Passed = 0 };
        using var stop = new CancellationTokenSource();
        var file = Mixed();
        var run = Replay(log, new IngestionOptions { ReplayBatch = 1, ReplayMaxLag = 5 }).RunAsync(Request(file), null, stop.Token);
        for (var i = 0; i < 1_000 && log.Commits < 8; i++)
        {
            await Task.Yield();
        }

        Assert.False(run.IsCompleted);
        Assert.InRange(log.Records.Count(), 1, 8);
        log.Passed = null;
        await run;
        Assert.True(log.Records.Count() > 8);
    }

    private static T Entry<T>(LogOutput output, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => System.Text.Json.JsonSerializer.Deserialize(output.Value!.Value.Span, type)!;

    private static string Line(string id, string time, string? updated = null, string source = "news", string? author = null) =>
        $$"""{"id":"{{id}}","source":"{{source}}","published":"2021-07-20T{{time}}Z","text":"words"{{(updated is null ? "" : $",\"updated\":\"2021-07-20T{updated}Z\"")}}{{(author is null ? "" : $",\"author\":\"{author}\"")}}}""" + "\n";

    private string Mixed() => _folder.Write("mixed.ndjson", string.Concat(Enumerable.Range(0, 30).Select(i =>
        i % 7 == 3 ? "garbage " + i + "\n" : Line("r" + i, string.Create(CultureInfo.InvariantCulture, $"10:{(i * 7) % 50:00}:{i:00}"), source: i % 2 == 0 ? "news" : "wire"))));

    private static IEnumerable<string> Told(SourceStatusRegistry statuses) => statuses.All.OrderBy(s => s.Source, StringComparer.Ordinal).Select(s =>
        $"{s.Source} {s.State} {(s.Mark is { } mark ? DateTimeOffset.FromUnixTimeSeconds(mark * 60).ToString("HH:mm", CultureInfo.InvariantCulture) : "–")} {s.LastRecord?.ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? "–"}{(s.Waited ? " waited" : "")}");

    private ReplayRequest Request(params string[] files) => ReplayRequest.Of(files, null, null, _folder.Path);

    private Task<CollectingEventLog> RunAsync(params string[] files) => RunAsync(new IngestionOptions(), files);

    private async Task<CollectingEventLog> RunAsync(IngestionOptions options, params string[] files)
    {
        var log = new CollectingEventLog();
        await Replay(log, options).RunAsync(Request(files), null, TestContext.Current.CancellationToken);
        return log;
    }
}
