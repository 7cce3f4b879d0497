using System.Globalization;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Taxonomies;

/// <summary>A mistake in a taxonomy, with where it is.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="line">Line, from 1.</param>
/// <param name="column">Column, from 1.</param>
public sealed class TaxonomyException(string message, int line, int column) : FormatException($"Line {line}, column {column}: {message}")
{
    /// <summary>Line, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>Column, from 1.</summary>
    public int Column { get; } = column;
}

/// <summary>Reads keyword expressions: <c>flood* "heavy rain" (雨 大雨) near/12 (被困 转移) fire and not (fired "open fire")</c>. Side by side is or, which binds least; then and, near/N; then not.</summary>
internal sealed class TopicExpressionParser
{
    private const int FarthestNear = 1000;
    private readonly string _text;
    private readonly Func<string, int> _keyword;
    private int _next;
    private int _start;
    private string? _token;
    private bool _quoted;

    private TopicExpressionParser(string text, Func<string, int> keyword)
    {
        _text = text;
        _keyword = keyword;
        Advance();
    }

    /// <summary>Parses an expression; <paramref name="keyword"/> gives each word its number.</summary>
    /// <exception cref="TaxonomyException">With line and column within the expression.</exception>
    public static TopicExpression Parse(string text, Func<string, int> keyword)
    {
        var parser = new TopicExpressionParser(text, keyword);
        var expression = parser.Any();
        if (parser._token is not null)
        {
            throw parser.Error($"Unexpected '{parser._token}'.");
        }

        return expression.Anchors() is null ? throw new TaxonomyException("The expression would match a text without any of its words.", 1, 1) : expression;
    }

    private TopicExpression Any()
    {
        var parts = new List<TopicExpression> { All() };
        while (_token is not null && !Is(")"))
        {
            if (Is("or"))
            {
                Advance();
            }

            parts.Add(All());
        }

        return parts.Count == 1 ? parts[0] : new AnyExpression(parts);
    }

    private TopicExpression All()
    {
        var parts = new List<TopicExpression> { Single() };
        while (true)
        {
            if (Is("and"))
            {
                Advance();
                parts.Add(Single());
            }
            else if (!_quoted && _token?.StartsWith("near/", StringComparison.OrdinalIgnoreCase) == true)
            {
                parts[^1] = Near(parts[^1]);
            }
            else
            {
                return parts.Count == 1 ? parts[0] : new AllExpression(parts);
            }
        }
    }

    private NearExpression Near(TopicExpression left)
    {
        var at = _start;
        if (!int.TryParse(_token.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var distance) || distance is < 1 or > FarthestNear)
        {
            throw Error($"near/ wants a number of characters from 1 to {FarthestNear}.");
        }

        Advance();
        return new NearExpression(Words(left, at), Words(Single(), at), distance);
    }

    private int[] Words(TopicExpression expression, int at) => expression switch
    {
        KeywordExpression one => [one.Keyword],
        AnyExpression any => [.. any.Parts.SelectMany(part => Words(part, at))],
        _ => throw Error("near/ joins words or lists of words only.", at),
    };

    private TopicExpression Single()
    {
        if (Is("not"))
        {
            Advance();
            return new NotExpression(Single());
        }

        if (Is("("))
        {
            var open = _start;
            Advance();
            var inner = Any();
            if (!Is(")"))
            {
                throw Error("This parenthesis is not closed.", open);
            }

            Advance();
            return inner;
        }

        if (_token is null || Is(")") || (!_quoted && _token is "and" or "or"))
        {
            throw Error(_token is null ? "A word is missing at the end." : $"A word is missing before '{_token}'.");
        }

        var word = TextNormalizer.Normalize(_token).ToLowerInvariant();
        if (word.TrimEnd('*').Length == 0)
        {
            throw Error("An empty word.");
        }

        Advance();
        return new KeywordExpression(_keyword(word));
    }

    private bool Is(string token) => !_quoted && string.Equals(_token, token, StringComparison.OrdinalIgnoreCase);

    private void Advance()
    {
        while (_next < _text.Length && char.IsWhiteSpace(_text[_next]))
        {
            _next++;
        }

        _start = _next;
        _quoted = false;
        if (_next == _text.Length)
        {
            _token = null;
        }
        else if (_text[_next] is '(' or ')')
        {
            _token = _text[_next++].ToString();
        }
        else if (_text[_next] == '"')
        {
            var close = _text.IndexOf('"', _next + 1);
            if (close < 0)
            {
                throw Error("This quotation mark is not closed.");
            }

            _token = _text[(_next + 1)..close];
            _quoted = true;
            _next = close + 1;
        }
        else
        {
            while (_next < _text.Length && !char.IsWhiteSpace(_text[_next]) && _text[_next] is not ('(' or ')' or '"'))
            {
                _next++;
            }

            _token = _text[_start.._next];
        }
    }

    private TaxonomyException Error(string message, int? at = null)
    {
        var before = _text.AsSpan(0, at ?? _start);
        return new TaxonomyException(message, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
