using Microsoft.AspNetCore.Components;
using RiskWatch.Contracts;
using RiskWatch.Core.Acting;
using RiskWatch.Core.Store;

namespace RiskWatch.Web.Components;

/// <summary>Corrects the labels of one record.</summary>
public sealed partial class CorrectionForm
{
    private string _false = "";
    private string _sentiment = "";
    private string _person = "";
    private string? _answer;

    [Parameter]
    [EditorRequired]
    public required StoredRecord Stored { get; set; }

    [Parameter]
    public EventCallback Done { get; set; }

    [Inject]
    internal RecordDesk Desk { get; set; } = null!;

    protected override void OnInitialized() => _person = View.Person;

    private async Task SendAsync()
    {
        bool? isFalse = _false.Length == 0 ? null : _false == "true";
        Sentiment? sentiment = _sentiment.Length == 0 ? null : Enum.Parse<Sentiment>(_sentiment);
        var acted = await AskAsync(cancel => Desk.CorrectAsync(Stored.Record.Source, Stored.Record.Id, isFalse, sentiment, Actor.Of(_person), cancel: cancel));
        _answer = acted?.Outcome switch
        {
            ActedOutcome.Done => W.CorrectionSent,
            ActedOutcome.NotFound => W.RecordMissing(Stored.Record.Id),
            _ => null,
        };
    }
}
