using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Privacy;
using RiskWatch.Core.Store;
using RiskWatch.Server.Hosting;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Scenarios;

/// <summary>Garbage posted to a running product: nothing crashes it, nothing of it is lost, and the good among it is found.</summary>
public sealed class GarbageTests
{
    private static readonly string[] Serving = [Roles.Ingestion, Roles.Classification, Roles.Indexing, Roles.Web];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_bad_inputs_are_taken_or_dead_lettered_and_none_is_lost()
    {
        await using var product = await RunningProduct.StartAsync(Serving, Cancel);
        var fuzzer = new PushFuzzer(20_261_124, TimeProvider.System.GetUtcNow());
        var bodies = fuzzer.Bodies(10_000).ToList();
        var refused = new ConcurrentBag<(long Line, string Sha256, string Reason)>();

        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel }, async (body, cancel) =>
        {
            foreach (var refusal in await CheckAsync(product, fuzzer, body, cancel))
            {
                refused.Add(refusal);
            }
        });

        Assert.Equal(10_000, bodies.Sum(b => b.Inputs));
        Assert.True(refused.Count > 8_000 && fuzzer.GoodIds.Count > 1_000, $"{refused.Count} refused, {fuzzer.GoodIds.Count} good.");
        await Pipeline.DrainAsync(product.Host, product.RunningRoles, Cancel);
        Assert.Equal("ready", await product.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancel));
        Assert.Equal([.. fuzzer.GoodIds.Order(StringComparer.Ordinal)], (await FoundAsync(product, "fuzzgood")).Order(StringComparer.Ordinal));
        Assert.Equal(refused.Distinct().Order(), (await LettersAsync(product)).Select(l => (l.Origin.Line!.Value, l.Sha256, JsonNamingPolicy.CamelCase.ConvertName(l.Reason.ToString()))).Order());
        Assert.DoesNotContain(product.Said.Words, w => w.StartsWith("Error", StringComparison.Ordinal) || w.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("application/x-ndjson", "", "line by line")]
    [InlineData("application/json", "[", "as an element of an array")]
    public async Task A_line_of_100_megabytes_is_dead_lettered_in_bounded_memory(string type, string before, string because)
    {
        const int Length = 100_000_000;
        await using var product = await RunningProduct.StartAsync(Serving, Cancel);
        var content = new LongLine(before, Length, before.Length == 0 ? "\n" : ",", Good(1) + (before.Length == 0 ? "" : "]"));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);

        using var answer = await product.Http.PostAsync(new Uri("/api/records", UriKind.Relative), content, Cancel);

        using var view = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(Cancel));
        Assert.True((HttpStatusCode.MultiStatus, 1, 1) == (answer.StatusCode, view.RootElement.GetProperty("accepted").GetInt64(), view.RootElement.GetProperty("refusedCount").GetInt64()), because);
        var letter = Assert.Single(await LettersAsync(product));
        Assert.Equal((DeadLetterReason.Oversized, (long)Length, (long?)1), (letter.Reason, letter.Length, letter.Origin.Line));
        Assert.True(content.Growth < 80_000_000, $"{because}: memory in use grew by {content.Growth} bytes.");
    }

    [Theory]
    [InlineData("[1]]", 2, "a bracket too many")]
    [InlineData("[]]", 1, "the same after nothing")]
    [InlineData("{\n}]}", 2, "brackets that close nothing")]
    [InlineData("[[[[", 1, "brackets that nobody closes")]
    [InlineData("[{\"id\":\"1", 1, "an element cut short")]
    [InlineData("[,,,]", 0, "no elements")]
    [InlineData("[\"\\", 1, "an escape cut short")]
    public async Task A_broken_document_is_refused_and_ends(string body, int refused, string because)
    {
        await using var product = await RunningProduct.StartAsync(Serving, Cancel);

        var (status, view) = await PushAsync(product, Encoding.UTF8.GetBytes(body), "application/json", Cancel);

        Assert.True((int)status < 500 && view.GetProperty("refusedCount").GetInt64() == refused && view.GetProperty("accepted").GetInt64() == 0, $"{because}: {status} {view}");
        Assert.Equal(refused, (await LettersAsync(product)).Count);
    }

    [Theory]
    [InlineData("gbk", "gb18030", 2, "declared, another encoding is read")]
    [InlineData("utf-16", "utf-16", 2, "two bytes a character")]
    [InlineData("utf-8", "gb18030", 0, "declared as something that it is not")]
    [InlineData("klingon", "utf-8", 0, "an encoding that nobody knows")]
    public async Task An_encoding_is_declared_or_the_record_is_refused(string declared, string sent, int accepted, string because)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        await using var product = await RunningProduct.StartAsync(Serving, Cancel);
        var body = Encoding.GetEncoding(sent).GetBytes(Good(1).Replace("water", "郑州暴雨", StringComparison.Ordinal) + "\n" + Good(2).Replace("water", "地铁进水", StringComparison.Ordinal));

        var (status, view) = await PushAsync(product, body, "application/x-ndjson; charset=" + declared, Cancel);

        Assert.True((int)status < 500 && view.GetProperty("accepted").GetInt64() == accepted, $"{because}: {status} {view}");
        Assert.True(accepted == 2 || view.GetProperty("refused")[0].GetProperty("reason").GetString() == "wrongEncoding", because);
        await Pipeline.DrainAsync(product.Host, product.RunningRoles, Cancel);
        Assert.Equal(accepted / 2, (await FoundAsync(product, "郑州暴雨")).Count);
    }

    [Fact]
    public async Task A_locked_log_makes_a_push_wait_and_goes_on_when_it_is_released()
    {
        await using var product = await RunningProduct.StartAsync(Serving, Cancel, ("RiskWatch:Embedded:BusyTimeout", "00:00:00.2"));
        using (var other = new SqliteConnection($"Data Source={Path.Combine(product.Folder, "log.db")};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "BEGIN EXCLUSIVE";
            command.ExecuteNonQuery();

            var (status, view) = await PushAsync(product, Encoding.UTF8.GetBytes(Good(1)), "application/x-ndjson", Cancel);

            Assert.Equal((HttpStatusCode.TooManyRequests, 1), (status, view.GetProperty("nextLine").GetInt64()));
            Assert.Contains(product.Said.Words, w => w.Contains("waits", StringComparison.Ordinal) && w.Contains("is locked by another process", StringComparison.Ordinal));
        }

        var (again, taken) = await PushAsync(product, Encoding.UTF8.GetBytes(Good(1)), "application/x-ndjson", Cancel);

        Assert.Equal((HttpStatusCode.OK, 1), (again, taken.GetProperty("accepted").GetInt64()));
        await Pipeline.DrainAsync(product.Host, product.RunningRoles, Cancel);
        Assert.Equal(["1"], await FoundAsync(product, "water"));
        Assert.Equal("ready", await product.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancel));
    }

    [Fact]
    public async Task Score_keeps_the_order_and_names_the_lines_that_it_cannot_read()
    {
        byte[][] lines =
        [
            Encoding.UTF8.GetBytes("""{"id":"a","text":"郑州暴雨"}"""),
            Encoding.UTF8.GetBytes("nonsense"),
            Encoding.UTF8.GetBytes("""{"id":"b","text":"one\rtwo"}""" + "\r"),
            [0xFF, 0xFE, 0x00, 0x0D, 0x41],
            Encoding.UTF8.GetBytes("""{"id":"x","text":"\ud800"}"""),
            Encoding.UTF8.GetBytes("""{"id":"x","id":"y","text":"twice"}"""),
            [],
            Encoding.UTF8.GetBytes("""{"id":"x","text":5}"""),
            Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 5_000)),
            Encoding.UTF8.GetBytes("""{"id":"x","text":"t","published":"0001-01-01T00:00:00+14:00"}"""),
            Encoding.UTF8.GetBytes("null"),
            Encoding.UTF8.GetBytes("""{"id":"c","text":""}"""),
            Encoding.UTF8.GetBytes("""{"\ud800":1,"text":"t"}"""),
            Encoding.UTF8.GetBytes("{\"id\":\"d\",\"text\":\"" + new string('水', 1_000_000) + "\"}"),
            Encoding.UTF8.GetBytes("""{"id":"e","text":"cut"""),
        ];

        var (code, output, errors) = await Product.PipeAsync([.. lines.SelectMany(l => l.Append((byte)'\n')).SkipLast(1)], Cancel, "score");

        Assert.True(code == 1, errors);
        Assert.Equal(["a", "b", "c", "d"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("id").GetString()));
        Assert.Equal(["2", "4", "5", "6", "8", "9", "10", "11", "13", "15"], errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.StartsWith("error: line ", StringComparison.Ordinal) ? l["error: line ".Length..].Split(':')[0] : l));
    }

    private static string Good(int id) => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{id}}","source":"boston-311","published":"2026-11-24T08:00:00Z","text":"water"}""");

    /// <summary>Posts a body and compares the answer with an independent reading of it; what was refused.</summary>
    private static async Task<IReadOnlyList<(long Line, string Sha256, string Reason)>> CheckAsync(RunningProduct product, PushFuzzer fuzzer, FuzzBody body, CancellationToken cancel)
    {
        var lines = PushFuzzer.LinesOf(body.Bytes);
        var (status, view) = await PushAsync(product, body.Bytes, "application/x-ndjson", cancel);
        var named = $"{status} for {Convert.ToBase64String(body.Bytes.AsSpan(0, Math.Min(body.Bytes.Length, 3_000)))}";
        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.MultiStatus or HttpStatusCode.UnprocessableEntity, named);
        var refused = view.GetProperty("refused").EnumerateArray().Select(r => (Line: r.GetProperty("line").GetInt64(), Reason: r.GetProperty("reason").GetString()!, Detail: r.GetProperty("detail").GetString())).ToList();
        Assert.True(lines.Count == view.GetProperty("accepted").GetInt64() + view.GetProperty("refusedCount").GetInt64() && refused.Count == view.GetProperty("refusedCount").GetInt64(), named);
        Assert.All(refused, r => Assert.False(string.IsNullOrEmpty(r.Detail)));
        var numbers = refused.Select(r => r.Line).ToHashSet();
        Assert.All(lines, line => Assert.True(fuzzer.FateOf(line.Value) switch { Fate.Taken => !numbers.Contains(line.Key), Fate.Refused => numbers.Contains(line.Key), _ => true }, $"line {line.Key}, {named}"));
        return [.. refused.Select(r => (r.Line, Convert.ToHexStringLower(SHA256.HashData(lines[r.Line])), r.Reason))];
    }

    private static async Task<(HttpStatusCode Status, JsonElement View)> PushAsync(RunningProduct product, byte[] body, string type, CancellationToken cancel)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await product.Http.PostAsync(new Uri("/api/records", UriKind.Relative), content, cancel);
        using var view = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(cancel));
        return (answer.StatusCode, view.RootElement.Clone());
    }

    private static async Task<List<string>> FoundAsync(RunningProduct product, string words)
    {
        var ids = new List<string>();
        var query = new RecordQuery { Text = words, Limit = 1_000 };
        do
        {
            var page = await product.Services.GetRequiredService<IStore>().SearchRecordsAsync(query, Cancel);
            ids.AddRange(page.Items.Select(i => i.Record.Id));
            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);

        return ids;
    }

    /// <summary>All dead letters; what was kept whole decrypts to bytes of the hash that stands beside it.</summary>
    private static async Task<List<DeadLetter>> LettersAsync(RunningProduct product)
    {
        var vault = product.Services.GetRequiredService<IDeadLetterVault>();
        var letters = new Dictionary<string, DeadLetter>(StringComparer.Ordinal);
        await using var tail = product.Services.GetRequiredService<IEventLog>().Tail(Topics.DeadLetter, fromBeginning: true);
        while (!tail.CaughtUp)
        {
            foreach (var message in await tail.ReadAsync(TimeSpan.FromMilliseconds(100), Cancel))
            {
                var letter = Entries.Read(message, ContractsJson.Default.DeadLetter);
                var bytes = vault.Unprotect(letter.Bytes);
                Assert.True(bytes.Length == letter.Length ? Convert.ToHexStringLower(SHA256.HashData(bytes)) == letter.Sha256 : bytes.Length == DeadLetters.KeptOfLarge);
                Assert.Equal("ingestion", letter.Stage);
                letters[letter.Id] = letter;
            }
        }

        return [.. letters.Values];
    }

    /// <summary>One long line, never held as a whole, and a good one after it; watches the memory in use on the way.</summary>
    private sealed class LongLine(string before, int length, string between, string after) : HttpContent
    {
        private const int Part = 100_000;
        private const int LookEvery = 20_000_000;

        /// <summary>Most bytes in use beyond those at the start.</summary>
        public long Growth { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var start = GC.GetTotalMemory(forceFullCollection: true);
            var part = Enumerable.Repeat((byte)'x', Part).ToArray();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(before), Cancel);
            for (var sent = 0; sent < length; sent += Part)
            {
                await stream.WriteAsync(part, Cancel);
                Growth = sent % LookEvery == 0 ? Math.Max(Growth, GC.GetTotalMemory(forceFullCollection: true) - start) : Growth;
            }

            Growth = Math.Max(Growth, GC.GetTotalMemory(forceFullCollection: true) - start);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(between + after), Cancel);
        }

        protected override bool TryComputeLength(out long size)
        {
            size = 0;
            return false;
        }
    }
}
