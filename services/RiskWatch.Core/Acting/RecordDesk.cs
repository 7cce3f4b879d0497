using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;

namespace RiskWatch.Core.Acting;

/// <summary>Where people correct what classification says of a record: in effect an edit (LOG §5.2), beside its record in the log.</summary>
public sealed class RecordDesk(IEventLog log, IStore store, TimeProvider time)
{
    /// <summary>Corrects a record's labels.</summary>
    /// <param name="source">Source of the record.</param>
    /// <param name="id">Its id.</param>
    /// <param name="falseInformation">True: it is false; false: it is credible; null: unchanged.</param>
    /// <param name="sentiment">New mood; null: unchanged.</param>
    /// <param name="by">Who; see <see cref="Actor"/>.</param>
    /// <param name="correctionId">The same correction again has the same id and no further effect; null makes a new one.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<Acted> CorrectAsync(string source, string id, bool? falseInformation, Sentiment? sentiment, string by, string? correctionId = null, CancellationToken cancel = default)
    {
        if (falseInformation is null && sentiment is null)
        {
            return Acted.Invalid(new ActingError("falseInformation", "give 'falseInformation', 'sentiment' or both"));
        }

        if (await store.GetRecordAsync(source, id, cancel).ConfigureAwait(false) is not { } stored)
        {
            return Acted.NotFound;
        }

        var correction = new Correction(correctionId ?? Actor.NewId(), source, id, stored.Record.RootId, falseInformation, sentiment, by, time.GetUtcNow());
        await log.AppendAsync([Entries.Of(correction), Entries.Of(new AuditEntry(correction.Id, correction.At, by, "record.correct", source + "/" + id))], cancel).ConfigureAwait(false);
        return new Acted(ActedOutcome.Done);
    }
}
