using RiskWatch.AdapterTests.Support;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.AdapterTests;

/// <summary>What every store must do; each adapter inherits it. The parts are in the files beside this one.</summary>
public abstract partial class StoreCompliance : IAsyncLifetime
{
    private protected static readonly DateTimeOffset Noon = SomeStored.Noon;

    /// <summary>The store under test, empty and prepared.</summary>
    private protected IStore Store { get; private set; } = null!;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Store = await CreateAsync();
        await Store.PrepareAsync(Cancel);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An empty store whose places are those of <see cref="TestGazetteer"/>.</summary>
    private protected abstract Task<IStore> CreateAsync();

    /// <summary>Makes what was written visible to searches.</summary>
    private protected virtual Task RefreshAsync() => Task.CompletedTask;

    /// <summary>Removes what the test left.</summary>
    private protected virtual Task CleanUpAsync() => Task.CompletedTask;

    private protected async Task WriteAsync(params RecordWrite[] writes)
    {
        Assert.Empty(await Store.WriteRecordsAsync(writes, Cancel));
        await RefreshAsync();
    }

    private protected async Task WriteAsync(params Alert[] alerts)
    {
        Assert.Empty(await Store.WriteAlertsAsync(alerts, Cancel));
        await RefreshAsync();
    }

    private protected async Task WriteAsync(params HistoryHour[] hours)
    {
        Assert.Empty(await Store.WriteTrendsAsync(hours, Cancel));
        await RefreshAsync();
    }

    private protected async Task<string[]> FindAsync(RecordQuery query) => [.. (await Store.SearchRecordsAsync(query, Cancel)).Items.Select(i => i.Record.Id)];

    private protected Task<string[]> FindAsync(string text) => FindAsync(new RecordQuery { Text = text });

    private protected async Task<string[]> FindAlertsAsync(AlertQuery query) => [.. (await Store.SearchAlertsAsync(query, Cancel)).Items.Select(i => i.Id)];
}
