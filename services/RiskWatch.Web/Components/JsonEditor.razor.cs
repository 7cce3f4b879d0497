using Microsoft.AspNetCore.Components;
using RiskWatch.Core.Acting;

namespace RiskWatch.Web.Components;

/// <summary>Edits a JSON document that is validated before it is applied.</summary>
public sealed partial class JsonEditor
{
    private bool _open;
    private string _text = "";
    private string _person = "";
    private string? _answer;
    private IReadOnlyList<ActingError> _errors = [];

    [Parameter]
    [EditorRequired]
    public required string Name { get; set; }

    [Parameter]
    [EditorRequired]
    public required string Json { get; set; }

    /// <summary>What is not valid, each message under its place in the document; empty where all is.</summary>
    [Parameter]
    [EditorRequired]
    public required Func<string, IReadOnlyList<ActingError>> Validate { get; set; }

    /// <summary>Applies document and name.</summary>
    [Parameter]
    [EditorRequired]
    public required Func<string, string, CancellationToken, Task<Acted>> Apply { get; set; }

    [Parameter]
    public EventCallback Applied { get; set; }

    private void Open() => (_open, _text, _person, _answer, _errors) = (true, Json, View.Person, null, []);

    private void Check()
    {
        _errors = Validate(_text);
        _answer = _errors.Count == 0 ? W.Valid : null;
    }

    private async Task ApplyAsync()
    {
        var acted = await AskAsync(cancel => Apply(_text, Actor.Of(_person), cancel));
        _errors = acted?.Errors ?? [];
        if (acted?.Outcome == ActedOutcome.Done)
        {
            _open = false;
            _answer = acted.Changes == 0 ? W.NothingChanged : W.Applied(acted.Changes);
            await Applied.InvokeAsync();
        }
        else
        {
            _answer = null;
        }
    }
}
