using RiskWatch.Contracts;
using RiskWatch.Core.Control;

namespace RiskWatch.Alerting.Warning;

/// <summary>Rules and silences of a site as they hold at one moment of its clock (LOG §6.2).</summary>
internal sealed class RuleBook
{
    private readonly List<(Rule Rule, int Version)> _rules;
    private readonly List<Silence> _silences;
    private readonly HashSet<string> _blocked;
    private readonly Kinship _kinship;

    public RuleBook(ControlView view, string site, DateTimeOffset time, Func<Site?, Kinship> kinship)
    {
        Site = view.Site(site, time);
        _kinship = kinship(Site);
        _rules = [.. view.All(ControlKind.Rule, time)
            .Where(e => e.Rule is { Enabled: true } rule && (rule.Selector.Site is null || rule.Selector.Site == site))
            .Select(e => (e.Rule!, e.Version))];
        _silences = [.. view.All(ControlKind.Silence, time).Select(e => e.Silence).OfType<Silence>()];
        _blocked = [.. view.All(ControlKind.BlockedTerm, time).Select(e => e.BlockedTerm).OfType<BlockedTerm>().Where(b => b.Site == site).Select(b => b.Term)];
    }

    public Site? Site { get; }

    public Kinship Kinship => _kinship;

    /// <summary>Budget of the site.</summary>
    public double FalseAlarmsPerDay => Site?.FalseAlarmsPerDay ?? 1;

    /// <summary>Whether operators keep the series from raising alerts.</summary>
    public bool IsBlocked(SeriesId series) => series.Term is { } term && _blocked.Contains(term);

    /// <summary>The most specific rule that matches, null where none does or the series is a blocked term.</summary>
    public (Rule? Rule, int Version) For(SeriesId series)
    {
        if (IsBlocked(series))
        {
            return (null, 0);
        }

        (Rule? Rule, int Version) found = (null, 0);
        var most = -1;
        foreach (var (rule, version) in _rules)
        {
            var specific = Specificity(rule.Selector);
            if (specific > most && Matches(rule.Selector, series))
            {
                (found, most) = ((rule, version), specific);
            }
        }

        return found;
    }

    /// <summary>Silence that keeps a series' alerts from notifying, null where none does.</summary>
    public string? SilenceOf(SeriesId series, DateTimeOffset time) =>
        _silences.Where(s => s.From <= time && time < s.Until && Matches(s.Selector, series)).Select(s => s.Id).Order(StringComparer.Ordinal).FirstOrDefault();

    public bool Matches(SeriesSelector selector, SeriesId series) =>
        (selector.Site is null || selector.Site == series.Site)
        && (selector.Terms is null || selector.Terms == series.Term is not null)
        && (selector.Topic is null || (series.Term is null && (selector.Topic == "*" ? series.Topic == "*" : _kinship.IsAbout(series.Topic, selector.Topic))))
        && (selector.Place is null || _kinship.IsWithin(series.Place, selector.Place));

    // What names more is more specific; a topic more than a place, a place more than a site.
    private static int Specificity(SeriesSelector selector) =>
        (selector.Topic is null ? 0 : 8) + (selector.Place is null ? 0 : 4) + (selector.Terms is null ? 0 : 2) + (selector.Site is null ? 0 : 1);
}
