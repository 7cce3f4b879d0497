using Microsoft.AspNetCore.Components;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;

namespace RiskWatch.Web.Pages;

/// <summary>What could not be handled; an operator retries or drops it, each once.</summary>
public sealed partial class DeadLettersPage
{
    private const int Most = 500;

    private IReadOnlyList<DeadLetter>? _letters;
    private string _person = "";
    private string? _dropping;
    private string? _answer;

    [Inject]
    internal DeadLetterDesk Desk { get; set; } = null!;

    protected override Task OnInitializedAsync()
    {
        _person = View.Person;
        return LoadAsync();
    }

    private async Task LoadAsync() => _letters = await AskAsync(cancel => Desk.ListAsync(Most, cancel)) ?? _letters ?? [];

    private Task RetryAsync(DeadLetter letter) => ActAsync(cancel => Desk.RetryAsync(letter.Id, Actor.Of(_person), cancel), W.Retried);

    private Task DropAsync(DeadLetter letter) => ActAsync(cancel => Desk.DropAsync(letter.Id, Actor.Of(_person), cancel), W.Dropped);

    private async Task ActAsync(Func<CancellationToken, Task<Acted>> act, string done)
    {
        _dropping = null;
        var acted = await AskAsync(act);
        _answer = acted?.Outcome switch
        {
            ActedOutcome.Done => done,
            ActedOutcome.Invalid => acted.Errors is [var error, ..] ? W.RefusedAgain(error.Message) : null,
            null => null,
            _ => W.AlreadyResolved,
        };
        if (Error is null)
        {
            await LoadAsync();
        }
    }
}
