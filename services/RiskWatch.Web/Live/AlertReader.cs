using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.Web.Live;

/// <summary>Reads one alert: the newer of what the log said and what the store holds, since the store follows the log.</summary>
internal sealed class AlertReader(IStore store, AlertFeed feed)
{
    /// <summary>The alert, null where there is none.</summary>
    /// <exception cref="TransientStoreException">The store cannot answer and the log said nothing of it lately.</exception>
    public async Task<Alert?> GetAsync(string id, CancellationToken cancel)
    {
        var live = feed.Find(id);
        try
        {
            var stored = await store.GetAlertAsync(id, cancel);
            return live is not null && live.Version > (stored?.Version ?? long.MinValue) ? live : stored;
        }
        catch (TransientStoreException) when (live is not null)
        {
            return live;
        }
    }
}
