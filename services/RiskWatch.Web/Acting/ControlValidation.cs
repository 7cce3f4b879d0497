using RiskWatch.Contracts;

namespace RiskWatch.Web.Acting;

/// <summary>What rules and silences must be like.</summary>
internal static class ControlValidation
{
    public static IReadOnlyList<KeyValuePair<string, string>> Rules(IReadOnlyList<Rule> rules) => [.. Distinct(rules.Select(r => r.Id)), .. rules.SelectMany(Of)];

    public static IReadOnlyList<KeyValuePair<string, string>> Silences(IReadOnlyList<Silence> silences) =>
    [
        .. Distinct(silences.Select(s => s.Id)),
        .. silences.Where(s => s.Until <= s.From).Select(s => Error(s.Id + ".until", "must be later than 'from'")),
        .. silences.Where(s => string.IsNullOrWhiteSpace(s.Reason)).Select(s => Error(s.Id + ".reason", "must say why")),
    ];

    private static IEnumerable<KeyValuePair<string, string>> Of(Rule rule)
    {
        if (rule.Levels.Count == 0)
        {
            yield return Error(rule.Id + ".levels", "must hold at least one level");
        }

        foreach (var level in rule.Levels.Where(l => l.PValue is <= 0 or > 0.1))
        {
            yield return Error($"{rule.Id}.levels[{level.Level}].pValue", "must be above 0 and at most 0.1");
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Distinct(IEnumerable<string> ids) =>
        ids.GroupBy(id => id).Where(g => g.Count() > 1 || string.IsNullOrWhiteSpace(g.Key)).Select(g => Error(g.Key + ".id", "must be unique and not empty"));

    private static KeyValuePair<string, string> Error(string where, string what) => new(where, what);
}
