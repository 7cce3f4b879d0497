using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Ingest;
using RiskWatch.Core.Hosting;
using RiskWatch.Core.Log;
using RiskWatch.Core.Privacy;
using RiskWatch.Core.Status;
using RiskWatch.Ingestion;
using RiskWatch.Ingestion.Push;
using RiskWatch.Tests.Support;
using Xunit;
using static RiskWatch.Tests.Ingestion.SomeIngestion;

namespace RiskWatch.Tests.Ingestion;

public sealed class PushTests
{
    private const string Good = """{"id":"1","source":"news","published":"2026-11-24T08:00:00Z","text":"x"}""";

    private readonly CollectingEventLog _log = new();

    [Fact]
    public async Task Good_lines_are_in_the_log_and_bad_ones_are_dead_letters_with_their_line()
    {
        var result = await PushAsync(Good + "\n\nnonsense\n" + Good.Replace("\"1\"", "\"2\"", StringComparison.Ordinal));

        Assert.Equal((2, 1, PushStop.None, (long?)null), (result.Accepted, result.RefusedCount, result.Stop, result.NextLine));
        Assert.Equal((3, DeadLetterReason.Malformed), (Assert.Single(result.Refused).Line, result.Refused[0].Reason));
        Assert.Equal(["1", "2"], _log.Records.Select(r => r.Id));
        var letter = Assert.Single(_log.DeadLetters);
        Assert.Equal((3L, "nonsense"), (letter.Origin.Line!.Value, Encoding.UTF8.GetString(Vault.Unprotect(letter.Bytes))));
        Assert.Equal(Now, _log.Records.First().Received);
    }

    [Theory]
    [InlineData("[G,\n G2]", 2, 0, "an array")]
    [InlineData("[\n{\"id\":\n\"1\"},G]", 1, 1, "an array with a bad element")]
    [InlineData("[G,5,\"s\",[1],G2]", 2, 3, "elements that are no objects")]
    [InlineData("[G,{\"id\":\"2", 1, 1, "an array cut short")]
    [InlineData("[]", 0, 0, "an empty array")]
    [InlineData("", 0, 0, "nothing")]
    [InlineData("\uFEFFG\nG2", 2, 0, "a byte order mark")]
    public async Task Arrays_and_lines_are_both_taken(string template, int accepted, int refused, string because)
    {
        var result = await PushAsync(template.Replace("G2", Good.Replace("\"1\"", "\"2\"", StringComparison.Ordinal), StringComparison.Ordinal).Replace("G", Good, StringComparison.Ordinal));

        Assert.True((accepted, refused) == (result.Accepted, result.RefusedCount), $"{because}: {result}");
    }

    [Fact]
    public async Task One_object_over_several_lines_is_one_record() =>
        Assert.Equal(1, (await PushAsync("{\n  \"id\": \"1\",\n  \"source\": \"news\",\n  \"published\": \"2026-11-24T08:00:00Z\",\n  \"text\": \"a } b\"\n}\n")).Accepted);

    [Fact]
    public async Task A_source_given_for_the_push_holds_for_records_that_name_none()
    {
        await PushAsync(Good.Replace("\"source\":\"news\",", "", StringComparison.Ordinal), new PushRequest("wire"));

        Assert.Equal("wire", Assert.Single(_log.Records).Source);
    }

    [Fact]
    public async Task A_record_over_the_limit_is_refused_with_length_and_hash()
    {
        var result = await PushAsync(Good + "\n" + new string('x', 5_000) + "\n" + Good, options: new IngestionOptions { LongestRecord = 1_000 });

        Assert.Equal((2, DeadLetterReason.Oversized), (result.Accepted, Assert.Single(result.Refused).Reason));
        Assert.Equal(5_000, Assert.Single(_log.DeadLetters).Length);
    }

