using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;
using RiskWatch.Web.Live;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Pages;

/// <summary>The live feed: open and recent alerts, and how each site does.</summary>
public sealed partial class FeedPage
{
    private static readonly AlertLevel[] Levels = [AlertLevel.III, AlertLevel.II, AlertLevel.I];
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(5);

    private FeedModel _model = null!;
    private IReadOnlyList<SiteStatus> _statuses = [];
    private FeedSubscription? _subscription;
    private string _announcement = "";
    private bool _loading = true;

    [Inject]
    internal IStore Store { get; set; } = null!;

    [Inject]
    internal AlertFeed Feed { get; set; } = null!;

    [Inject]
    internal SiteStatusProvider Status { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    [Inject]
    internal IOptions<WebOptions> Options { get; set; } = null!;

    private string Title => _statuses.Sum(s => s.OpenAlerts ?? 0) is > 0 and var open ? $"({open}) {W.Feed} · RiskWatch" : $"{W.Feed} · RiskWatch";

    protected override async Task OnInitializedAsync()
    {
        _model = new FeedModel(Store);
        _subscription = Feed.Subscribe();
        await ReloadAsync();
        _loading = false;
        _ = WhileOpenAsync(FollowAsync);
        _ = EveryAsync(StatusInterval, Time, ReadStatusAsync);
    }

    protected override void Dispose(bool disposing)
    {
        _subscription?.Dispose();
        base.Dispose(disposing);
    }

    private Task<bool> SiteChangedAsync(ChangeEventArgs change) => LoadAsync(_model.Filter with { Site = Chosen(change) });

    private Task<bool> LevelChangedAsync(ChangeEventArgs change) => LoadAsync(_model.Filter with { MinimumLevel = Chosen(change) is { } level ? Enum.Parse<AlertLevel>(level) : null });

    private Task<bool> StatusChangedAsync(ChangeEventArgs change) => LoadAsync(_model.Filter with { Ongoing = Chosen(change) is not null });

    private Task<bool> MoreAsync() => AskAsync(async cancel => { await _model.MoreAsync(cancel); return true; });

    private Task<bool> ReloadAsync() => LoadAsync(_model.Filter);

    private Task<bool> LoadAsync(FeedFilter filter) => AskAsync(async cancel =>
    {
        _statuses = await Status.AllAsync(cancel);
        await _model.LoadAsync(filter, cancel);
        return true;
    });

    private async Task FollowAsync()
    {
        while (_subscription is { } subscription)
        {
            var change = await subscription.NextAsync(Gone);
            await InvokeAsync(() => ShowAsync(change));
            // A replay decides many ticks a second; nobody reads faster than this.
            await Task.Delay(Options.Value.RefreshInterval, Time, Gone);
        }
    }

    private async Task ShowAsync(FeedChange change)
    {
        if (_model.Apply(change.Alerts) is { } newest)
        {
            _announcement = W.NewAlert(W.Of(newest.Headline));
        }

        if (change.Reload)
        {
            await ReloadAsync();
        }
        else
        {
            await ReadStatusAsync();
        }

        StateHasChanged();
    }

    private async Task ReadStatusAsync() => _statuses = await AskAsync(Status.AllAsync) ?? _statuses;

    private static string? Chosen(ChangeEventArgs change) => change.Value as string is { Length: > 0 } value ? value : null;
}
