using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;
using RiskWatch.Web.Localization;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Components;

/// <summary>What the pages share: words, formats, and one way of saying that the store or the log cannot answer.</summary>
public abstract class ConsolePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    protected ConsolePage() => Gone = _gone.Token;

    [CascadingParameter]
    public required ConsoleContext View { get; set; }

    [Inject]
    internal ILoggerFactory Loggers { get; set; } = null!;

    [Inject]
    internal SiteDirectory Sites { get; set; } = null!;

    /// <summary>Words in the person's language.</summary>
    protected Words W => View.Words;

    /// <summary>Numbers and times.</summary>
    protected Formats F => View.Formats;

    /// <summary>What went wrong with the last query, in words; null where nothing did.</summary>
    protected string? Error { get; private set; }

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Gone { get; }

    /// <summary>Asks the store or acts on the log; a failure becomes <see cref="Error"/> and the default value.</summary>
    protected async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> ask)
    {
        try
        {
            var answer = await ask(Gone);
            Error = null;
            return answer;
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            return default;
        }
        catch (TransientStoreException e)
        {
            Loggers.CreateLogger(GetType()).QueryFailed(GetType().Name, e);
            Error = W.StoreDown;
        }
        catch (TransientLogException e)
        {
            Loggers.CreateLogger(GetType()).QueryFailed(GetType().Name, e);
            Error = W.LogDown;
        }

        return default;
    }

    /// <summary>Work that goes on while the page is open. It ends quietly with the page; an error of ours is shown as one.</summary>
    protected async Task WhileOpenAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // Nobody awaits this work: the renderer is told, as of an error in an event handler.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await DispatchExceptionAsync(e);
        }
    }

    /// <summary>Does something again and again while the page is open, and shows it.</summary>
    protected Task EveryAsync(TimeSpan interval, TimeProvider time, Func<Task> work) => WhileOpenAsync(async () =>
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(Gone))
        {
            await InvokeAsync(async () =>
            {
                await work();
                StateHasChanged();
            });
        }
    });

    /// <summary>A time of a site, in its zone.</summary>
    protected string TimeAt(string site, DateTimeOffset time) => F.Time(time, Sites.Zone(site));

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gone.Cancel();
            _gone.Dispose();
        }
    }
}
