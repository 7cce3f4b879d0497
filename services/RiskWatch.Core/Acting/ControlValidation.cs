using System.Text.RegularExpressions;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Places;

namespace RiskWatch.Core.Acting;

/// <summary>What rules, silences, sites and sources must be like. Pure: what is known of sites and places is given.</summary>
/// <param name="siteExists">Whether a site is known.</param>
/// <param name="gazetteer">Places.</param>
/// <param name="taxonomy">Topics.</param>
public sealed partial class ControlValidation(Func<string, bool> siteExists, IGazetteer gazetteer, ITaxonomy taxonomy)
{
    private const int LongestText = 500;
    private const int LongestTerm = 100;
    private static readonly TimeSpan LongestIncident = TimeSpan.FromDays(90);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(7);

    /// <summary>What is not valid in rules; empty where all is.</summary>
    public IReadOnlyList<ActingError> Rules(IReadOnlyList<Rule> rules) =>
        [.. Ids([.. rules.Select(r => r.Id)]), .. rules.SelectMany((rule, i) => Rule(rule, $"[{i}]"))];

    /// <summary>What is not valid in silences; empty where all is.</summary>
    public IReadOnlyList<ActingError> Silences(IReadOnlyList<Silence> silences) =>
        [.. Ids([.. silences.Select(s => s.Id)]), .. silences.SelectMany((silence, i) => Silence(silence, $"[{i}]"))];

    /// <summary>What is not valid in sources; empty where all is.</summary>
    public IReadOnlyList<ActingError> Sources(IReadOnlyList<SourceDefinition> sources) =>
        [.. Ids([.. sources.Select(s => s.Name)], "name"), .. sources.SelectMany((source, i) => Source(source, $"[{i}]"))];

    /// <summary>What is not valid in sites, given the sources that belong to them; empty where all is.</summary>
    public IReadOnlyList<ActingError> Sites(IReadOnlyList<Site> sites, IReadOnlyList<SourceDefinition> sources) =>
    [
        .. Ids([.. sites.Select(s => s.Id)]),
        .. sites.SelectMany((site, i) => Site(site, $"[{i}]")),
        .. sources.Where(s => sites.All(site => site.Id != s.Site)).Select(s => new ActingError("document", $"source '{s.Name}' belongs to site '{s.Site}', which is missing")),
    ];

    /// <summary>What is not valid in the name of a list of claims; empty where all is.</summary>
    public static IReadOnlyList<ActingError> ListName(string list) => [.. Ids([list], "list")];

    /// <summary>What is not valid in a missed warning of <paramref name="site"/>, null: there is no such site; empty where all is.</summary>
    public IReadOnlyList<ActingError> Miss(MissedWarning miss, Site? site, DateTimeOffset now) => site is null
        ? [new ActingError("site", $"there is no site '{miss.Site}'")]
        :
        [
            .. When(miss.Topic != SeriesTopics.Everything && !taxonomy.Topics(site).Contains(miss.Topic), "topic", $"site '{site.Id}' has no topic '{miss.Topic}'"),
            .. When(!gazetteer.WithAncestors(miss.Place).Contains(site.GazetteerRoot), "place", $"site '{site.Id}' has no place '{miss.Place}'"),
            .. When(miss.Onset > now, "onset", "must not lie ahead"),
            .. When(miss.End < miss.Onset || miss.End - miss.Onset > LongestIncident, "end", "must be later than 'onset', by 90 days at most"),
            .. When(miss.Note.Length > LongestText, "note", $"must have at most {LongestText} characters"),
        ];

    /// <summary>What is not valid in a term to be blocked; empty where all is.</summary>
    public IReadOnlyList<ActingError> Blocked(BlockedTerm blocked) =>
    [
        .. When(!siteExists(blocked.Site), "site", $"there is no site '{blocked.Site}'"),
        .. When(string.IsNullOrWhiteSpace(blocked.Term) || blocked.Term.Length > LongestTerm, "term", $"must have 1 to {LongestTerm} characters"),
        .. When(blocked.Reason.Length > LongestText, "reason", $"must have at most {LongestText} characters"),
    ];

    private IEnumerable<ActingError> Rule(Rule rule, string path) =>
    [
        .. When(string.IsNullOrWhiteSpace(rule.Names.Zh) || string.IsNullOrWhiteSpace(rule.Names.En), path + ".names", "must be given in zh and en"),
        .. Selector(rule.Selector, path + ".selector"),
        .. When(rule.Levels.Count == 0, path + ".levels", "must hold at least one level"),
        .. rule.Levels.SelectMany((level, i) => Level(level, $"{path}.levels[{i}]")),
        .. Steps(rule.Levels, path + ".levels"),
        .. When(rule.MinimumAuthors is not (>= 0 and <= 1_000_000), path + ".minimumAuthors", "must be from 0 to 1,000,000"),
        .. When(rule.MinimumBaselineDays is not (>= 0 and <= 400), path + ".minimumBaselineDays", "must be from 0 to 400"),
        .. When(rule.QuietHours is < 1 or > 168, path + ".quietHours", "must be from 1 to 168"),
        .. When(rule.RefractoryHours is < 0 or > 720, path + ".refractoryHours", "must be from 0 to 720"),
    ];

