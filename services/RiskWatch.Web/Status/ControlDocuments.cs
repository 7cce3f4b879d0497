using RiskWatch.Contracts;
using RiskWatch.Core.Acting;

namespace RiskWatch.Web.Status;

/// <summary>Rules and silences as the console edits them: JSON text in, and what is not valid out.</summary>
internal sealed class ControlDocuments(ControlDesk desk, SiteStatusProvider sites)
{
    public IReadOnlyList<ActingError> ValidateRules(string json) => ControlJson.Read<Rule>(json, out var error) is { } rules ? desk.Validate(rules) : [error!];

    public IReadOnlyList<ActingError> ValidateSilences(string json) => ControlJson.Read<Silence>(json, out var error) is { } silences ? desk.Validate(silences) : [error!];

    public Task<Acted> ApplyRulesAsync(string json, string by, CancellationToken cancel) =>
        ControlJson.Read<Rule>(json, out var error) is { } rules ? desk.ApplyAsync(rules, sites.EarliestDecided(), by, cancel) : Task.FromResult(Acted.Invalid(error!));

    public Task<Acted> ApplySilencesAsync(string json, string by, CancellationToken cancel) =>
        ControlJson.Read<Silence>(json, out var error) is { } silences ? desk.ApplyAsync(silences, sites.EarliestDecided(), by, cancel) : Task.FromResult(Acted.Invalid(error!));
}
