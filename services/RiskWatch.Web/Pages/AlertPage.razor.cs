using Microsoft.AspNetCore.Components;
using RiskWatch.Contracts;
using RiskWatch.Web.Live;

namespace RiskWatch.Web.Pages;

/// <summary>One alert as an evidence file; follows the log, so that it shows what others do with it.</summary>
public sealed partial class AlertPage
{
    private Alert? _alert;
    private bool _loading = true;
    private FeedSubscription? _subscription;

    [Parameter]
    public required string Id { get; set; }

    [Inject]
    internal AlertReader Alerts { get; set; } = null!;

    [Inject]
    internal AlertFeed Feed { get; set; } = null!;

    protected override void OnInitialized()
    {
        var subscription = Feed.Subscribe();
        _subscription = subscription;
        _ = WhileOpenAsync(() => FollowAsync(subscription));
    }

    protected override async Task OnParametersSetAsync()
    {
        await LoadAsync();
        _loading = false;
    }

    protected override void Dispose(bool disposing)
    {
        _subscription?.Dispose();
        base.Dispose(disposing);
    }

    private async Task LoadAsync()
    {
        var alert = await AskAsync(cancel => Alerts.GetAsync(Id, cancel));
        _alert = Error is null ? alert : _alert;
    }

    private async Task FollowAsync(FeedSubscription subscription)
    {
        while (true)
        {
            var change = await subscription.NextAsync(Gone);
            if (change.Alerts.FirstOrDefault(a => a.Id == Id) is { } newer)
            {
                await InvokeAsync(() =>
                {
                    _alert = newer;
                    StateHasChanged();
                });
            }
        }
    }
}
