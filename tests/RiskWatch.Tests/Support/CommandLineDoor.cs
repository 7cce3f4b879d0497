using System.Text.Json;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Server.Benchmarks.Chaos;

namespace RiskWatch.Tests.Support;

/// <summary>People at the command line, each act a process of its own.</summary>
internal sealed class CommandLineDoor(string[] options) : IPeopleDoor
{
    public async Task<IReadOnlyList<Rule>?> RulesAsync(CancellationToken cancel) => await ReadAsync(cancel, "rules", "get") is { } text ? ControlJson.Read<Rule>(text, out _) : null;

    public async Task<DoorAnswer> ApplyAsync(IReadOnlyList<Rule> rules, string effectiveFrom, CancellationToken cancel)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, ControlJson.Of(rules), cancel);
        var answer = await ActAsync(cancel, "rules", "apply", file, "--effective-from", effectiveFrom);
        File.Delete(file);
        return answer;
    }

    public async Task<IReadOnlyList<string>?> LettersAsync(DeadLetterReason reason, CancellationToken cancel) => await ReadAsync(cancel, "deadletter", "list") is { } text
        ? [.. Lines(text).Select(line => JsonSerializer.Deserialize(line, ContractsJson.Default.DeadLetter)!).Where(l => l.Reason == reason).Select(l => l.Id)]
        : null;

    public Task<DoorAnswer> RetryAsync(string letter, CancellationToken cancel) => ActAsync(cancel, "deadletter", "retry", letter);

    public async Task<IReadOnlyList<Alert>?> AlertsAsync(CancellationToken cancel) => await ReadAsync(cancel, "alerts", "list") is { } text
        ? [.. Lines(text).Select(line => JsonSerializer.Deserialize(line, ContractsJson.Default.Alert)!)]
        : null;

    public Task<DoorAnswer> AcknowledgeAsync(string alert, string actionId, CancellationToken cancel) => ActAsync(cancel, "alerts", "acknowledge", alert, "--action-id", actionId);

    public Task<DoorAnswer> CloseAsync(string alert, string actionId, CancellationToken cancel) => ActAsync(cancel, "alerts", "close", alert, "--verdict", "true", "--action-id", actionId);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<string?> ReadAsync(CancellationToken cancel, params string[] verb) => await Product.RunAsync(cancel, [.. verb, .. options]) is { Code: 0, Output: var output } ? output : null;

    private async Task<DoorAnswer> ActAsync(CancellationToken cancel, params string[] verb)
    {
        var (code, _, said) = await Product.RunAsync(cancel, [.. verb, "--by", "people", .. options]);
        return code == 0 ? DoorAnswer.Done : said.Contains("it was dealt with already", StringComparison.Ordinal) ? DoorAnswer.Already : DoorAnswer.Unknown;
    }
}