    [Fact]
    public async Task A_record_that_would_be_too_large_an_entry_is_refused_not_thrown()
    {
        // Emoji, four bytes in the input, are twelve in the entry.
        var result = await PushAsync(Good + "\n" + Good.Replace("\"x\"", "\"" + string.Concat(Enumerable.Repeat("😀", 95_000)) + "\"", StringComparison.Ordinal));

        Assert.Equal((1, DeadLetterReason.Oversized), (result.Accepted, Assert.Single(result.Refused).Reason));
        Assert.All(_log.Outputs, o => Assert.InRange(o.Value!.Value.Length, 0, 1_000_000));
    }

    [Fact]
    public async Task The_largest_bad_line_is_a_dead_letter_that_fits_into_the_log()
    {
        await PushAsync(new string('x', 699_999) + "\n" + new string('x', 999_999));

        Assert.Equal([699_999, 65_536], _log.DeadLetters.Select(d => Vault.Unprotect(d.Bytes).Length));
        Assert.All(_log.Outputs, o => Assert.InRange(o.Value!.Value.Length, 0, 1_000_000));
    }

    [Fact]
    public async Task A_full_log_sends_a_push_away()
    {
        _log.Full = true;

        Assert.Equal((PushStop.Busy, 1L), ((await PushAsync(Good)).Stop, (await PushAsync(Good)).NextLine!.Value));
        Assert.Empty(_log.Outputs);
    }

