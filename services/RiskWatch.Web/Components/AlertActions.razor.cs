using Microsoft.AspNetCore.Components;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Web.Live;

namespace RiskWatch.Web.Components;

/// <summary>Acknowledging and closing an alert. The alert changes when its next tick is decided, not at the click.</summary>
public sealed partial class AlertActions
{
    private string _person = "";
    private Verdict _verdict = Verdict.True;
    private DateTime? _onset;
    private string? _note;
    private string? _answer;
    private bool _busy;

    [Parameter]
    [EditorRequired]
    public required Alert Alert { get; set; }

    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    internal AlertDesk Desk { get; set; } = null!;

    protected override void OnInitialized() => _person = View.Person;

    private Task AcknowledgeAsync() => ActAsync(cancel => Desk.AcknowledgeAsync(Alert.Id, Person, known: Alert, cancel: cancel));

    private Task CloseAsync() => ActAsync(cancel => Desk.CloseAsync(Alert.Id, Closing, Person, known: Alert, cancel: cancel));

    private Closing Closing => new(_verdict, LocalTimes.Time(_onset, Sites.Zone(Alert.Site)), string.IsNullOrWhiteSpace(_note) ? null : _note.Trim());

    private string Person => Actor.Of(_person);

    private async Task ActAsync(Func<CancellationToken, Task<Acted>> act)
    {
        _busy = true;
        var acted = await AskAsync(act);
        _busy = false;
        _answer = acted?.Outcome switch
        {
            ActedOutcome.Done => W.ActionSent,
            ActedOutcome.TooLate => W.ActionTooLate,
            ActedOutcome.NotFound => W.AlertMissing(Alert.Id),
            _ => null,
        };
        await Changed.InvokeAsync();
    }
}
