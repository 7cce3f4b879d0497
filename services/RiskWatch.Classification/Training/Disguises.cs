using System.Text;
using System.Text.RegularExpressions;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Training;

/// <summary>A way to write a text so that people still read it and a classifier may not.</summary>
/// <param name="Name">As tables print it.</param>
/// <param name="Languages">Languages it is tried on.</param>
/// <param name="Apply">The text so written; a pure function of it.</param>
internal sealed record Disguise(string Name, IReadOnlyList<string> Languages, Func<string, string> Apply);

/// <summary>How posts evade classifiers, and marks that would give their source away rather than their content.</summary>
internal static partial class Disguises
{
    private const double AlteredShare = 0.2;
    private const char ZeroWidthSpace = '\u200B';

    private static readonly string[] Both = ["zh", "en"];
    private static readonly string[] Chinese = ["zh"];
    private static readonly string[] English = ["en"];
    private static readonly Dictionary<char, (string Letters, char Homophone)> Sounds = ReadSounds();
    private static readonly char[] OtherCharacters = [.. Sounds.Values.Select(s => s.Homophone)];
    private static readonly Dictionary<char, char> Traditional = Variants(of => of is >= '\u4E00' and <= '\u9FFF');
    private static readonly Dictionary<char, char> Radicals = Variants(of => of is >= '\u2E80' and <= '\u2FDF' or >= '\uF900' and <= '\uFAFF');
    private static readonly Dictionary<char, char> LookAlikes = "aа|cс|eе|oо|pр|xх|yу|iі|jј|sѕ".Split('|').ToDictionary(p => p[0], p => p[1]);

    /// <summary>All of them; the first leaves out marks of a source, the others evade.</summary>
    public static IReadOnlyList<Disguise> All { get; } =
    [
        new("without U+200B, 【】, links, names, hashtags", Both, Unmarked),
        new("full-width letters", Both, text => Each(text, c => c is > ' ' and <= '~' ? ((char)(c + 0xFEE0)).ToString() : c.ToString())),
        new("zero-width between characters", Both, text => Between(text, ZeroWidthSpace.ToString())),
        new("spaces between characters", Chinese, text => Between(text, " ")),
        new("punctuation between characters", Chinese, text => Between(text, "·")),
        new("emoji between characters", Chinese, text => Between(text, "😀")),
        new("traditional characters", Chinese, text => Each(text, c => Traditional.GetValueOrDefault(c, c).ToString())),
        new("radicals and compatibility characters", Chinese, text => Each(text, c => Radicals.GetValueOrDefault(c, c).ToString())),
        new("look-alikes of another script", English, text => Each(text, c => LookAlikes.GetValueOrDefault(c, c).ToString())),
        new("pinyin for frequent characters", Chinese, Pinyin),
        new("homophones for frequent characters", Chinese, Homophones),
        new("20 % of the characters altered", Both, Altered),
    ];

    /// <summary>Without what would give the source of a text away.</summary>
    public static string Unmarked(string text) => Marks().Replace(text, " ");

    /// <summary>Frequent characters as letters.</summary>
    public static string Pinyin(string text) => Each(text, c => Sounds.TryGetValue(c, out var sound) ? sound.Letters : c.ToString());

    /// <summary>Frequent characters as others of the same sound.</summary>
    public static string Homophones(string text) => Each(text, c => Sounds.TryGetValue(c, out var sound) ? sound.Homophone.ToString() : c.ToString());

    /// <summary>Every fifth letter another one, chosen by the text alone.</summary>
    public static string Altered(string text)
    {
        var random = new Random(unchecked((int)StableHash.Of(text)));
        return Each(text, c => !char.IsLetter(c) || random.NextDouble() >= AlteredShare ? c.ToString()
            : c < '\u2E80' ? ((char)('a' + random.Next(26))).ToString()
            : OtherCharacters[random.Next(OtherCharacters.Length)].ToString());
    }

    private static string Each(string text, Func<char, string> write) => string.Concat(text.Select(write));

    private static string Between(string text, string what)
    {
        var written = new StringBuilder(text.Length * 2);
        foreach (var rune in text.EnumerateRunes())
        {
            written.Append(written.Length > 0 ? what : "").Append(rune);
        }

        return written.ToString();
    }

    // What folding undoes, the other way round: of several characters that become one, the first.
    private static Dictionary<char, char> Variants(Func<char, bool> wanted)
    {
        var variants = new Dictionary<char, char>();
        foreach (var line in Lines("RiskWatch.Classification.Models.folding.txt").Where(line => line.Length == 2 && wanted(line[0])))
        {
            variants.TryAdd(line[1], line[0]);
        }

        return variants;
    }

    private static Dictionary<char, (string Letters, char Homophone)> ReadSounds() =>
        Lines("RiskWatch.Classification.Training.disguises.txt").Where(line => !line.StartsWith('#')).Select(line => line.Split(' ')).ToDictionary(parts => parts[0][0], parts => (parts[1], parts[2][0]));

    private static IEnumerable<string> Lines(string resource)
    {
        using var reader = new StreamReader(typeof(Disguises).Assembly.GetManifestResourceStream(resource)!);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    [GeneratedRegex(@"\u200B|[【】]|https?://\S+|(?:t\.cn|t\.co|www\.)\S+|@[\p{L}\p{N}_-]{1,30}|#[^#\s]{1,40}#?")]
    private static partial Regex Marks();
}
