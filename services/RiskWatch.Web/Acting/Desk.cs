using System.Security.Cryptography;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;
using RiskWatch.Web.Live;

namespace RiskWatch.Web.Acting;

/// <summary>Where people act: each act is one entry of the log, ordered with what it is about.</summary>
internal sealed class Desk(IEventLog log, IStore store, AlertReader alerts, TimeProvider time)
{
    /// <summary>Somebody looks after an alert.</summary>
    public Task<Acted> AcknowledgeAsync(string alertId, string by, string? actionId, CancellationToken cancel) =>
        ActAsync(alertId, alert => new AlertAction(actionId ?? NewId(), alert.Site, alert.Id, AlertActionKind.Acknowledge, null, null, null, by, time.GetUtcNow()), cancel);

    /// <summary>An alert is closed with a verdict.</summary>
    public Task<Acted> CloseAsync(string alertId, Verdict verdict, DateTimeOffset? onset, string? note, string by, string? actionId, CancellationToken cancel) =>
        ActAsync(alertId, alert => new AlertAction(actionId ?? NewId(), alert.Site, alert.Id, AlertActionKind.Close, verdict, onset, note, by, time.GetUtcNow()), cancel);

    /// <summary>A record's labels are corrected.</summary>
    public async Task<Acted> CorrectAsync(string source, string id, bool? falseInformation, Sentiment? sentiment, string by, CancellationToken cancel)
    {
        if (await store.GetRecordAsync(source, id, cancel) is not { } stored)
        {
            return new Acted(ActedOutcome.NotFound, 0);
        }

        await log.AppendAsync([Entries.Of(new Correction(NewId(), source, id, stored.Record.RootId, falseInformation, sentiment, by, time.GetUtcNow()))], cancel);
        return new Acted(ActedOutcome.Done);
    }

    private async Task<Acted> ActAsync(string alertId, Func<Alert, AlertAction> action, CancellationToken cancel)
    {
        if (await alerts.GetAsync(alertId, cancel) is not { } alert)
        {
            return new Acted(ActedOutcome.NotFound, 0);
        }

        await log.AppendAsync([Entries.Of(action(alert))], cancel);
        return new Acted(alert.Status is AlertStatus.Withdrawn or AlertStatus.Closed ? ActedOutcome.TooLate : ActedOutcome.Done);
    }

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
