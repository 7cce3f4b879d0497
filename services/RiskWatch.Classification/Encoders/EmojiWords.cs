using System.Globalization;
using RiskWatch.Classification.Text;

namespace RiskWatch.Classification.Encoders;

/// <summary>Words for emoji that an encoder's vocabulary lacks, from <c>emoji-words.txt</c>: emoji, tab, Chinese, tab, English.</summary>
internal sealed class EmojiWords
{
    private static readonly Lazy<(EmojiWords Chinese, EmojiWords English)> Both = new(Read);

    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);

    private EmojiWords()
    {
    }

    /// <summary>The words of a language, English where it is not Chinese.</summary>
    public static EmojiWords For(string language) =>
        language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Both.Value.Chinese : Both.Value.English;

    /// <summary>Whether the character may be an emoji of the basic plane.</summary>
    public static bool MayBeSymbol(char c) => c is >= '\u2190' and < '\u2E80' && CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.OtherSymbol;

    /// <summary>What an emoji says, null where the table does not know it.</summary>
    public string? Of(string emoji) => _words.GetValueOrDefault(emoji);

    private static (EmojiWords Chinese, EmojiWords English) Read()
    {
        var both = (Chinese: new EmojiWords(), English: new EmojiWords());
        foreach (var line in EmbeddedLines.Of("Encoders.emoji-words.txt"))
        {
            var parts = line.Split('\t');
            both.Chinese._words[parts[0]] = parts[1];
            both.English._words[parts[0]] = parts[2];
        }

        return both;
    }
}
