using System.Globalization;
using RiskWatch.Contracts;
using RiskWatch.Core.Sketches;

namespace RiskWatch.Alerting.Detection;

/// <summary>Puts what a look at a series showed into the contracts' form.</summary>
internal static class SignalBuilder
{
    /// <summary>Version of the detector, named in every finding.</summary>
    public const string DetectorVersion = "profile-nb-2";

    private const int ChartHours = 25;
    private const int MostExemplars = 8;
    private const int MostShares = 8;
    private const int LeastOfKind = 5;
    private const int LeadHours = 24;

    public static Signal Build(string site, Series series, SeriesTest test, long tick, SiteFacts facts, long startHour, AlertingOptions options, bool quiet, bool chart)
    {
        var hour = tick / 60;
        var deciding = test.Deciding(options.SignalPValue);
        var from = hour - deciding.Hours + 1;
        var (lower, upper) = NegativeBinomial.Interval(deciding.Mean, Math.Max(deciding.Dispersion, 1e-9) * Math.Max(deciding.Mean, 1e-9));
        var concentrated = deciding.Authors is not null && deciding.PValue < options.SignalPValue && deciding.JointPValue >= options.SignalPValue;
        return new Signal
        {
            Series = new SeriesId(site, series.Topic, series.Place, series.Term),
            Tick = tick,
            Window = Finding(deciding, concentrated),
            Windows = [.. test.Windows.Select(w => Finding(w, concentrated))],
            Lower = Round(lower),
            Upper = Round(upper),
            RatioLower = Round(NegativeBinomial.LowerBound(deciding.Volume, deciding.Dispersion) / Math.Max(1, deciding.Mean)),
            Counts = Counts(series, from, hour),
            Lead = Lead(series, Math.Min(from, hour - LeadHours + 1), hour),
            Authors = deciding.Authors,
            Concentrated = concentrated,
            Sources = Sources(series, from, hour),
            Shares = Shares(series, from, hour, deciding.Volume),
            Exemplars = Exemplars(series, from, hour),
            Factors = Factors(series, hour, facts.Local),
            BaselineDays = Math.Round(Math.Max(0, (hour - startHour) / 24.0), 1),
            StandDownCount = StandDown(deciding, options),
            Chart = chart ? Chart(series, hour, facts.Local) : [],
            Quiet = quiet,
            DetectorVersion = DetectorVersion,
        };
    }

    /// <summary>A finding ahead of its tick, with what the open minute adds to the counts; its records are the examples before those of the hours.</summary>
    public static Signal Provisional(Signal signal, OpenSum open) => signal with
    {
        Provisional = true,
        Counts = TallyMerge.Sum(signal.Counts, open.Counts),
        Sources = TallyMerge.SumSources(signal.Sources, open.Sources),
        Exemplars = [.. open.Exemplars.Concat(signal.Exemplars).Distinct().Take(MostExemplars)],
    };

    public static HistoryHour History(string site, Series series, HourCell cell, long tick)
    {
        var (lower, upper) = NegativeBinomial.Interval(cell.Expected, cell.Variance);
        return new HistoryHour(
            site,
            series.Topic,
            series.Place,
            series.Term,
            Time(cell.Hour),
            Round(cell.Volume),
            Round(cell.Expected),
            Round(lower),
            Round(upper),
            cell.Counts(),
            Round(cell.DistinctAuthors),
            tick + 1);
    }

    private static DateTimeOffset Time(long hour) => DateTimeOffset.FromUnixTimeSeconds(hour * 3600);

    private static double Round(double value) => Math.Round(value, 4);

    private static WindowFinding Finding(WindowTest test, bool concentrated) =>
        new(test.Hours, Round(test.Volume), Round(test.Mean), Significant(concentrated ? test.PValue : test.JointPValue), Round(test.Dispersion), Round(test.Youngest), Round(test.YoungestMean));

