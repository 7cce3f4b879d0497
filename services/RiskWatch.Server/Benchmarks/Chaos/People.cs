using RiskWatch.Contracts;

namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>
/// What people do while processes are killed and start again: rules are changed with a given <c>effectiveFrom</c>, dead letters are retried, the first alerts
/// are acknowledged and closed once they have ended. Each act is insisted on until it is answered, and then said once more; it must count once.
/// </summary>
internal sealed class People(IPeopleDoor door, int letters, int alerts)
{
    /// <summary>From when changed rules hold, and the quiet hours they give: near the end of the rows of <see cref="ChaosInput"/>.</summary>
    public static IReadOnlyList<(string From, int QuietHours)> RuleChanges { get; } = [("2011-09-04T00:00:00-04:00", 3)];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Does it all; each as soon as there is something to act on.</summary>
    /// <exception cref="InvalidOperationException">There was nothing to act on, or an act was refused.</exception>
    public async Task ActAsync(CancellationToken cancel)
    {
        await ChangeRulesAsync(cancel);
        await RetryLettersAsync(cancel);
        await CloseAlertsAsync(cancel);
    }

    private async Task ChangeRulesAsync(CancellationToken cancel)
    {
        foreach (var (from, quietHours) in RuleChanges)
        {
            var rules = await UntilAsync(door.RulesAsync, rules => rules.Count > 0, "rules", cancel);
            IReadOnlyList<Rule> changed = [.. rules.Select(rule => rule with { QuietHours = quietHours })];
            await TwiceAsync(() => door.ApplyAsync(changed, from, cancel), $"rules from {from}", DoorAnswer.Done, cancel);
        }
    }

    private async Task RetryLettersAsync(CancellationToken cancel)
    {
        for (var done = new HashSet<string>(StringComparer.Ordinal); done.Count < letters;)
        {
            var open = await UntilAsync(c => door.LettersAsync(DeadLetterReason.FromTheFuture, c), ids => ids.Any(id => !done.Contains(id)), "dead letters from the future", cancel);
            foreach (var id in open.Where(done.Add))
            {
                await TwiceAsync(() => door.RetryAsync(id, cancel), $"retry of letter {id}", DoorAnswer.Already, cancel);
            }
        }
    }

    private async Task CloseAlertsAsync(CancellationToken cancel)
    {
        for (var i = 0; i < alerts; i++)
        {
            // The oldest stand first, whatever comes later; those before this one are closed.
            var id = (await UntilAsync(door.AlertsAsync, list => list.Count > i && list[i].Status == AlertStatus.Ended, $"alert {i + 1} that has ended", cancel))[i].Id;
            await TwiceAsync(() => door.AcknowledgeAsync(id, $"a{i}", cancel), $"acknowledgement of {id}", DoorAnswer.Done, cancel);
            await TwiceAsync(() => door.CloseAsync(id, $"c{i}", cancel), $"closing of {id}", DoorAnswer.Done, cancel);
        }
    }

    private static async Task TwiceAsync(Func<Task<DoorAnswer>> act, string what, DoorAnswer again, CancellationToken cancel)
    {
        var unsure = false;
        await UntilAsync(
            async _ =>
            {
                var answer = await act();
                unsure |= answer == DoorAnswer.Unknown;
                return answer is DoorAnswer.Unknown ? null : answer == DoorAnswer.Done || unsure ? "" : throw new InvalidOperationException($"The first {what} was answered as a repeat.");
            },
            _ => true,
            what,
            cancel);
        await UntilAsync(
            async _ => await act() switch
            {
                DoorAnswer.Unknown => null,
                var answer when answer == again => "",
                var answer => throw new InvalidOperationException($"The second {what} was answered {answer}, not {again}."),
            },
            _ => true,
            what,
            cancel);
    }

    // Before the first start there is nothing to read yet.
    private static async Task<T> UntilAsync<T>(Func<CancellationToken, Task<T?>> look, Func<T, bool> there, string what, CancellationToken cancel)
        where T : class
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await look(cancel) is { } found && there(found))
            {
                return found;
            }

            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException($"There have been no {what} to act on in {Patience.TotalMinutes} minutes.");
            }

            await Task.Delay(Pause, TimeProvider.System, cancel);
        }
    }
}
