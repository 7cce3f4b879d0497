using System.Net;
using System.Text;
using System.Text.Json;
using RiskWatch.Contracts;
using RiskWatch.Core.Ingest;
using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>Records over HTTP: what the receiver says becomes the answer.</summary>
public sealed class PushApiTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<PushResult, HttpStatusCode> Results() => new()
    {
        { new PushResult(2, [], 0), HttpStatusCode.OK },
        { new PushResult(1, [new(2, DeadLetterReason.MissingField, "'id' is missing.")], 1), HttpStatusCode.MultiStatus },
        { new PushResult(0, [new(1, DeadLetterReason.Malformed, "Not JSON.")], 1), HttpStatusCode.UnprocessableEntity },
        { new PushResult(5, [], 0, PushStop.TooLarge, 6), HttpStatusCode.RequestEntityTooLarge },
        { new PushResult(5, [], 0, PushStop.Busy, 6, TimeSpan.FromSeconds(2.5)), HttpStatusCode.TooManyRequests },
    };

    [Theory]
    [MemberData(nameof(Results))]
    public async Task The_answer_says_what_was_taken_and_what_was_not(PushResult result, HttpStatusCode status)
    {
        await using var host = await WebHost.StartAsync(new ScriptedReceiver(result));

        using var answer = await PushAsync(host, "application/x-ndjson; charset=gb18030");

        Assert.Equal(status, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(result.Accepted, body.RootElement.GetProperty("accepted").GetInt64());
        Assert.Equal(result.Refused.Select(r => r.Line), body.RootElement.GetProperty("refused").EnumerateArray().Select(r => r.GetProperty("line").GetInt64()));
        Assert.Equal(result.RetryAfter is null ? null : TimeSpan.FromSeconds(3), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Source_and_charset_reach_the_receiver()
    {
        var receiver = new ScriptedReceiver(new PushResult(1, [], 0));
        await using var host = await WebHost.StartAsync(receiver);

        using var answer = await PushAsync(host, "application/x-ndjson; charset=gb18030", "?source=weibo");

        Assert.Equal(new PushRequest("weibo", "gb18030", Lines: true), receiver.Request);
        Assert.Equal("{}\n", receiver.Body);
    }

    [Theory]
    [InlineData("application/xml")]
    [InlineData("multipart/form-data")]
    public async Task Other_media_types_are_refused(string type)
    {
        await using var host = await WebHost.StartAsync(new ScriptedReceiver(new PushResult(1, [], 0)));

        using var answer = await PushAsync(host, type);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task A_process_without_ingestion_says_so()
    {
        await using var host = await WebHost.StartAsync();

        using var answer = await PushAsync(host, "application/x-ndjson");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("riskwatch run", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> PushAsync(WebHost host, string type, string query = "")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}\n"));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await host.Http.PostAsync("/api/records" + query, content, Cancel);
    }

    private sealed class ScriptedReceiver(PushResult result) : IPushReceiver
    {
        public PushRequest? Request { get; private set; }

        public string? Body { get; private set; }

        public async Task<PushResult> ReceiveAsync(Stream body, PushRequest request, CancellationToken cancel)
        {
            using var reader = new StreamReader(body);
            (Request, Body) = (request, await reader.ReadToEndAsync(cancel));
            return result;
        }
    }
}
