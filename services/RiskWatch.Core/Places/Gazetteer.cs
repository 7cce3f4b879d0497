using RiskWatch.Contracts;

namespace RiskWatch.Core.Places;

/// <summary>Which of a place's names is enough to mean it.</summary>
public enum PlaceNameUse
{
    /// <summary>The full name; the short one only right behind a larger place that holds it.</summary>
    FullName,

    /// <summary>The short name as well.</summary>
    ShortName,

    /// <summary>Neither: also the full name needs a larger place before it (和县, 城区).</summary>
    InContext,
}

/// <summary>One place of the gazetteer.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Parent">Parent's code, null for a root.</param>
/// <param name="Names">Full names.</param>
/// <param name="ShortName">Chinese name without its kind (郑州 of 郑州市), null where there is none.</param>
/// <param name="Use">Which name is enough in running text.</param>
/// <param name="Preferred">True for the one that a name shared by several means.</param>
public sealed record GazetteerPlace(string Code, string? Parent, BilingualText Names, string? ShortName = null, PlaceNameUse Use = PlaceNameUse.FullName, bool Preferred = false);

/// <summary>The bundled places: China down to districts (<c>cn</c>, <c>cn-41</c>, <c>cn-4101</c>, <c>cn-410102</c>), Boston with its neighbourhoods (<c>us-ma-boston</c>, <c>us-ma-boston/dorchester</c>). Immutable and thread-safe.</summary>
public sealed class Gazetteer : IGazetteer
{
    private static readonly Lazy<Gazetteer> Shared = new(Load);
    private readonly Dictionary<string, GazetteerPlace> _places;
    private readonly Dictionary<string, IReadOnlyList<string>> _chains = [];

    /// <summary>A gazetteer of the given places, parents before children.</summary>
    /// <exception cref="InvalidDataException">A code occurs twice or a parent is missing.</exception>
    public Gazetteer(IEnumerable<GazetteerPlace> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        _places = [];
        foreach (var place in places)
        {
            IReadOnlyList<string> above = [];
            if (place.Parent is not null && !_chains.TryGetValue(place.Parent, out above!))
            {
                throw new InvalidDataException($"Place {place.Code} names the unknown parent {place.Parent}.");
            }

            if (!_places.TryAdd(place.Code, place))
            {
                throw new InvalidDataException($"Place {place.Code} occurs twice.");
            }

            _chains.Add(place.Code, [place.Code, .. above]);
        }

        Places = [.. _places.Values];
        Codes = [.. _places.Keys];
    }

    /// <summary>The bundled gazetteer, loaded once.</summary>
    public static Gazetteer Default => Shared.Value;

    /// <summary>All places, parents before children.</summary>
    public IReadOnlyList<GazetteerPlace> Places { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Codes { get; }

    /// <inheritdoc/>
    public BilingualText Names(string code) => _places.TryGetValue(code, out var place) ? place.Names : new BilingualText(code, code);

    /// <inheritdoc/>
    public string? Parent(string code) => _places.TryGetValue(code, out var place) ? place.Parent : null;

    /// <inheritdoc/>
    public bool Contains(string code) => _places.ContainsKey(code);

    /// <inheritdoc/>
    public IReadOnlyList<string> WithAncestors(string code) => _chains.TryGetValue(code, out var chain) ? chain : [code];

    private static Gazetteer Load()
    {
        const string Name = "RiskWatch.Core.Places.places.tsv";
        using var stream = typeof(Gazetteer).Assembly.GetManifestResourceStream(Name) ?? throw new InvalidDataException($"Embedded resource {Name} is missing.");
        using var reader = new StreamReader(stream);
        return new Gazetteer(Parse(reader));
    }

    private static IEnumerable<GazetteerPlace> Parse(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var fields = line.Split('\t');
            var use = fields.Length > 5 ? fields[5] : "f";
            yield return new GazetteerPlace(
                fields[0],
                fields[1].Length == 0 ? null : fields[1],
                new BilingualText(fields[2], fields[3].Length == 0 ? fields[2] : fields[3]),
                fields.Length > 4 && fields[4].Length > 0 ? fields[4] : null,
                use[0] switch { 's' => PlaceNameUse.ShortName, 'c' => PlaceNameUse.InContext, _ => PlaceNameUse.FullName },
                use.EndsWith('p'));
        }
    }
}
