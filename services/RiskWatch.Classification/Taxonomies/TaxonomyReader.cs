using RiskWatch.Contracts;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RiskWatch.Classification.Taxonomies;

/// <summary>A topic of the taxonomy.</summary>
/// <param name="Id">Id.</param>
/// <param name="Names">Names.</param>
/// <param name="Parent">Parent's id, null at the top.</param>
internal sealed record TopicDefinition(string Id, BilingualText Names, string? Parent);

/// <summary>Reads a taxonomy's YAML form. Every mistake is told with its line and column.</summary>
internal sealed class TaxonomyReader
{
    private readonly List<TopicDefinition> _topics = [];
    private readonly List<TopicExpression> _expressions = [];
    private readonly List<int> _expressionTopics = [];
    private readonly Dictionary<string, int> _keywords = new(StringComparer.Ordinal);

    /// <summary>Topics, parents before children.</summary>
    public IReadOnlyList<TopicDefinition> Topics => _topics;

    /// <summary>For each expression the index of its topic.</summary>
    public IReadOnlyList<int> ExpressionTopics => _expressionTopics;

    /// <summary>Reads a taxonomy.</summary>
    /// <exception cref="TaxonomyException">With the place of the mistake.</exception>
    public static TaxonomyReader Read(string yaml)
    {
        var reader = new TaxonomyReader();
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new TaxonomyException(e.Message, (int)e.Start.Line, (int)e.Start.Column);
        }

        if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode root || Child(root, "topics") is not YamlSequenceNode list)
        {
            throw new TaxonomyException("A taxonomy is a list under 'topics'.", 1, 1);
        }

        foreach (var node in list)
        {
            reader.AddTopic(node as YamlMappingNode ?? throw Error(node, "A topic is a mapping with id, names and expressions."));
        }

        return reader;
    }

    /// <summary>What asks all expressions of a text.</summary>
    public TopicMatcher Matcher() => new(_expressions, [.. _keywords.Keys]);

    private void AddTopic(YamlMappingNode node)
    {
        foreach (var (key, _) in node.Children)
        {
            if (((YamlScalarNode)key).Value is not ("id" or "names" or "parent" or "zh" or "en"))
            {
                throw Error(key, $"Unknown key '{key}'; known are id, names, parent, zh, en.");
            }
        }

        var id = Text(node, "id") ?? throw Error(node, "A topic needs an id.");
        var parent = Text(node, "parent");
        if (id is SeriesTopics.Everything or SeriesTopics.LikelyFalse || _topics.Exists(t => t.Id == id))
        {
            throw Error(node, $"Topic {id} is there already.");
        }

        if (parent is not null && !_topics.Exists(t => t.Id == parent))
        {
            throw Error(node, $"Topic {id} names the parent {parent}, which does not stand before it.");
        }

        var names = Child(node, "names") as YamlMappingNode ?? throw Error(node, $"Topic {id} needs names in zh and en.");
        _topics.Add(new TopicDefinition(id, new BilingualText(Text(names, "zh") ?? id, Text(names, "en") ?? id), parent));
        AddExpression(Child(node, "zh"), id);
        AddExpression(Child(node, "en"), id);
    }

    private void AddExpression(YamlNode? node, string topic)
    {
        if (node is not YamlScalarNode { Value: { Length: > 0 } text } scalar)
        {
            return;
        }

        try
        {
            _expressions.Add(TopicExpressionParser.Parse(text, Keyword));
            _expressionTopics.Add(_topics.Count - 1);
        }
        catch (TaxonomyException e)
        {
            // A folded block is one line to the parser: its own column then counts from the block's first character.
            var block = scalar.Style is ScalarStyle.Folded or ScalarStyle.Literal ? 1 : 0;
            throw new TaxonomyException($"Topic {topic}: {e.Message}", (int)scalar.Start.Line + block + e.Line - 1, e.Line == 1 && block == 0 ? (int)scalar.Start.Column + e.Column - 1 : e.Column);
        }
    }

    private int Keyword(string word)
    {
        if (!_keywords.TryGetValue(word, out var number))
        {
            number = _keywords.Count;
            _keywords.Add(word, number);
        }

        return number;
    }

    private static YamlNode? Child(YamlMappingNode node, string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static string? Text(YamlMappingNode node, string key) => (Child(node, key) as YamlScalarNode)?.Value;

    private static TaxonomyException Error(YamlNode node, string message) => new(message, (int)node.Start.Line, (int)node.Start.Column);
}
