using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;

namespace RiskWatch.Web.Acting;

/// <summary>Rules and silences: what holds, and its change as a whole.</summary>
internal sealed class ControlDesk(IEventLog log, IControlTable control, TimeProvider time)
{
    /// <summary>The newest version of each rule.</summary>
    public IReadOnlyList<ControlEntry> Rules() => [.. control.Latest.All(ControlKind.Rule, DateTimeOffset.MaxValue).Where(e => e.Rule is not null)];

    /// <summary>The newest version of each silence.</summary>
    public IReadOnlyList<ControlEntry> Silences() => [.. control.Latest.All(ControlKind.Silence, DateTimeOffset.MaxValue).Where(e => e.Silence is not null)];

    /// <summary>What is not valid in a JSON array of rules.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ValidateRules(string json) =>
        ControlJson.Read<Rule>(json, out var error) is { } rules ? ControlValidation.Rules(rules) : [error];

    /// <summary>What is not valid in a JSON array of silences.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ValidateSilences(string json) =>
        ControlJson.Read<Silence>(json, out var error) is { } silences ? ControlValidation.Silences(silences) : [error];

    /// <summary>Applies a JSON array of rules; those that are missing in it are removed.</summary>
    public Task<Acted> ApplyRulesAsync(string json, string by, CancellationToken cancel) =>
        ControlJson.Read<Rule>(json, out var error) is { } rules ? ApplyRulesAsync(rules, null, by, cancel) : Task.FromResult(new Acted(ActedOutcome.Invalid, 0, [error]));

    /// <summary>Applies rules; those that are missing are removed.</summary>
    public Task<Acted> ApplyRulesAsync(IReadOnlyList<Rule> rules, DateTimeOffset? effectiveFrom, string by, CancellationToken cancel) => ApplyAsync(
        ControlKind.Rule, ControlValidation.Rules(rules), Rules(), rules.Select(r => (r.Id, new ControlEntry { Kind = ControlKind.Rule, EntityId = r.Id, Version = 0, Author = by, EffectiveFrom = effectiveFrom ?? time.GetUtcNow(), Rule = r })),
        entry => ControlJson.Of([entry.Rule]), effectiveFrom, by, cancel);

    /// <summary>Applies a JSON array of silences; those that are missing in it are removed.</summary>
    public Task<Acted> ApplySilencesAsync(string json, string by, CancellationToken cancel) =>
        ControlJson.Read<Silence>(json, out var error) is { } silences ? ApplySilencesAsync(silences, by, cancel) : Task.FromResult(new Acted(ActedOutcome.Invalid, 0, [error]));

    /// <summary>Applies silences; those that are missing are removed.</summary>
    public Task<Acted> ApplySilencesAsync(IReadOnlyList<Silence> silences, string by, CancellationToken cancel) => ApplyAsync(
        ControlKind.Silence, ControlValidation.Silences(silences), Silences(), silences.Select(s => (s.Id, new ControlEntry { Kind = ControlKind.Silence, EntityId = s.Id, Version = 0, Author = by, EffectiveFrom = s.From, Silence = s })),
        entry => ControlJson.Of([entry.Silence]), null, by, cancel);

    private async Task<Acted> ApplyAsync(
        ControlKind kind, IReadOnlyList<KeyValuePair<string, string>> errors, IReadOnlyList<ControlEntry> held, IEnumerable<(string Id, ControlEntry Entry)> wanted, Func<ControlEntry, string> form, DateTimeOffset? effectiveFrom, string by, CancellationToken cancel)
    {
        if (errors.Count > 0)
        {
            return new Acted(ActedOutcome.Invalid, 0, errors);
        }

        var byId = wanted.ToDictionary(w => w.Id, w => w.Entry);
        var changed = byId.Values.Where(entry => held.FirstOrDefault(h => h.EntityId == entry.EntityId) is not { } old || form(old) != form(entry));
        var removed = held.Where(h => !byId.ContainsKey(h.EntityId)).Select(h => new ControlEntry { Kind = kind, EntityId = h.EntityId, Version = 0, Author = by, EffectiveFrom = effectiveFrom ?? time.GetUtcNow(), Removed = true });
        LogOutput[] outputs = [.. changed.Concat(removed).Select(entry => Entries.Of(entry with { Version = control.Latest.LastVersion(kind, entry.EntityId) + 1 }))];
        if (outputs.Length > 0)
        {
            await log.AppendAsync(outputs, cancel);
        }

        return new Acted(ActedOutcome.Done, outputs.Length);
    }
}
