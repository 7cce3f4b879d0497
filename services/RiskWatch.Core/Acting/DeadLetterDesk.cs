using RiskWatch.Contracts;
using RiskWatch.Core.Log;

namespace RiskWatch.Core.Acting;

/// <summary>
/// Where operators deal with dead letters: a letter is retried or dropped once. What a retry gives and the letter's resolution are appended together.
/// Throws <see cref="TransientLogException"/> where nothing was recorded.
/// </summary>
/// <param name="log">Log.</param>
/// <param name="retry">What handles a letter again; null where this process does not run ingestion.</param>
/// <param name="time">Wall clock.</param>
public sealed class DeadLetterDesk(IEventLog log, IDeadLetterRetry? retry, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ReadWait = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Letters that nobody has dealt with, newest first, without their bytes.</summary>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancel">Stops reading.</param>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancel)
    {
        Dictionary<string, DeadLetter> open = new(StringComparer.Ordinal);
        await ReadAsync(letter => open[letter.Id] = letter with { Bytes = [] }, resolution => open.Remove(resolution.Id), cancel).ConfigureAwait(false);
        return [.. open.Values.OrderByDescending(l => l.At).ThenBy(l => l.Id, StringComparer.Ordinal).Take(limit)];
    }

    /// <summary>Handles a letter again, as received now (LOG §3.7). Refused again, it stays, and the errors say why.</summary>
    public Task<Acted> RetryAsync(string id, string by, CancellationToken cancel) => ResolveAsync(id, retried: true, by, cancel);

    /// <summary>Lets a letter go.</summary>
    public Task<Acted> DropAsync(string id, string by, CancellationToken cancel) => ResolveAsync(id, retried: false, by, cancel);

    public void Dispose() => _turn.Dispose();

    private async Task<Acted> ResolveAsync(string id, bool retried, string by, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var (letter, resolved) = await FindAsync(id, cancel).ConfigureAwait(false);
            if (letter is null)
            {
                return resolved ? new Acted(ActedOutcome.TooLate, 0) : Acted.NotFound;
            }

            var now = time.GetUtcNow();
            var again = retried ? Retry(letter, now) : new DeadLetterRetryResult([]);
            if (again.Reason is { } reason)
            {
                return Acted.Invalid(new ActingError("id", again.Detail ?? $"Refused again: {reason}."));
            }

            var audit = new AuditEntry(Actor.NewId(), now, by, retried ? "deadletter.retry" : "deadletter.drop", id);
            await log.AppendAsync([.. again.Outputs, Entries.Of(new DeadLetterResolution(id, retried, by, now)), Entries.Of(audit)], cancel).ConfigureAwait(false);
            return new Acted(ActedOutcome.Done);
        }
        finally
        {
            _turn.Release();
        }
    }

    private DeadLetterRetryResult Retry(DeadLetter letter, DateTimeOffset now) => retry?.Retry(letter, now)
        ?? new DeadLetterRetryResult([], DeadLetterReason.Failed, "This process does not run the role 'ingestion'; retry it where that runs.");

    // The letter while it is open; where it is not, whether it was resolved.
    private async Task<(DeadLetter? Letter, bool Resolved)> FindAsync(string id, CancellationToken cancel)
    {
        DeadLetter? found = null;
        var resolved = false;
        await ReadAsync(
            letter => (found, resolved) = letter.Id == id ? (letter, false) : (found, resolved),
            resolution => (found, resolved) = resolution.Id == id ? (null, true) : (found, resolved),
            cancel).ConfigureAwait(false);
        return (found, resolved);
    }

    private async Task ReadAsync(Action<DeadLetter> letter, Action<DeadLetterResolution> resolution, CancellationToken cancel)
    {
        await using var tail = log.Tail(Topics.DeadLetter, fromBeginning: true);
        do
        {
            foreach (var entry in await tail.ReadAsync(ReadWait, cancel).ConfigureAwait(false))
            {
                if (entry.Type == EntryTypes.DeadLetter)
                {
                    letter(Entries.Read(entry, ContractsJson.Default.DeadLetter));
                }
                else if (entry.Type == EntryTypes.DeadLetterResolution)
                {
                    resolution(Entries.Read(entry, ContractsJson.Default.DeadLetterResolution));
                }
            }
        }
        while (!tail.CaughtUp);
    }
}
