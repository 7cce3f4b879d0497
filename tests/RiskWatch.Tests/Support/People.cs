using System.Text.Json;
using RiskWatch.Contracts;
using Xunit;

namespace RiskWatch.Tests.Support;

/// <summary>
/// What people do by the command line while a replay runs, is killed and starts again: a rule is changed with a given <c>effectiveFrom</c>, a dead letter is
/// retried, the first alert is acknowledged and closed once it has ended; each is said twice, and must count once.
/// </summary>
internal sealed class People(string[] options)
{
    /// <summary>From when the changed rule holds: near the end of the rows of <see cref="CrashInput"/>.</summary>
    public const string NewRuleFrom = "2011-09-04T00:00:00-04:00";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>Does it all; each as soon as there is something to act on.</summary>
    public async Task ActAsync(CancellationToken cancel)
    {
        var rules = await UntilAsync(text => text.Trim() is not ("" or "[]"), cancel, "rules", "get");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, rules.Replace("\"quietHours\": 2", "\"quietHours\": 3", StringComparison.Ordinal), cancel);
        await SayAsync(0, cancel, "rules", "apply", file, "--effective-from", NewRuleFrom, "--by", "test");
        File.Delete(file);

        var letters = await UntilAsync(text => text.Contains("fromTheFuture", StringComparison.Ordinal), cancel, "deadletter", "list");
        var letter = Lines(letters).Select(line => JsonSerializer.Deserialize(line, ContractsJson.Default.DeadLetter)!).Single(l => l.Reason == DeadLetterReason.FromTheFuture);
        await SayAsync(0, cancel, "deadletter", "retry", letter.Id, "--by", "test");
        await SayAsync(1, cancel, "deadletter", "retry", letter.Id, "--by", "test");

        var first = Lines(await UntilAsync(text => First(text)?.Status == AlertStatus.Ended, cancel, "alerts", "list"))[0];
        var id = JsonSerializer.Deserialize(first, ContractsJson.Default.Alert)!.Id;
        await SayAsync(0, cancel, "alerts", "acknowledge", id, "--by", "test", "--action-id", "a1");
        await SayAsync(0, cancel, "alerts", "acknowledge", id, "--by", "test", "--action-id", "a1");
        await SayAsync(0, cancel, "alerts", "close", id, "--verdict", "true", "--by", "test", "--action-id", "a2");
    }

    private static Alert? First(string text) => Lines(text).FirstOrDefault() is { } line ? JsonSerializer.Deserialize(line, ContractsJson.Default.Alert) : null;

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task SayAsync(int expected, CancellationToken cancel, params string[] verb)
    {
        var (code, _, said) = await Product.RunAsync(cancel, [.. verb, .. options]);
        Assert.True(code == expected, $"{string.Join(' ', verb)}: {code}. {said}");
    }

    // Before the first start there is nothing to read yet.
    private async Task<string> UntilAsync(Func<string, bool> there, CancellationToken cancel, params string[] verb)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (code, output, said) = await Product.RunAsync(cancel, [.. verb, .. options]);
            if (code == 0 && there(output))
            {
                return output;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{string.Join(' ', verb)} has shown nothing to act on in {Patience.TotalMinutes} minutes. {said}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancel);
        }
    }
}
