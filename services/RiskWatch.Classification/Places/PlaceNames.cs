using RiskWatch.Classification.Text;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;

namespace RiskWatch.Classification.Places;

/// <summary>A place that a name can mean.</summary>
/// <param name="Place">Its index in <see cref="PlaceNames.Places"/>.</param>
/// <param name="Alone">Whether the name is enough; else a larger place must stand right before it.</param>
internal readonly record struct PlaceCandidate(int Place, bool Alone);

/// <summary>A place as the resolver needs it.</summary>
/// <param name="Code">Code.</param>
/// <param name="Parent">Index of its parent, −1 for a root.</param>
/// <param name="Depth">0 for a root.</param>
/// <param name="Preferred">Whether a name shared by several means this one.</param>
/// <param name="Zh">Reference with its Chinese name.</param>
/// <param name="En">Reference with its English name.</param>
internal sealed record IndexedPlace(string Code, int Parent, int Depth, bool Preferred, PlaceReference Zh, PlaceReference En);

/// <summary>All names of all places, and the automaton that finds them. Immutable.</summary>
internal sealed class PlaceNames
{
    private static readonly char[] AliasSeparator = ['='];
    private readonly Dictionary<string, int> _byCode = [];
    private readonly Dictionary<string, int> _keywords = new(StringComparer.Ordinal);
    private readonly PlaceCandidate[][] _candidates;

    public PlaceNames(Gazetteer gazetteer)
    {
        var places = new List<IndexedPlace>();
        var names = new Dictionary<string, List<PlaceCandidate>>(StringComparer.Ordinal);
        var full = gazetteer.Places.Select(place => place.Names.En).ToHashSet(StringComparer.Ordinal);
        foreach (var place in gazetteer.Places)
        {
            var parent = place.Parent is null ? -1 : _byCode[place.Parent];
            var index = places.Count;
            _byCode.Add(place.Code, index);
            places.Add(new IndexedPlace(place.Code, parent, parent < 0 ? 0 : places[parent].Depth + 1, place.Preferred, new(place.Code, place.Names.Zh), new(place.Code, place.Names.En)));
            AddNames(names, full, place, index, parent < 0);
        }

        foreach (var alias in EmbeddedLines.Of("Places.place-aliases.txt").Select(line => line.Split(AliasSeparator, StringSplitOptions.TrimEntries)))
        {
            Add(names, alias[0], _byCode[alias[1]], alone: true);
        }

        foreach (var word in EmbeddedLines.Words("Places.place-blockers.txt"))
        {
            names.TryAdd(word, []);
        }

        Places = places;
        foreach (var name in names.Keys)
        {
            _keywords.Add(name, _keywords.Count);
        }

        _candidates = [.. names.Values.Select(candidates => candidates.ToArray())];
        Automaton = new KeywordAutomaton([.. names.Keys]);
    }

    /// <summary>All places, parents before children.</summary>
    public IReadOnlyList<IndexedPlace> Places { get; }

    /// <summary>Finds names in texts.</summary>
    public KeywordAutomaton Automaton { get; }

    /// <summary>Places that a found name can mean; none for a word that only looks like one.</summary>
    public ReadOnlySpan<PlaceCandidate> Candidates(int keyword) => _candidates[keyword];

    /// <summary>Places of exactly this name.</summary>
    public ReadOnlySpan<PlaceCandidate> Named(string name) => _keywords.TryGetValue(name.ToLowerInvariant(), out var keyword) ? _candidates[keyword] : [];

    /// <summary>Index of a code, −1 where unknown.</summary>
    public int IndexOf(string code) => _byCode.GetValueOrDefault(code, -1);

    /// <summary>Whether a place lies in another, or is it.</summary>
    public bool Within(int place, int ancestor)
    {
        while (place > ancestor)
        {
            place = Places[place].Parent;
        }

        return place == ancestor;
    }

    private static void AddNames(Dictionary<string, List<PlaceCandidate>> names, HashSet<string> full, GazetteerPlace place, int index, bool root)
    {
        // A whole country is no finding within itself; a root that is a city is one, if nothing smaller is named.
        if (root && place.Names.Zh == "中国")
        {
            return;
        }

        Add(names, place.Names.Zh, index, place.Use != PlaceNameUse.InContext);
        if (place.ShortName is not null)
        {
            Add(names, place.ShortName, index, place.Use == PlaceNameUse.ShortName);
        }

        if (place.Names.En == place.Names.Zh && place.Code.StartsWith("cn", StringComparison.Ordinal))
        {
            return;
        }

        // Of "South Boston / South Boston Waterfront" the first half is a place of its own.
        var parts = place.Names.En.Split(" / ").Where(part => !full.Contains(part));
        foreach (var part in parts.Prepend(place.Names.En))
        {
            // "Yulin (Guangxi)" is written Yulin; three letters are too often something else.
            var name = part.Split(" (")[0];
            if (name.Length > 3)
            {
                Add(names, name, index, alone: true);
                Add(names, Plain(name), index, alone: true);
            }
        }
    }

    private static string Plain(string name) => string.Concat(name.Normalize(System.Text.NormalizationForm.FormD).Where(c => c < '\u0300' || c > '\u036F'));

    private static void Add(Dictionary<string, List<PlaceCandidate>> names, string name, int place, bool alone)
    {
        var key = name.ToLowerInvariant();
        if (!names.TryGetValue(key, out var candidates))
        {
            names.Add(key, candidates = []);
        }

        if (!candidates.Exists(c => c.Place == place))
        {
            candidates.Add(new PlaceCandidate(place, alone));
        }
    }
}
