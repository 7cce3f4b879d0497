using System.Text;
using RiskWatch.Classification.Text;
using RiskWatch.Contracts;

namespace RiskWatch.Classification.Places;

/// <summary>Which places a record is about: what its source says, then what its text names. Longest names first; a name that several places share means the one in a larger place named beside it or elsewhere in the text, else the larger one, else none. Thread-safe.</summary>
internal sealed class PlaceResolver(PlaceNames names)
{
    private const int Most = 5;
    private const int Nothing = -1;
    private const int Several = -2;

    [ThreadStatic]
    private static Scratch? _scratch;

    /// <summary>Places below (or at) the site's root, the one to count under first: the source's own, else the most specific, else the first named. Empty where none is named or the root is unknown.</summary>
    public IReadOnlyList<PlaceReference> Resolve(string text, RecordPlace? place, string root, bool english)
    {
        var rootIndex = names.IndexOf(root);
        if (rootIndex < 0)
        {
            return [];
        }

        var scratch = _scratch ??= new Scratch();
        var own = place?.Name is { Length: > 0 } name ? Own(name, rootIndex, scratch) : Nothing;
        Mentions(text, rootIndex, scratch);
        return Result(scratch.Found, own, english);
    }

    /// <summary>The place that a source's field names: by slug under the root, by code, by name, or as running text.</summary>
    private int Own(string name, int root, Scratch scratch)
    {
        var found = names.IndexOf($"{names.Places[root].Code}/{Slug(name)}");
        if (found < 0)
        {
            found = names.IndexOf(name);
        }

        if (found >= 0)
        {
            return names.Within(found, root) ? found : Nothing;
        }

        found = Choose(names.Named(name.Trim()), root, aloneOnly: false);
        if (found < 0)
        {
            Mentions(name, root, scratch);
            found = scratch.Found.Count == 0 ? Nothing : scratch.Found.MaxBy(f => names.Places[f.Place].Depth).Place;
        }

        return found;
    }

    private void Mentions(string text, int root, Scratch scratch)
    {
        var (hits, found, shared) = (scratch.Hits, scratch.Found, scratch.Shared);
        hits.Clear();
        found.Clear();
        shared.Clear();
        names.Automaton.Find(text, hits);
        hits.Sort(static (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : b.Length.CompareTo(a.Length));
        var (end, before) = (0, Nothing);
        foreach (var hit in hits)
        {
            if (hit.Start < end || PlaceContext.MeansSomethingElse(text, hit))
            {
                continue;
            }

            var candidates = names.Candidates(hit.Keyword);
            var place = before >= 0 && PlaceContext.Touch(text, end, hit.Start) ? Inside(candidates, before) : Nothing;
            if (place < 0)
            {
                place = Choose(candidates, root, aloneOnly: true);
                if (place == Several || (place >= 0 && candidates.Length > 1))
                {
                    shared.Add(hit);
                    (end, before) = (hit.End, place == Several ? Nothing : place);
                    continue;
                }
            }

            if (place >= 0 && names.Within(place, root))
            {
                found.Add(new Mention(place, hit.Start));
            }

            // A word without candidates is there to be passed over whole; a name that is not enough here is not.
            if (place >= 0 || candidates.IsEmpty)
            {
                (end, before) = (hit.End, place);
            }
        }

        var certain = found.Count;
        foreach (var hit in shared)
        {
            var candidates = names.Candidates(hit.Keyword);
            var place = ByOthers(candidates, found, certain);
            place = place >= 0 ? place : Choose(candidates, root, aloneOnly: true);
            if (place >= 0)
            {
                found.Add(new Mention(place, hit.Start));
            }
        }

        found.Sort(static (a, b) => a.Start.CompareTo(b.Start));
    }

    /// <summary>The candidate that lies in the larger place right before the name; a city's district only in its own city.</summary>
    private int Inside(ReadOnlySpan<PlaceCandidate> candidates, int before)
    {
        foreach (var candidate in candidates)
        {
            var place = names.Places[candidate.Place];
            if (candidate.Place != before && names.Within(candidate.Place, before) && (candidate.Alone || place.Parent == before || !place.Zh.Name.EndsWith('区')))
            {
                return candidate.Place;
            }
        }

        return Nothing;
    }

    /// <summary>The preferred candidate under the root, else the largest, <see cref="Several"/> where more than one is.</summary>
    private int Choose(ReadOnlySpan<PlaceCandidate> candidates, int root, bool aloneOnly)
    {
        var (best, rank, tie) = (Nothing, int.MaxValue, false);
        foreach (var candidate in candidates)
        {
            if ((aloneOnly && !candidate.Alone) || !names.Within(candidate.Place, root))
            {
                continue;
            }

            var place = names.Places[candidate.Place];
            var own = place.Preferred ? 0 : place.Depth + 1;
            if (own <= rank)
            {
                tie = own == rank;
                (best, rank) = (candidate.Place, own);
            }
        }

        return tie ? Several : best;
    }

    private int ByOthers(ReadOnlySpan<PlaceCandidate> candidates, List<Mention> found, int certain)
    {
        foreach (var candidate in candidates)
        {
            for (var i = 0; i < certain; i++)
            {
                if (candidate.Alone && candidate.Place != found[i].Place && names.Within(candidate.Place, found[i].Place))
                {
                    return candidate.Place;
                }
            }
        }

        return Nothing;
    }

    private PlaceReference[] Result(List<Mention> found, int own, bool english)
    {
        var places = new List<int>(found.Count + 1);
        if (own >= 0)
        {
            places.Add(own);
        }

        foreach (var (place, _) in found)
        {
            if (!places.Exists(held => names.Within(held, place)))
            {
                // A larger place gives way to the smaller one within it.
                var larger = places.FindIndex(held => names.Within(place, held));
                if (larger >= 0)
                {
                    places[larger] = place;
                }
                else
                {
                    places.Add(place);
                }
            }
        }

        var kept = own >= 0 && places.Count > 0 ? 1 : 0;
        var order = places.Take(kept).Concat(places.Skip(kept).OrderByDescending(p => names.Places[p].Depth)).Distinct().Take(Most);
        return [.. order.Select(p => english ? names.Places[p].En : names.Places[p].Zh)];
    }

    private static string Slug(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().TrimEnd('-');
    }

    private readonly record struct Mention(int Place, int Start);

    private sealed class Scratch
    {
        public List<KeywordHit> Hits { get; } = [];

        public List<Mention> Found { get; } = [];

        public List<KeywordHit> Shared { get; } = [];
    }
}