    private IEnumerable<ActingError> Silence(Silence silence, string path) =>
    [
        .. Selector(silence.Selector, path + ".selector"),
        .. When(silence.Until <= silence.From, path + ".until", "must be later than 'from'"),
        .. When(string.IsNullOrWhiteSpace(silence.Reason) || silence.Reason.Length > LongestText, path + ".reason", $"must say why, in at most {LongestText} characters"),
    ];

    private IEnumerable<ActingError> Site(Site site, string path) =>
    [
        .. When(string.IsNullOrWhiteSpace(site.Names.Zh) || string.IsNullOrWhiteSpace(site.Names.En), path + ".names", "must be given in zh and en"),
        .. When(!TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out _), path + ".timeZone", $"'{site.TimeZone}' is not a time zone: use an IANA name, for example Asia/Shanghai"),
        .. When(site.Calendar is not null && !CalendarFiles.Exists(site.Calendar), path + ".calendar", $"there is no calendar '{site.Calendar}' beside the program; leave it out, or use cn or us"),
        .. When(!gazetteer.Contains(site.GazetteerRoot), path + ".gazetteerRoot", $"there is no place '{site.GazetteerRoot}'"),
        .. When(site.FalsePrior is not (> 0 and <= 0.9), path + ".falsePrior", "must be above 0 and at most 0.9"),
        .. When(site.FalseAlarmsPerDay is not (> 0 and <= 10_000), path + ".falseAlarmsPerDay", "must be above 0 and at most 10,000"),
        .. When(site.Lateness < TimeSpan.FromMinutes(1) || site.Lateness > LongestDelay, path + ".lateness", "must be from 00:01:00 to 7.00:00:00"),
    ];

    private IEnumerable<ActingError> Source(SourceDefinition source, string path) =>
    [
        .. When(!siteExists(source.Site), path + ".site", $"there is no site '{source.Site}'"),
        .. When(source.Kind is not (SourceKinds.File or SourceKinds.Push), path + ".kind", $"must be '{SourceKinds.Push}' (its clock is the wall clock less 'delay') or '{SourceKinds.File}' (its clock is its newest row)"),
        .. When(source.Delay < TimeSpan.Zero || source.Delay > LongestDelay, path + ".delay", "must be from 00:00:00 to 7.00:00:00"),
    ];

    private IEnumerable<ActingError> Selector(SeriesSelector selector, string path) =>
    [
        .. When(selector.Site is { } site && !siteExists(site), path + ".site", $"there is no site '{selector.Site}'"),
        .. When(selector.Place is { } place && !gazetteer.Contains(place), path + ".place", $"there is no place '{selector.Place}'"),
        .. When(selector is { Topic: not null, Terms: true }, path + ".terms", "a term has no topic: leave 'topic' or 'terms' out"),
    ];

    private static IEnumerable<ActingError> Level(LevelThreshold level, string path) =>
    [
        .. When(level.Level == AlertLevel.None, path + ".level", "must be IV, III, II or I"),
        .. When(level.PValue is not (> 0 and <= 0.1), path + ".pValue", "must be above 0 and at most 0.1"),
        .. When(level.MinimumCount is not (>= 0 and <= 1e9), path + ".minimumCount", "must be from 0 to 1,000,000,000"),
        .. When(level.MinimumRatio is not (>= 0 and <= 1e6), path + ".minimumRatio", "must be from 0 to 1,000,000"),
    ];

    // A higher level that is easier to reach would make the lower one unreachable.
    private static IEnumerable<ActingError> Steps(IReadOnlyList<LevelThreshold> levels, string path)
    {
        foreach (var twice in levels.GroupBy(l => l.Level).Where(g => g.Count() > 1))
        {
            yield return new ActingError(path, $"level {twice.Key} occurs {twice.Count()} times");
        }

        foreach (var (lower, higher) in levels.OrderBy(l => l.Level).Zip(levels.OrderBy(l => l.Level).Skip(1)))
        {
            if (higher.PValue > lower.PValue || higher.MinimumCount < lower.MinimumCount || higher.MinimumRatio < lower.MinimumRatio)
            {
                yield return new ActingError(path, $"level {higher.Level} must ask for at least as much as level {lower.Level}");
            }
        }
    }

    private static IEnumerable<ActingError> Ids(IReadOnlyList<string> ids, string key = "id")
    {
        for (var i = 0; i < ids.Count; i++)
        {
            if (!Id().IsMatch(ids[i]))
            {
                yield return new ActingError($"[{i}].{key}", "must be 1 to 64 lower-case letters, digits, dots, hyphens or underscores");
            }
            else if (ids.Take(i).Contains(ids[i]))
            {
                yield return new ActingError($"[{i}].{key}", $"'{ids[i]}' occurs twice");
            }
        }
    }

    private static IEnumerable<ActingError> When(bool wrong, string path, string message) => wrong ? [new ActingError(path, message)] : [];

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}$")]
    private static partial Regex Id();
}
