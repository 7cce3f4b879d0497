using RiskWatch.Contracts;
using RiskWatch.Core.Places;

namespace RiskWatch.Alerting.Warning;

/// <summary>Which series speak of the same: same topic or one above the other, and same place or one within the other.</summary>
internal sealed class Kinship(ITaxonomy taxonomy, IGazetteer gazetteer, Site? site)
{
    public bool Related(SeriesId a, SeriesId b) => RelatedTopics(a, b)
        && (a.Topic == "*" && b.Topic != "*" ? IsWithin(b.Place, a.Place)
            : b.Topic == "*" && a.Topic != "*" ? IsWithin(a.Place, b.Place)
            : IsWithin(a.Place, b.Place) || IsWithin(b.Place, a.Place));

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

    /// <summary>Whether a topic is another or lies below it; everything lies below <c>*</c>.</summary>
    public bool IsAbout(string? topic, string ancestor)
    {
        if (ancestor == "*")
        {
            return true;
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

    private bool RelatedTopics(SeriesId a, SeriesId b) => a.Term is not null || b.Term is not null
        ? a.Term == b.Term || a.Topic == "*" || b.Topic == "*"
        : IsAbout(a.Topic, b.Topic!) || IsAbout(b.Topic, a.Topic!);
}
