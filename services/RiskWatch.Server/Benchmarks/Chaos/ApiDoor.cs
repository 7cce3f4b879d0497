using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskWatch.Contracts;

namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>The API of a web role that may be away at any moment.</summary>
internal sealed class ApiDoor(Uri address) : IPeopleDoor, IDisposable
{
    private const string By = "people";

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };

    public Task<IReadOnlyList<Rule>?> RulesAsync(CancellationToken cancel) => ReadAsync<IReadOnlyList<Rule>>(
        "api/rules", json => [.. json.AsArray().Select(entry => entry!["rule"].Deserialize(ContractsJson.Default.Rule)!)], cancel);

    public Task<DoorAnswer> ApplyAsync(IReadOnlyList<Rule> rules, string effectiveFrom, CancellationToken cancel) => ActAsync(
        HttpMethod.Put, "api/rules", new JsonObject
        {
            ["rules"] = new JsonArray([.. rules.Select(rule => JsonSerializer.SerializeToNode(rule, ContractsJson.Default.Rule))]),
            ["effectiveFrom"] = effectiveFrom,
            ["by"] = By,
        },
        null,
        cancel);

    public Task<IReadOnlyList<string>?> LettersAsync(DeadLetterReason reason, CancellationToken cancel)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(reason.ToString());
        return ReadAsync<IReadOnlyList<string>>("api/deadletters", json => [.. json.AsArray().Where(l => (string?)l!["reason"] == name).Select(l => (string)l!["id"]!)], cancel);
    }

    public Task<DoorAnswer> RetryAsync(string letter, CancellationToken cancel) => ActAsync(HttpMethod.Post, $"api/deadletters/{letter}/retry", new JsonObject { ["by"] = By }, null, cancel);

    public async Task<IReadOnlyList<Alert>?> AlertsAsync(CancellationToken cancel)
    {
        var alerts = new List<Alert>();
        for (var cursor = ""; ;)
        {
            var page = await ReadAsync("api/alerts?limit=500&status=open,ended,closed" + (cursor.Length > 0 ? "&cursor=" + Uri.EscapeDataString(cursor) : ""), json => json, cancel);
            if (page is null)
            {
                return null;
            }

            alerts.AddRange(page["items"]!.AsArray().Select(item => item.Deserialize(ContractsJson.Default.Alert)!));
            if ((string?)page["cursor"] is not { } next)
            {
                return [.. alerts.OrderBy(a => a.RaisedAt).ThenBy(a => a.Id, StringComparer.Ordinal)];
            }

            cursor = next;
        }
    }

    public Task<DoorAnswer> AcknowledgeAsync(string alert, string actionId, CancellationToken cancel) => ActAsync(HttpMethod.Post, $"api/alerts/{alert}/acknowledge", new JsonObject { ["by"] = By }, actionId, cancel);

    public Task<DoorAnswer> CloseAsync(string alert, string actionId, CancellationToken cancel) => ActAsync(HttpMethod.Post, $"api/alerts/{alert}/close", new JsonObject { ["by"] = By, ["verdict"] = "true" }, actionId, cancel);

    public void Dispose() => _http.Dispose();

    private async Task<T?> ReadAsync<T>(string path, Func<JsonNode, T> read, CancellationToken cancel)
        where T : class
    {
        var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancel);
        return answer is { Status: HttpStatusCode.OK, Body: { } body } ? read(body) : answer is null || (int)answer.Status >= 500 ? null : throw Refused(path, answer);
    }

    private async Task<DoorAnswer> ActAsync(HttpMethod method, string path, JsonObject body, string? key, CancellationToken cancel)
    {
        var text = body.ToJsonString();
        var answer = await SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(method, path) { Content = new StringContent(text, System.Text.Encoding.UTF8, "application/json") };
                if (key is not null)
                {
                    request.Headers.Add("Idempotency-Key", key);
                }

                return request;
            },
            cancel);
        return answer switch
        {
            null => DoorAnswer.Unknown,
            { Status: HttpStatusCode.OK } => DoorAnswer.Done,
            { Status: HttpStatusCode.Conflict } => DoorAnswer.Already,
            { Status: >= HttpStatusCode.InternalServerError } => DoorAnswer.Unknown,
            _ => throw Refused(path, answer),
        };
    }

    private static InvalidOperationException Refused(string path, Answer answer) => new(string.Create(CultureInfo.InvariantCulture, $"{path} answered {(int)answer.Status}: {answer.Body?.ToJsonString()}"));

    private async Task<Answer?> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        try
        {
            using var request = make();
            using var response = await _http.SendAsync(request, cancel);
            var body = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true ? await response.Content.ReadFromJsonAsync<JsonNode>(cancel) : null;
            return new Answer(response.StatusCode, body);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private sealed record Answer(HttpStatusCode Status, JsonNode? Body);
}