    // Six digits: how floating sums came about is not to be seen in what is decided.
    private static double Significant(double p) => double.Parse(p.ToString("E5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static TallyCounts Counts(Series series, long from, long to)
    {
        var sum = new TallyCounts();
        foreach (var cell in series.Hours.Within(from, to))
        {
            sum = new TallyCounts
            {
                Posts = sum.Posts + cell.Posts,
                Hotline = sum.Hotline + cell.Hotline,
                Negative = sum.Negative + cell.Negative,
                Positive = sum.Positive + cell.Positive,
                Uncertain = sum.Uncertain + cell.Uncertain,
                LikelyFalse = sum.LikelyFalse + cell.LikelyFalse,
                FalseTenThousandths = sum.FalseTenThousandths + cell.FalseTenThousandths,
            };
        }

        return sum;
    }

    private static KindLead? Lead(Series series, long from, long to)
    {
        var (posts, hotline) = (HalfOf(series, from, to, c => c.Posts), HalfOf(series, from, to, c => c.Hotline));
        return posts is { } p && hotline is { } h && p != h ? new KindLead(p < h ? RecordKind.Post : RecordKind.Hotline, (int)Math.Abs(p - h)) : null;
    }

    // The hour by which half had come; of fewer than a handful nothing is said.
    private static long? HalfOf(Series series, long from, long to, Func<HourCell, int> count)
    {
        var left = (series.Hours.Within(from, to).Sum(count) + 1) / 2;
        if (left < (LeastOfKind + 1) / 2)
        {
            return null;
        }

        foreach (var cell in series.Hours.Within(from, to))
        {
            left -= count(cell);
            if (left <= 0)
            {
                return cell.Hour;
            }
        }

        return null;
    }

    private static SortedDictionary<string, int> Sources(Series series, long from, long to)
    {
        var sum = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (source, count) in series.Hours.Within(from, to).SelectMany(c => c.Sources ?? []))
        {
            sum[source] = sum.GetValueOrDefault(source) + count;
        }

        return sum;
    }

    private static Dictionary<string, double> Shares(Series series, long from, long to, double volume) => volume <= 0
        ? []
        : series.Children
            .Select(child => (child.Place, Share: Round(child.Hours.Within(from, to).Sum(c => c.Volume) / volume)))
            .Where(child => child.Share > 0)
            .OrderByDescending(child => child.Share).ThenBy(child => child.Place, StringComparer.Ordinal)
            .Take(MostShares)
            .ToDictionary(child => child.Place, child => child.Share);

    // Newest hours first: they show what is going on.
    private static List<string> Exemplars(Series series, long from, long to) =>
        [.. series.Hours.Within(from, to).Reverse().SelectMany(c => c.Exemplars ?? []).Where(e => e.Sign > 0).Select(e => e.Source + "/" + e.Id).Distinct().Take(MostExemplars)];

    private static Dictionary<string, double> Factors(Series series, long hour, LocalHours local)
    {
        var (of, clock) = (local.HourOfWeek(hour), local.ClockHourOfWeek(hour));
        var parent = series.Parent?.Model;
        var factors = new Dictionary<string, double>
        {
            ["level"] = Round(series.Model.Level),
            ["hourOfDay"] = Round(series.Model.HourFactor(clock, parent)),
            ["weekday"] = Round(series.Model.WeekdayFactor(clock, parent)),
        };
        if (of != clock)
        {
            factors["holiday"] = Round(series.Model.Mean(of, parent) / series.Model.Mean(clock, parent));
        }

        return factors;
    }

    private static double StandDown(WindowTest test, AlertingOptions options)
    {
        bool Finds(double volume) => volume >= options.SignalMinimumCount && WindowTest.P(volume, test.Mean, test.Variance) < options.SignalPValue;

        // The tail falls with the volume, so how many records less are no finding is found by halving.
        var (few, enough) = (0.0, Math.Ceiling(test.Volume));
        if (!Finds(test.Volume))
        {
            return Round(test.Volume);
        }

        while (enough - few > 1)
        {
            var middle = Math.Floor((few + enough) / 2);
            (few, enough) = Finds(test.Volume - middle) ? (middle, enough) : (few, middle);
        }

        return Round(Math.Max(0, test.Volume - enough));
    }

    private static List<EvidencePoint> Chart(Series series, long hour, LocalHours local)
    {
        var points = new List<EvidencePoint>(ChartHours);
        for (var at = hour - ChartHours + 1; at <= hour; at++)
        {
            var (mean, variance) = series.Hour(at, local);
            var (lower, upper) = NegativeBinomial.Interval(mean, variance);
            points.Add(new EvidencePoint(Time(at), Round(series.Hours.Find(at)?.Volume ?? 0), Round(mean), Round(lower), Round(upper)));
        }

        return points;
    }
}
