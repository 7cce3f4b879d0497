using System.Text;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;

namespace RiskWatch.Alerting.Warning;

/// <summary>Which series speak of the same: same topic or one above the other, and same place or one within the other.</summary>
internal sealed class Kinship(ITaxonomy taxonomy, IGazetteer gazetteer, Site? site)
{
    // From here on words are not set apart by spaces.
    private const char FirstIdeographic = '\u2E80';
    private readonly Dictionary<string, bool> _repeats = new(StringComparer.Ordinal);
    private string? _names;

    public bool Related(SeriesId a, SeriesId b) => RelatedTopics(a, b)
        && (a.Topic == "*" && b.Topic != "*" ? IsWithin(b.Place, a.Place)
            : b.Topic == "*" && a.Topic != "*" ? IsWithin(a.Place, b.Place)
            : IsWithin(a.Place, b.Place) || IsWithin(b.Place, a.Place));

    /// <summary>Whether both tell of what is likely false, or neither does.</summary>
    public static bool OfOneKind(SeriesId a, SeriesId b) => (a.Topic == SeriesTopics.LikelyFalse) == (b.Topic == SeriesTopics.LikelyFalse);

    /// <summary>Whether a series is another or lies within it in topic and place. Nothing but "everything" lies within "everything".</summary>
    public bool IsPartOf(SeriesId series, SeriesId whole) => series.Term == whole.Term && IsWithin(series.Place, whole.Place)
        && (series.Term is not null || (whole.Topic == "*" ? series.Topic == "*" : IsAbout(series.Topic, whole.Topic!)));

    /// <summary>How specific a series is: steps to the top of its topics and places; "everything" is above all.</summary>
    public int Depth(SeriesId series)
    {
        var depth = series.Topic == "*" ? 0 : 1;
        for (var (at, left) = (series.Topic is null or "*" ? null : taxonomy.Parent(site, series.Topic), 16); at is not null && left > 0; at = taxonomy.Parent(site, at), left--)
        {
            depth++;
        }

        for (var (at, left) = (gazetteer.Parent(series.Place), 16); at is not null && left > 0; at = gazetteer.Parent(at), left--)
        {
            depth++;
        }

        return depth;
    }

    /// <summary>Whether a topic is another or lies below it; everything lies below <c>*</c> but what is likely false, which is an alert of its own.</summary>
    public bool IsAbout(string? topic, string ancestor)
    {
        if (ancestor == SeriesTopics.Everything)
        {
            return topic != SeriesTopics.LikelyFalse;
        }

        for (var (at, left) = (topic, 16); at is not null && left > 0; at = taxonomy.Parent(site, at), left--)
        {
            if (at == ancestor)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a place is another or lies in it.</summary>
    public bool IsWithin(string place, string ancestor)
    {
        if (place == ancestor || ancestor == site?.GazetteerRoot)
        {
            return true;
        }

        for (var (at, left) = (gazetteer.Parent(place), 16); at is not null && left > 0; at = gazetteer.Parent(at), left--)
        {
            if (at == ancestor)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a term is, or is part of, the name of a topic, a category or a place of the site: it then says nothing that they do not.</summary>
    public bool RepeatsAName(string term)
    {
        if (!_repeats.TryGetValue(term, out var repeats))
        {
            _names ??= Plain(string.Join('\n', Names()));
            var plain = Plain(term);
            plain = plain.Length > 2 && plain[1] >= FirstIdeographic ? plain[1..] : plain;
            plain = plain.Length > 1 && plain[^2] >= FirstIdeographic ? plain[..^1] : plain;
            _repeats[term] = repeats = _names.Contains(plain, StringComparison.Ordinal);
        }

        return repeats;
    }

    private IEnumerable<string> Names()
    {
        foreach (var (zh, en) in taxonomy.Topics(site).Select(t => taxonomy.Names(site, t)).Concat(gazetteer.Codes.Where(c => IsWithin(c, site?.GazetteerRoot ?? c)).Select(gazetteer.Names)))
        {
            yield return zh;
            yield return en;
        }

        foreach (var category in site?.Categories ?? [])
        {
            yield return category.Value;
        }
    }

    // Letters and digits only, each word of an alphabetic script between spaces, so that a part of a word is no part of a name.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length + 2).Append(' ');
        foreach (var c in text)
        {
            if (c == '\n')
            {
                plain.Append(" \n ");
            }
            else if (c >= FirstIdeographic)
            {
                plain.Append(c);
            }
            else if (char.IsLetterOrDigit(c))
            {
                plain.Append(char.ToLowerInvariant(c));
            }
            else if (plain[^1] != ' ')
            {
                plain.Append(' ');
            }
        }

        return plain.Append(' ').ToString();
    }

    private bool RelatedTopics(SeriesId a, SeriesId b) => OfOneKind(a, b) && (a.Term is not null || b.Term is not null
        ? a.Term == b.Term || a.Topic == "*" || b.Topic == "*"
        : IsAbout(a.Topic, b.Topic!) || IsAbout(b.Topic, a.Topic!));
}
