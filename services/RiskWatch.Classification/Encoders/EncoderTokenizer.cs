using Microsoft.ML.Tokenizers;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Encoders;

/// <summary>
/// Token ids of a text as the encoder's BERT was trained on them: lower case, without accents, emoji as the vocabulary has them or else as words.
/// Thread-safe; the ids of a text depend on nothing but the text.
/// </summary>
internal sealed class EncoderTokenizer
{
    /// <summary>Most ids of a text, marks of beginning and end included; what follows is not read. Some 120 Chinese characters or 95 English words.</summary>
    public const int Longest = 128;

    private static readonly BertOptions Options = new() { LowerCaseBeforeTokenization = true, RemoveNonSpacingMarks = true };

    private readonly BertTokenizer _bert;
    private readonly Dictionary<string, int> _symbols = new(StringComparer.Ordinal);
    private readonly EmojiWords _words;

    private EncoderTokenizer(byte[] vocabulary, string language)
    {
        using (var stream = new MemoryStream(vocabulary))
        {
            _bert = BertTokenizer.Create(stream, Options);
        }

        _words = EmojiWords.For(language);
        using var lines = new StreamReader(new MemoryStream(vocabulary));
        for (var id = 0; lines.ReadLine() is { } token; id++)
        {
            if (token.Length == 2 && char.IsHighSurrogate(token[0]))
            {
                _symbols[token] = id;
            }
        }
    }

    /// <summary>From the bytes of a <c>vocab.txt</c>.</summary>
    public static EncoderTokenizer Of(byte[] vocabulary, string language) => new(vocabulary, language);

    /// <summary>Ids of a text, folded as for the fast heads (<see cref="TextFolding"/>).</summary>
    public long[] Ids(ReadOnlySpan<char> folded)
    {
        var ids = new List<long>(Longest) { _bert.ClassificationTokenId };
        var start = 0;
        for (var i = 0; i < folded.Length && ids.Count < Longest; i++)
        {
            // The tokenizer drops what lies beyond the basic plane without a trace, and a bare heart or sign as unknown.
            var width = char.IsHighSurrogate(folded[i]) && i + 1 < folded.Length ? 2 : 1;
            if (width == 1 && !char.IsSurrogate(folded[i]) && !EmojiWords.MayBeSymbol(folded[i]))
            {
                continue;
            }

            Add(ids, folded[start..i]);
            Symbol(ids, folded.Slice(i, width).ToString());
            i += width - 1;
            start = i + 1;
        }

        Add(ids, folded[Math.Min(start, folded.Length)..]);
        if (ids.Count >= Longest)
        {
            ids.RemoveRange(Longest - 1, ids.Count - Longest + 1);
        }

        ids.Add(_bert.SeparatorTokenId);
        return [.. ids];
    }

    private void Symbol(List<long> ids, string symbol)
    {
        if (_symbols.TryGetValue(symbol, out var id))
        {
            ids.Add(id);
        }
        else if (_words.Of(symbol) is { } word)
        {
            Add(ids, word);
        }
    }

    private void Add(List<long> ids, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || ids.Count >= Longest)
        {
            return;
        }

        foreach (var id in _bert.EncodeToIds(text, addSpecialTokens: false, considerPreTokenization: true))
        {
            ids.Add(id);
        }
    }
}
