using Microsoft.AspNetCore.Components;
using RiskWatch.Contracts;
using RiskWatch.Web.Live;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Pages;

/// <summary>How each site and its sources do, refreshed every few seconds.</summary>
public sealed partial class StatusPage
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private IReadOnlyList<SiteStatus> _sites = [];

    [Inject]
    internal SiteStatusProvider Status { get; set; } = null!;

    [Inject]
    internal AlertFeed Feed { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        await LoadAsync();
        _ = EveryAsync(Interval, Time, LoadAsync);
    }

    private async Task LoadAsync() => _sites = await AskAsync(Status.AllAsync) ?? _sites;
}
