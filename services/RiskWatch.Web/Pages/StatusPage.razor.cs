using Microsoft.AspNetCore.Components;
using RiskWatch.Contracts;
using RiskWatch.Core.Stability;
using RiskWatch.Web.Live;
using RiskWatch.Web.Status;

namespace RiskWatch.Web.Pages;

/// <summary>How each site and its sources do, refreshed every few seconds.</summary>
public sealed partial class StatusPage
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private static readonly string[] Measures = ["falseProbability", "negative", "relevance", "length", "language"];

    private IReadOnlyList<SiteStatus> _sites = [];
    private IReadOnlyList<SourceStability> _stability = [];

    [Inject]
    internal StabilityReader Stability { get; set; } = null!;

    [Inject]
    internal SiteStatusProvider Status { get; set; } = null!;

    [Inject]
    internal AlertFeed Feed { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        await LoadAsync();
        _ = InvokeAsync(CompareAsync);
        _ = EveryAsync(Interval, Time, LoadAsync);
    }

    // Some dozen questions to the store for each source: once a visit, after the rest is on the page.
    private async Task CompareAsync()
    {
        foreach (var source in _sites.SelectMany(s => s.Sources).Select(s => s.Source).Distinct())
        {
            if (await AskAsync(cancel => Stability.ReadAsync(source, cancel)) is { Measures.Count: > 0 } found)
            {
                _stability = [.. _stability, found];
                StateHasChanged();
            }
        }
    }

    private async Task LoadAsync() => _sites = await AskAsync(Status.AllAsync) ?? _sites;
}
