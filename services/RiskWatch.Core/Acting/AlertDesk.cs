using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;

namespace RiskWatch.Core.Acting;

/// <summary>
/// Where people act on alerts. An act is an entry among the signals of its site, so that it is ordered with them; it takes effect with the next tick.
/// Throws <see cref="TransientLogException"/> or <see cref="TransientStoreException"/> where nothing was recorded.
/// </summary>
public sealed class AlertDesk(IEventLog log, IStore store, TimeProvider time)
{
    /// <summary>Longest note.</summary>
    public const int LongestNote = 2_000;

    /// <summary>Somebody looks after an alert.</summary>
    /// <param name="alertId">Alert.</param>
    /// <param name="by">Who; see <see cref="Actor"/>.</param>
    /// <param name="actionId">The same act again has the same id and no further effect (LOG §7.3); null makes a new one.</param>
    /// <param name="known">The alert as the caller knows it, where the store may be behind.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task<Acted> AcknowledgeAsync(string alertId, string by, string? actionId = null, Alert? known = null, CancellationToken cancel = default) => ActAsync(
        alertId, known, alert => new AlertAction(actionId ?? Actor.NewId(), alert.Site, alert.Id, AlertActionKind.Acknowledge, null, null, null, by, time.GetUtcNow()), cancel);

    /// <summary>An alert is closed with a verdict.</summary>
    /// <param name="alertId">Alert.</param>
    /// <param name="closing">What staff say.</param>
    /// <param name="by">Who; see <see cref="Actor"/>.</param>
    /// <param name="actionId">The same act again has the same id and no further effect; null makes a new one.</param>
    /// <param name="known">The alert as the caller knows it, where the store may be behind.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task<Acted> CloseAsync(string alertId, Closing closing, string by, string? actionId = null, Alert? known = null, CancellationToken cancel = default) =>
        closing.Note?.Length > LongestNote
            ? Task.FromResult(Acted.Invalid(new ActingError("note", $"must have at most {LongestNote} characters")))
            : ActAsync(
                alertId, known, alert => new AlertAction(actionId ?? Actor.NewId(), alert.Site, alert.Id, AlertActionKind.Close, closing.Verdict, closing.Onset, closing.Note, by, time.GetUtcNow()), cancel);

    private async Task<Acted> ActAsync(string alertId, Alert? known, Func<Alert, AlertAction> act, CancellationToken cancel)
    {
        if ((known ?? await store.GetAlertAsync(alertId, cancel).ConfigureAwait(false)) is not { } alert)
        {
            return Acted.NotFound;
        }

        // What was confirmed under another id takes its actions with it (LOG §7.2).
        var action = act(alert.ConfirmedAs is { } confirmed ? alert with { Id = confirmed } : alert);
        var verb = action.Kind == AlertActionKind.Close ? "alert.close" : "alert.acknowledge";
        await log.AppendAsync([Entries.Of(action), Entries.Of(new AuditEntry(action.Id, action.At, action.By, verb, action.AlertId))], cancel).ConfigureAwait(false);
        return new Acted(alert.Status == AlertStatus.Withdrawn ? ActedOutcome.TooLate : ActedOutcome.Done);
    }
}

/// <summary>What staff say when they close an alert.</summary>
/// <param name="Verdict">True, false alarm, duplicate, unverifiable.</param>
/// <param name="Onset">When it really began, where they know.</param>
/// <param name="Note">Free words; at most 2,000 characters.</param>
public sealed record Closing(Verdict Verdict, DateTimeOffset? Onset = null, string? Note = null);