    [Fact]
    public async Task An_element_over_the_limit_is_hashed_and_the_next_one_read()
    {
        var huge = "{\"text\":\"" + new string('x', 5_000) + "\"}";
        var result = await PushAsync("[" + huge + "," + Good + "]", options: new IngestionOptions { LongestRecord = 1_000 });

        Assert.Equal((1, 1), (result.Accepted, result.RefusedCount));
        var letter = Assert.Single(_log.DeadLetters);
        Assert.Equal((DeadLetterReason.Oversized, huge.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(huge)))), (letter.Reason, letter.Length, letter.Sha256));
    }

    [Fact]
    public async Task Too_large_a_body_is_stopped_and_says_where()
    {
        var body = string.Concat(Enumerable.Range(0, 2_000).Select(i => Good.Replace("\"1\"", $"\"{i}\"", StringComparison.Ordinal) + "\n"));

        var result = await PushAsync(body, options: new IngestionOptions { LargestPush = 10_000 });

        Assert.Equal(PushStop.TooLarge, result.Stop);
        Assert.Equal(result.Accepted + 1, result.NextLine);
        Assert.Equal(result.Accepted, _log.Records.Count());
    }

    [Fact]
    public async Task While_classification_is_behind_a_push_is_sent_away_with_the_line_to_go_on_from()
    {
        _log.Passed = -2_000_000;

        var result = await PushAsync(Good);

        Assert.Equal((0, PushStop.Busy, 1L, TimeSpan.FromSeconds(10)), (result.Accepted, result.Stop, result.NextLine!.Value, result.RetryAfter!.Value));
        Assert.Empty(_log.Outputs);
    }

    [Fact]
    public async Task A_log_that_does_not_answer_is_busy_not_lost()
    {
        _log.NextWriteFails(new TransientLogException("the disk is full"));

        var result = await PushAsync(Good);

        Assert.Equal((0, PushStop.Busy, 1L), (result.Accepted, result.Stop, result.NextLine!.Value));
    }

    [Theory]
    [InlineData("gb18030", 1, "a declared charset")]
    [InlineData("klingon", 0, "a charset nobody knows")]
    public async Task Charsets_are_declared_or_refused(string charset, int accepted, string because)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var body = Encoding.GetEncoding("gb18030").GetBytes(Good.Replace("\"x\"", "\"郑州暴雨\"", StringComparison.Ordinal));

        var result = await Receiver(_log).ReceiveAsync(new MemoryStream(body), new PushRequest(null, charset), TestContext.Current.CancellationToken);

        Assert.True(accepted == result.Accepted, because);
        Assert.Equal(1 - accepted, result.RefusedCount);
        Assert.All(_log.Records, r => Assert.Equal("郑州暴雨", r.Text));
    }

    [Fact]
    public async Task Ten_thousand_inputs_of_garbage_are_taken_or_dead_lettered_and_none_is_lost()
    {
        var random = new Random(20261124);
        var body = new MemoryStream();
        for (var i = 0; i < 10_000; i++)
        {
            body.Write(Garbage.Line(random, i));
            body.WriteByte((byte)'\n');
        }

        var result = await Receiver(_log, new IngestionOptions { LongestRecord = 20_000, LargestPush = 1_000_000_000 }).ReceiveAsync(new ChunkedStream(body.ToArray(), 8_191), new PushRequest(), TestContext.Current.CancellationToken);

        Assert.Equal(10_000, result.Accepted + result.RefusedCount);
        Assert.Equal(result.Accepted, _log.Records.Count());
        Assert.Equal(result.RefusedCount, _log.DeadLetters.Count());
        Assert.InRange(result.Accepted, 500, 5_000);
        Assert.True(_log.DeadLetters.Select(d => d.Reason).Distinct().Count() >= 6);
    }

    [Fact]
    public async Task Garbage_as_whole_bodies_never_throws()
    {
        var random = new Random(4);
        for (var i = 0; i < 500; i++)
        {
            var line = Garbage.Line(random, i);
            var body = i % 2 == 0 ? line : [(byte)'[', .. line, (byte)',', .. Garbage.Line(random, i)];
            var result = await Receiver(new CollectingEventLog()).ReceiveAsync(new MemoryStream(body), new PushRequest(), TestContext.Current.CancellationToken);
            Assert.True(result.Accepted + result.RefusedCount > 0);
        }
    }

    [Fact]
    public void Marks_follow_the_owners_clock_less_the_delay_and_never_go_back()
    {
        var source = new SourceDefinition("news", "town", "push", Delay: TimeSpan.FromMinutes(5));
        var minute = Now.ToUnixTimeSeconds() / 60;

        Assert.Equal([new Mark("town", "news", minute - 5, true, 7)], PushMarks.Decide([], [source], Now, 7));
        Assert.Equal([new Mark("town", "news", minute, true, 7)], PushMarks.Decide([new PushMark("town", "news", minute)], [source], Now, 7));
        Assert.False(Assert.Single(PushMarks.Decide([], [source with { Delay = TimeSpan.FromMinutes(16) }], Now, 7)).Waited);
        Assert.Equal([new Mark("town", "gone", 3, false, 7, Ended: true)], PushMarks.Decide([new PushMark("town", "gone", 3)], [], Now, 7));
    }

    [Fact]
    public async Task The_owner_of_a_share_marks_its_sources_each_minute_and_goes_on_where_another_stopped()
    {
        var time = new FakeTimeProvider(Now);
        var control = Control(new SourceDefinition("news", "town", "push"), new SourceDefinition("file", "town", "file"));
        var minute = Now.ToUnixTimeSeconds() / 60;
        var first = Worker(time, control);
        await using var member = _log.Join(new MembershipOptions("g", Topics.Leases, null, "a"));
        await first.StepAsync(member, TestContext.Current.CancellationToken);
        await first.StepAsync(member, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMinutes(1));
        await first.StepAsync(member, TestContext.Current.CancellationToken);
        time.SetUtcNow(Now.AddMinutes(1));

        Assert.Equal([minute, minute + 1], _log.Marks.Select(m => m.Minute));
        Assert.All(_log.Marks, m => Assert.Equal("news", m.Source));

        var behind = Worker(new FakeTimeProvider(Now.AddMinutes(-10)), control);
        await using var other = _log.Join(new MembershipOptions("g", Topics.Leases, null, "b"));
        await behind.StepAsync(other, TestContext.Current.CancellationToken);
        Assert.Equal(minute + 1, _log.Marks.Last().Minute);

        var without = Worker(time, Control());
        await using var third = _log.Join(new MembershipOptions("g", Topics.Leases, null, "c"));
        await without.StepAsync(third, TestContext.Current.CancellationToken);
        Assert.True(_log.Marks.Last().Ended);
        Assert.Empty(_log.State);
    }

    [Fact]
    public async Task A_source_of_files_that_is_pushed_to_says_that_no_clock_moves_for_it()
    {
        var (counters, statuses) = (new PushCounters(), new SourceStatusRegistry());
        var worker = Worker(new FakeTimeProvider(Now), Control(new SourceDefinition("news", "town", "file"), new SourceDefinition("quiet", "town", "file")), counters, statuses);
        counters.Count("news", Now, Now, null);
        await using var member = _log.Join(new MembershipOptions("g", Topics.Leases, null, "a"));

        await worker.StepAsync(member, TestContext.Current.CancellationToken);

        var status = Assert.Single(statuses.All);
        Assert.Equal(("news", SourceState.Failing), (status.Source, status.State));
        Assert.Contains("sources apply", status.Error, StringComparison.Ordinal);
        Assert.Empty(_log.Marks);
    }

    [Fact]
    public void A_source_is_empty_healthy_failing_or_silent()
    {
        var source = new SourceDefinition("news", "town", "push");
        SourceState State(PushCount count, double hours) => PushMarks.Status(source, count, 0, Now, Now.AddHours(hours), TimeSpan.FromHours(1)).State;

        Assert.Equal(SourceState.Empty, State(new PushCount(), 0.5));
        Assert.Equal(SourceState.Silent, State(new PushCount(), 1.5));
        Assert.Equal(SourceState.Healthy, State(new PushCount(1, 0, Now, Now), 0.5));
        Assert.Equal(SourceState.Silent, State(new PushCount(1, 0, Now, Now), 1.5));
        Assert.Equal(SourceState.Failing, State(new PushCount(1, 1, Now, Now, "Not JSON"), 0.5));
    }

    [Fact]
    public async Task A_dead_letter_retried_after_its_cause_is_gone_is_received_anew()
    {
        await PushAsync(Good.Replace("news", "newcomer", StringComparison.Ordinal));
        var letter = Assert.Single(_log.DeadLetters);
        Assert.Equal(DeadLetterReason.UnknownSource, letter.Reason);
        var later = Now.AddDays(2);
        var secrets = new DerivedPseudonymSecrets([1]);

        Assert.Equal(DeadLetterReason.UnknownSource, new DeadLetterRetry(Vault, Control(), secrets, Options.Create(new IngestionOptions())).Retry(letter, later).Reason);
        var retried = new DeadLetterRetry(Vault, Control(new SourceDefinition("newcomer", "town", "push")), secrets, Options.Create(new IngestionOptions())).Retry(letter, later);

        var record = System.Text.Json.JsonSerializer.Deserialize(Assert.Single(retried.Outputs).Value!.Value.Span, ContractsJson.Default.Record)!;
        Assert.Equal((true, later, "town"), (record.Retried, record.Received, record.Site));
        Assert.Contains("another key", new DeadLetterRetry(new AesDeadLetterVault([.. Enumerable.Repeat((byte)9, 32)]), Control(), secrets, Options.Create(new IngestionOptions())).Retry(letter, later).Detail, StringComparison.Ordinal);
    }

    private PushMarkWorker Worker(TimeProvider time, IControlTable control, PushCounters? counters = null, SourceStatusRegistry? statuses = null) => new(
        _log, control, new DerivedPseudonymSecrets([1]), counters ?? new PushCounters(), statuses ?? new SourceStatusRegistry(), time, Options.Create(new IngestionOptions()), new InstanceName("test"), NullLogger<PushMarkWorker>.Instance);

    private Task<PushResult> PushAsync(string body, PushRequest? request = null, IngestionOptions? options = null) =>
        Receiver(_log, options).ReceiveAsync(new ChunkedStream(Encoding.UTF8.GetBytes(body), 13), request ?? new PushRequest(), TestContext.Current.CancellationToken);
}
