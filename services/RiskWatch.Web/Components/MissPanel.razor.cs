using Microsoft.AspNetCore.Components;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Web.Live;

namespace RiskWatch.Web.Components;

/// <summary>Reports a missed warning of the series that is looked at, and lists those of its site.</summary>
public sealed partial class MissPanel
{
    private IReadOnlyList<ControlEntry> _misses = [];
    private DateTime? _onset;
    private DateTime? _end;
    private string? _note;
    private string _person = "";
    private string? _answer;
    private string? _refused;

    [Parameter]
    [EditorRequired]
    public required string Site { get; set; }

    [Parameter]
    [EditorRequired]
    public required string Topic { get; set; }

    [Parameter]
    [EditorRequired]
    public required string Place { get; set; }

    [Inject]
    internal ControlDesk Desk { get; set; } = null!;

    protected override void OnInitialized() => _person = View.Person;

    protected override void OnParametersSet() => Load();

    private void Load() => _misses = [.. Desk.Misses().Where(e => e.Miss!.Site == Site)];

    private Task ReportAsync()
    {
        var zone = Sites.Zone(Site);
        return LocalTimes.Time(_onset, zone) is not { } onset
            ? Task.CompletedTask
            : ActAsync(cancel => Desk.ReportAsync(new MissedWarning(Site, Topic, Place, onset, LocalTimes.Time(_end, zone) ?? onset + ControlDesk.UsualIncident, _note?.Trim() ?? ""), Actor.Of(_person), cancel));
    }

    private Task WithdrawAsync(string id) => ActAsync(cancel => Desk.WithdrawAsync(id, Actor.Of(_person), cancel));

    private async Task ActAsync(Func<CancellationToken, Task<Acted>> act)
    {
        var acted = await AskAsync(act);
        _answer = acted?.Outcome == ActedOutcome.Done ? W.MissRecorded : null;
        _refused = acted?.Errors is { Count: > 0 } errors ? string.Join("; ", errors.Select(e => $"{e.Path}: {e.Message}")) : null;
        Load();
    }
}
