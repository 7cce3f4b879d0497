using System.Runtime.CompilerServices;
using RiskWatch.Classification.Text;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;

namespace RiskWatch.Classification.Taxonomies;

/// <summary>The topics: those of a YAML taxonomy and, per site, the source's categories that the site lists. Immutable and thread-safe.</summary>
internal sealed class Taxonomy : ITaxonomy
{
    /// <summary>Topic of records whose source gives a category that the site does not list and whose words fit no topic.</summary>
    public const string Other = "other";

    private const int Most = 4;

    /// <summary>Longer texts mention much in passing: what their first words say counts as so many words more.</summary>
    private const int Long = 160;
    private const int Lead = 80;
    private const int LeadBonus = 2;
    private static readonly Dictionary<string, BilingualText> Reserved = new(StringComparer.Ordinal)
    {
        [SeriesTopics.Everything] = new("全部", "everything"),
        [SeriesTopics.LikelyFalse] = new("疑似不实信息", "Likely false information"),
    };

    private readonly IReadOnlyList<TopicDefinition> _topics;
    private readonly Dictionary<string, TopicDefinition> _byId;
    private readonly IReadOnlyList<int> _expressionTopics;
    private readonly TopicMatcher _matcher;
    private readonly ConditionalWeakTable<Site, SiteTopics> _sites = [];

    [ThreadStatic]
    private static List<TopicMatch>? _matches;

    private Taxonomy(TaxonomyReader reader)
    {
        _topics = reader.Topics;
        _byId = _topics.ToDictionary(topic => topic.Id);
        _expressionTopics = reader.ExpressionTopics;
        _matcher = reader.Matcher();
    }

    /// <summary>The taxonomy that is built in.</summary>
    public static Taxonomy BuiltIn() => Parse(EmbeddedLines.Read("Taxonomies.topics.yaml"));

    /// <summary>Reads a taxonomy.</summary>
    /// <exception cref="TaxonomyException">With the line and column of the mistake.</exception>
    public static Taxonomy Parse(string yaml) => new(TaxonomyReader.Read(yaml));

    /// <inheritdoc/>
    public BilingualText Names(Site? site, string topic) => Category(site, topic)?.Names
        ?? (_byId.TryGetValue(topic, out var known) ? known.Names : Reserved.GetValueOrDefault(topic) ?? new BilingualText(topic, topic));

    /// <inheritdoc/>
    public string? Parent(Site? site, string topic) => Category(site, topic) is { } category ? category.Parent : _byId.GetValueOrDefault(topic)?.Parent;

    /// <inheritdoc/>
    public IReadOnlyList<string> Topics(Site? site) =>
        [.. site is null ? _topics.Select(t => t.Id) : Site(site).All, SeriesTopics.LikelyFalse];

    /// <summary>Topics of a record with their ancestors, most probable first, at most four: a topic that does not fit with its ancestors is left out.</summary>
    public IReadOnlyList<TopicAssessment> Of(Record record, Site site, ReadOnlySpan<char> text)
    {
        var listed = Site(site);
        var matches = _matches ??= [];
        matches.Clear();
        _matcher.Match(text, matches);
        var whole = matches.Count;
        if (text.Length > Long && whole > 0)
        {
            _matcher.Match(text[..Lead], matches);
        }

        var categories = record.Category is { Length: > 0 } ? listed.Of(record.Source, record.Category) : [];
        if (matches.Count == 0 && categories.Count == 0)
        {
            return record.Category is { Length: > 0 } ? [new TopicAssessment(Other, 1)] : [];
        }

        var leaves = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var category in categories)
        {
            leaves[category] = 1;
        }

        for (var i = 0; i < matches.Count; i++)
        {
            var topic = _topics[_expressionTopics[matches[i].Expression]].Id;
            leaves[topic] = Math.Max(leaves.GetValueOrDefault(topic), Probability(matches[i].Alternatives + (i < whole ? 0 : LeadBonus)));
        }

        return Keep(leaves, site);
    }

    // One word says little, three different ones much: .6, .76, .86, …
    private static double Probability(int alternatives) => Math.Round(1 - (0.4 * Math.Pow(0.6, Math.Min(alternatives, 8) - 1)), 4);

    private List<TopicAssessment> Keep(Dictionary<string, double> leaves, Site site)
    {
        var kept = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (leaf, probability) in leaves.OrderByDescending(l => l.Value).ThenByDescending(l => Depth(site, l.Key)).ThenBy(l => l.Key, StringComparer.Ordinal))
        {
            var chain = Chain(site, leaf).ToList();
            if (kept.Count + chain.Count(id => !kept.ContainsKey(id)) <= Most)
            {
                foreach (var id in chain)
                {
                    kept[id] = Math.Max(kept.GetValueOrDefault(id), probability);
                }
            }
        }

        return [.. kept.OrderByDescending(t => t.Value).ThenByDescending(t => Depth(site, t.Key)).ThenBy(t => t.Key, StringComparer.Ordinal).Select(t => new TopicAssessment(t.Key, t.Value))];
    }

    private int Depth(Site site, string topic) => Chain(site, topic).Count();

    /// <summary>The topic and its ancestors; a ring of parents, which a site could hold by mistake, ends.</summary>
    private IEnumerable<string> Chain(Site site, string topic)
    {
        var left = Most;
        for (var at = topic; at is not null && left > 0; at = Parent(site, at), left--)
        {
            yield return at;
        }
    }

    private CategoryTopic? Category(Site? site, string topic) => site is null ? null : Site(site).ById.GetValueOrDefault(topic);

    private SiteTopics Site(Site site) => _sites.GetValue(site, s => new SiteTopics(s, [.. _topics.Select(t => t.Id)]));

    /// <summary>What a version of a site adds.</summary>
    private sealed class SiteTopics
    {
        private readonly ILookup<string, CategoryTopic> _byValue;

        public SiteTopics(Site site, IReadOnlyList<string> taxonomy)
        {
            // A category may name a topic of the taxonomy; it then adds records to it and changes nothing else.
            _byValue = site.Categories.ToLookup(c => c.Value.Trim(), StringComparer.OrdinalIgnoreCase);
            var known = taxonomy.ToHashSet(StringComparer.Ordinal);
            ById = site.Categories.Where(c => !known.Contains(c.Topic)).DistinctBy(c => c.Topic).ToDictionary(c => c.Topic, StringComparer.Ordinal);
            var all = taxonomy.ToList();
            while (all.Count < taxonomy.Count + ById.Count)
            {
                var ready = ById.Values.Where(c => !known.Contains(c.Topic) && (c.Parent is null || known.Contains(c.Parent) || !ById.ContainsKey(c.Parent))).ToList();
                ready = ready.Count > 0 ? ready : [.. ById.Values.Where(c => !known.Contains(c.Topic))];
                all.AddRange(ready.Select(c => c.Topic));
                known.UnionWith(ready.Select(c => c.Topic));
            }

            All = all;
        }

        public Dictionary<string, CategoryTopic> ById { get; }

        public IReadOnlyList<string> All { get; }

        public IReadOnlyList<string> Of(string source, string value) =>
            [.. _byValue[value.Trim()].Where(c => c.Source is null || c.Source == source).Select(c => c.Topic).Distinct()];
    }
}
