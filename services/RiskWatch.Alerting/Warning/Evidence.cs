using System.Globalization;
using System.IO.Hashing;
using System.Text;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;

namespace RiskWatch.Alerting.Warning;

/// <summary>Turns a finding into the evidence file that an alert is (DESIGN §4), in plain words of both languages.</summary>
internal sealed class Evidence(ITaxonomy taxonomy, IGazetteer gazetteer)
{
    private const int MostChartHours = 96;
    private const int MostCovers = 50;
    private const double FewBaselineDays = 28;
    private const double MuchDoubt = 0.2;
    private const int MostNamed = 2;
    private const string TermPrefix = "term:";

    /// <summary>hash(site, rule id without version, series, first confirmed tick), 16 hexadecimal digits (LOG §7.1).</summary>
    public static string Id(string site, string rule, SeriesId series, long tick) =>
        XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(string.Join('\n', site, rule, series.ToString(), tick.ToString(CultureInfo.InvariantCulture)))).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>End of a tick's minute.</summary>
    public static DateTimeOffset EndOf(long tick) => DateTimeOffset.FromUnixTimeSeconds((tick + 1) * 60);

    /// <summary>The alert that a finding raises.</summary>
    public Alert Raise(Signal signal, Rule rule, int ruleVersion, AlertLevel level, WindowFinding window, double standDown, Site? site, long tick, bool provisional) => Show(
        new Alert
        {
            Id = Id(signal.Series.Site, rule.Id, signal.Series, tick),
            RaisedAt = EndOf(tick),
            Level = level,
            PeakLevel = level,
            History = [new AlertStep(EndOf(tick), level, "raised")],
            Headline = new BilingualText("", ""),
            Site = signal.Series.Site,
            Topic = signal.Series.Topic is { } topic ? new AlertTopic(topic, taxonomy.Names(site, topic)) : null,
            Place = signal.Series.Place == site?.GazetteerRoot ? null : new AlertPlace(signal.Series.Place, gazetteer.Names(signal.Series.Place)),
            Term = signal.Series.Term,
            Window = window.Hours,
            Observed = 0,
            Expected = 0,
            Interval = new ExpectedInterval(0, 0),
            PValue = 1,
            RatioLower = 0,
            Urgency = Urgency.Unknown,
            Severity = Severity.Unknown,
            Certainty = Certainty.Unknown,
            Kinds = new AlertKinds(0, 0),
            Exemplars = [],
            StandDownCount = 0,
            Versions = new AlertVersions(rule.Id, ruleVersion, signal.DetectorVersion, null),
            Status = provisional ? AlertStatus.Provisional : AlertStatus.Open,
            UpdatedAt = EndOf(tick),
        },
        signal,
        window,
        standDown,
        site);

    /// <summary>The same alert with what a newer finding shows.</summary>
    public Alert Show(Alert alert, Signal signal, WindowFinding window, double standDown, Site? site)
    {
        var (lower, upper) = Detection.NegativeBinomial.Interval(window.Expected, window.Dispersion * Math.Max(window.Expected, 1e-9));
        var mean = Math.Max(1, window.Expected);
        var shown = alert with
        {
            Window = window.Hours,
            Observed = window.Observed,
            Expected = window.Expected,
            Interval = window.Hours == signal.Window.Hours ? new ExpectedInterval(signal.Lower, signal.Upper) : new ExpectedInterval(Math.Round(lower, 4), Math.Round(upper, 4)),
            PValue = window.PValue,
            RatioLower = Math.Round(Detection.NegativeBinomial.LowerBound(window.Observed, window.Dispersion) / mean, 2),
            Kinds = new AlertKinds(signal.Counts.Posts, signal.Counts.Hotline, signal.Lead),
            Exemplars = signal.Exemplars,
            StandDownCount = standDown,
            Windows = signal.Windows,
            Sources = signal.Sources,
            Shares = signal.Shares,
            Factors = signal.Factors,
            Authors = signal.Authors,
            NegativeShare = Share(signal.Counts.Negative, signal.Counts.Total),
            LikelyFalseShare = Share(signal.Counts.LikelyFalse, signal.Counts.Posts),
            BaselineDays = signal.BaselineDays,
            Completeness = signal.Completeness,
            CounterEvidence = Against(signal),
        };
        return Chart(Rate(shown with { Headline = Headline(shown, site) }, signal), signal);
    }

    /// <summary>Adds the hours that the alert's chart lacks or that have changed.</summary>
    public static Alert Chart(Alert alert, Signal signal)
    {
        var points = new SortedDictionary<DateTimeOffset, EvidencePoint>();
        foreach (var point in alert.Chart.Concat(signal.Chart))
        {
            points[point.Hour] = point;
        }

        // The beginning stays: a long episode's chart ends where its budget of hours does.
        return alert with { Chart = [.. points.Values.Take(MostChartHours)] };
    }

    /// <summary>Urgency and severity by level, certainty by what agrees.</summary>
    public static Alert Rate(Alert alert, Signal signal)
    {
        var agree = (signal.Counts.Posts > 0 && signal.Counts.Hotline > 0) || signal.Sources.Count(s => s.Value > 0) > 1;
        return alert with
        {
            Urgency = alert.Level switch { AlertLevel.I or AlertLevel.II => Urgency.Immediate, AlertLevel.III => Urgency.Expected, _ => Urgency.Future },
            Severity = alert.Level switch { AlertLevel.I => Severity.Extreme, AlertLevel.II => Severity.Severe, AlertLevel.III => Severity.Moderate, _ => Severity.Minor },
            Certainty = agree ? Certainty.Observed
                : signal.Concentrated || signal.BaselineDays < FewBaselineDays || MuchDoubted(signal) ? Certainty.Possible
                : Certainty.Likely,
        };
    }

    /// <summary>One more series that the alert covers; its headline may name it.</summary>
    public Alert Cover(Alert alert, SeriesId series, Site? site)
    {
        var name = series.ToString();
        if (alert.Covers.Contains(name) || alert.Covers.Count >= MostCovers)
        {
            return alert;
        }

        var covering = alert with { Covers = [.. alert.Covers.Append(name).Order(StringComparer.Ordinal)] };
        return covering with { Headline = Headline(covering, site) };
    }

    private static bool MuchDoubted(Signal signal) => signal.Series.Topic != SeriesTopics.LikelyFalse && Share(signal.Counts.LikelyFalse, signal.Counts.Posts) > MuchDoubt;

    private static double Share(int part, int whole) => whole <= 0 ? 0 : Math.Round(Math.Clamp(part / (double)whole, 0, 1), 3);

    private BilingualText Headline(Alert alert, Site? site)
    {
        var place = alert.Place?.Names ?? site?.Names ?? new BilingualText(alert.Site, alert.Site);
        var what = alert.Term is { } term ? Quoted(term)
            : alert.Topic is null or { Id: "*" } ? Everything(alert, site)
            : alert.Topic.Names;
        var observed = alert.Observed.ToString("0", CultureInfo.InvariantCulture);
        var expected = alert.Expected < 0.95 ? new BilingualText("不到1", "fewer than 1")
            : new BilingualText("约" + Number(alert.Expected), "about " + Number(alert.Expected));
        var (zh, en) = alert.Window switch
        {
            1 => ("1小时内", "within an hour"),
            168 => ("7天内", "within 7 days"),
            var hours => ($"{hours}小时内", $"within {hours} hours"),
        };
        return new BilingualText(
            $"{place.Zh}：{what.Zh}，{zh}{observed}条，通常{expected.Zh}条",
            $"{what.En} in {place.En}: {observed} {en}, usually {expected.En}");
    }

    // "All topics" tells nobody what is going on: what is out of the ordinary at the same place gives its name, a term before a topic, the specific before the general.
    private BilingualText Everything(Alert alert, Site? site)
    {
        var (start, end) = (alert.Site.Length + 1, "@" + (alert.Place?.Code ?? site?.GazetteerRoot));
        var kinship = new Kinship(taxonomy, gazetteer, site);
        var covered = alert.Covers.Where(c => c.EndsWith(end, StringComparison.Ordinal)).Select(c => c[start..^end.Length]).Where(c => c != "*").ToList();
        var names = covered
            .Where(c => !covered.Exists(other => other != c && kinship.IsAbout(other, c)))
            .OrderByDescending(IsTerm)
            .Take(MostNamed)
            .Select(c => IsTerm(c) ? Quoted(c[TermPrefix.Length..]) : taxonomy.Names(site, c))
            .ToList();
        return names.Count == 0
            ? new BilingualText("全部话题", "All topics")
            : new BilingualText(string.Join('、', names.Select(n => n.Zh)) + "等话题", string.Join(", ", names.Select((n, i) => i == 0 ? n.En : Lower(n.En))) + " and more");
    }

    private static bool IsTerm(string covered) => covered.StartsWith(TermPrefix, StringComparison.Ordinal);

    private static BilingualText Quoted(string term) => new($"“{term}”", $"“{term}”");

    private static string Lower(string name) => name is [_, >= 'a' and <= 'z', ..] ? char.ToLowerInvariant(name[0]) + name[1..] : name;

    private static string Number(double value) => value.ToString(value < 10 && Math.Abs(value - Math.Round(value)) > 0.04 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static List<BilingualText> Against(Signal signal)
    {
        var counts = signal.Counts;
        List<BilingualText> against = [];
        if (signal.Concentrated)
        {
            against.Add(new BilingualText("数量来自少数账号。", "The volume comes from few accounts."));
        }

        if (counts.Posts > 0 && counts.Hotline == 0)
        {
            against.Add(new BilingualText("只有帖子，没有热线来电佐证。", "One-sided: posts only, no hotline record says the same."));
        }
        else if (counts.Hotline > 0 && counts.Posts == 0)
        {
            against.Add(new BilingualText("只有热线记录，没有帖子佐证。", "One-sided: hotline records only, no post says the same."));
        }

        if (signal.BaselineDays < FewBaselineDays)
        {
            var days = signal.BaselineDays.ToString("0", CultureInfo.InvariantCulture);
            against.Add(new BilingualText($"基线只有{days}天。", $"Baseline of {days} days."));
        }

        if (MuchDoubted(signal))
        {
            var percent = (Share(counts.LikelyFalse, counts.Posts) * 100).ToString("0", CultureInfo.InvariantCulture);
            against.Add(new BilingualText($"{percent}%的帖子可能不实。", $"{percent} % of the posts are likely false."));
        }

        if (signal.Authors is null)
        {
            against.Add(new BilingualText("来源不提供作者，无法检查是否集中于少数人。", "The sources know no authors, so it cannot be checked whether few people stand behind it."));
        }

        if (signal.Completeness < 0.95)
        {
            against.Add(new BilingualText("数据尚未到齐。", "Not all data is in yet."));
        }

        return against;
    }
}
