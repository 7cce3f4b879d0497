using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Server.Hosting;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.Scenarios;

/// <summary>What another program wrote to <c>records</c> and no stage can handle, through the roles: dead-lettered with its reason, and the rest goes on.</summary>
public sealed class PoisonTests
{
    private const int Limit = 1_000_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("embedded")]
    [InlineData("kafka")]
    public async Task Poison_and_an_entry_that_grows_too_large_are_dead_lettered_and_the_records_around_them_are_found(string log)
    {
        (string, string)[] settings = log == "kafka"
            ?
            [
                ("RiskWatch:Log", "kafka"), ("RiskWatch:Kafka:BootstrapServers", Requirement.Server("RISKWATCH_TEST_KAFKA", "kafka")),
                ("RiskWatch:Kafka:TopicPrefix", $"poison.{Guid.NewGuid().ToString("N")[..8]}."),
            ]
            : [];
        await using var product = await RunningProduct.StartAsync([Roles.Ingestion, Roles.Classification, Roles.Alerting, Roles.Indexing, Roles.Web], Cancel, settings);
        await PushAsync(product, "before");
        await product.Services.GetRequiredService<IEventLog>().AppendAsync(
            [Entry("nonsense", "nonsense"u8.ToArray()), Entry("fitting", Large("fitting", Limit - 100_000)), Entry("growing", Large("growing", Limit - 10)), Entry("half", "{\"id\":\"half\""u8.ToArray())], Cancel);
        await PushAsync(product, "after");

        await UntilAsync(async () => await StoredAsync(product, "after") && await StoredAsync(product, "fitting") && (await LettersAsync(product)).Count == 3);

        Assert.True(await StoredAsync(product, "before"));
        var letters = await LettersAsync(product);
        Assert.Equal(["malformed", "malformed", "oversized"], letters.Select(l => (string)l!["reason"]!).Order());
        Assert.Equal(Limit - 10, (long)letters.Single(l => (string)l!["reason"]! == "oversized")!["length"]!);
        Assert.All(letters, l => Assert.Equal((Topics.Records, "classification"), ((string)l!["origin"]!["topic"]!, (string)l["stage"]!)));
        Assert.Equal("ready", await product.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancel));
    }

    private static LogOutput Entry(string id, byte[] value) => new(Topics.Records, "boston-311/" + id, EntryTypes.Record, value);

    private static byte[] Large(string id, int length)
    {
        var empty = Json(id, "").Length;
        return Json(id, new string('x', length - empty));
    }

    private static byte[] Json(string id, string text) =>
        JsonSerializer.SerializeToUtf8Bytes(new { id, source = "boston-311", kind = "hotline", published = "2026-03-01T08:00:30Z", received = "2026-03-01T08:00:31Z", site = "boston", text });

    private static async Task PushAsync(RunningProduct product, string id)
    {
        using var body = new StringContent(JsonSerializer.Serialize(new { id, source = "boston-311", kind = "hotline", published = "2026-03-01T08:00:00Z", text = "A tree is down" }), null, "application/x-ndjson");
        using var answer = await product.Http.PostAsync("/api/records", body, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<bool> StoredAsync(RunningProduct product, string id)
    {
        using var answer = await product.Http.GetAsync(new Uri($"/api/records/boston-311/{id}", UriKind.Relative), Cancel);
        return answer.IsSuccessStatusCode;
    }

    private static async Task<JsonArray> LettersAsync(RunningProduct product) => (await product.Http.GetFromJsonAsync<JsonArray>("/api/deadletters", Cancel))!;

    private static Task UntilAsync(Func<Task<bool>> holds) => Eventually.HoldsAsync(holds, TimeSpan.FromMinutes(1), Cancel);
}
