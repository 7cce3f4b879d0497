using RiskWatch.Contracts;
using RiskWatch.Core.Log;

namespace RiskWatch.Web.Acting;

/// <summary>Dead letters that nobody has dealt with, and what operators do with them.</summary>
internal sealed class DeadLetterDesk(IEventLog log, TimeProvider time)
{
    /// <summary>Open ones, newest first.</summary>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(CancellationToken cancel)
    {
        Dictionary<string, DeadLetter> letters = [];
        await using var tail = log.Tail(Topics.DeadLetter, fromBeginning: true);
        while (!tail.CaughtUp)
        {
            foreach (var entry in await tail.ReadAsync(TimeSpan.FromMilliseconds(100), cancel))
            {
                if (entry.Type == EntryTypes.DeadLetter)
                {
                    var letter = Entries.Read(entry, ContractsJson.Default.DeadLetter);
                    letters[letter.Id] = letter;
                }
                else if (entry.Type == EntryTypes.DeadLetterResolution)
                {
                    letters.Remove(Entries.Read(entry, ContractsJson.Default.DeadLetterResolution).Id);
                }
            }
        }

        return [.. letters.Values.OrderByDescending(l => l.At)];
    }

    public Task<Acted> RetryAsync(string id, string by, CancellationToken cancel) => ResolveAsync(id, true, by, cancel);

    public Task<Acted> DropAsync(string id, string by, CancellationToken cancel) => ResolveAsync(id, false, by, cancel);

    private async Task<Acted> ResolveAsync(string id, bool retried, string by, CancellationToken cancel)
    {
        await log.AppendAsync([Entries.Of(new DeadLetterResolution(id, retried, by, time.GetUtcNow()))], cancel);
        return new Acted(ActedOutcome.Done);
    }
}
