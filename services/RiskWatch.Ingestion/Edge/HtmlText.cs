using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace RiskWatch.Ingestion.Edge;

/// <summary>HTML to text: elements gone, entities read, scripts and styles dropped, blocks on lines of their own. Plain text passes unchanged.</summary>
internal static partial class HtmlText
{
    // Parsing takes time quadratic in how deep elements are nested; a post has a few, an attack has a hundred thousand.
    private const int MostElements = 1_000;

    private static readonly HtmlParser Parser = new();
    private static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase) { "p", "div", "br", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article", "pre", "hr" };
    private static readonly HashSet<string> Silent = new(StringComparer.OrdinalIgnoreCase) { "script", "style", "noscript", "template", "head", "iframe", "object" };

    /// <summary>The text of what looks like HTML: with a known element or an entity in it. "a &lt; b" and "R&amp;D" do not.</summary>
    public static string ToText(string text)
    {
        if (!text.AsSpan().ContainsAny('<', '&') || !Markup().IsMatch(text))
        {
            return text;
        }

        if (text.AsSpan().Count('<') > MostElements)
        {
            return WebUtility.HtmlDecode(Tags().Replace(text, " ")).Trim();
        }

        using var document = Parser.ParseDocument("");
        var words = new StringBuilder(text.Length);
        foreach (var node in Parser.ParseFragment(text, document.Body!))
        {
            Append(node, words);
        }

        return words.ToString().Trim();
    }

    // Iterative: markup that is nested a hundred thousand deep must not end the process.
    private static void Append(INode root, StringBuilder words)
    {
        var open = new Stack<(INode? Node, bool Line)>();
        open.Push((root, false));
        while (open.TryPop(out var next))
        {
            if (next.Line)
            {
                words.Append('\n');
                continue;
            }

            if (next.Node is IText text)
            {
                words.Append(text.Data);
            }
            else if (next.Node is IElement element && !Silent.Contains(element.LocalName))
            {
                if (Blocks.Contains(element.LocalName))
                {
                    words.Append('\n');
                    open.Push((null, true));
                }

                for (var child = element.LastChild; child is not null; child = child.PreviousSibling)
                {
                    open.Push((child, false));
                }
            }
        }
    }

    [GeneratedRegex(@"<!--[^>]*>|</?[A-Za-z][^<>]*>", RegexOptions.CultureInvariant)]
    private static partial Regex Tags();

    [GeneratedRegex(@"</?(?:a|abbr|article|b|blockquote|body|br|center|code|dd|del|div|dl|dt|em|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|li|link|main|mark|meta|nav|ol|p|pre|q|s|script|section|small|span|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul|video)(?:\s[^<>]*)?/?>|<!--|<!doctype|&(?:amp|lt|gt|quot|apos|nbsp|hellip|mdash|ndash|middot|ldquo|rdquo|lsquo|rsquo|copy|reg|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Markup();
}
