using System.Buffers;
using System.Globalization;
using System.Text;

namespace RiskWatch.Core.Text;

/// <summary>The form in which text enters the log: NFKC, one space for any run of white space and line breaks, no control, zero-width or direction characters, broken surrogates as U+FFFD. Idempotent.</summary>
public static class TextNormalizer
{
    /// <summary>Normalises the text; the same instance where nothing changes, which for usual text is found out without allocation. Never throws.</summary>
    public static string Normalize(string text)
    {
        if (IsClean(text))
        {
            return text;
        }

        var buffer = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            // Strip first: a zero-width character between a letter and its accent would hide them from NFKC.
            var stripped = new string(buffer, 0, Strip(text, buffer));
            var composed = stripped.Normalize(NormalizationForm.FormKC);
            var result = CollapseSpaces(composed);
            return string.Equals(result, text, StringComparison.Ordinal) ? text : result;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    /// <summary>True where every character is one that no step changes, alone or beside its neighbours.</summary>
    private static bool IsClean(string text)
    {
        var space = true;
        foreach (var c in text)
        {
            if (c == ' ')
            {
                if (space)
                {
                    return false;
                }

                space = true;
                continue;
            }

            space = false;
            if (c is not (> ' ' and < '\u007F' or >= '\u4E00' and <= '\u9FFF' or '\u3001' or '\u3002' or >= '\u3008' and <= '\u3011' or >= '\u2018' and <= '\u2019' or >= '\u201C' and <= '\u201D'))
            {
                return false;
            }
        }

        return !space || text.Length == 0;
    }

    private static int Strip(string text, Span<char> into)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsSurrogate(c))
            {
                if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                {
                    // U+E0000–U+E0FFF: tags and variation selectors.
                    if (c is not (>= '\uDB40' and <= '\uDB43'))
                    {
                        into[length++] = c;
                        into[length++] = text[i + 1];
                    }

                    i++;
                }
                else
                {
                    into[length++] = '\uFFFD';
                }
            }
            else if (IsSpace(c))
            {
                into[length++] = ' ';
            }
            else if (!IsInvisible(c))
            {
                into[length++] = c;
            }
        }

        return length;
    }

    private static string CollapseSpaces(string text)
    {
        var buffer = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            var length = 0;
            foreach (var c in text)
            {
                if (!IsSpace(c))
                {
                    buffer[length++] = c;
                }
                else if (length > 0 && buffer[length - 1] != ' ')
                {
                    buffer[length++] = ' ';
                }
            }

            if (length > 0 && buffer[length - 1] == ' ')
            {
                length--;
            }

            return length == text.Length ? text : new string(buffer, 0, length);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static bool IsSpace(char c) => char.IsWhiteSpace(c);

    // U+FE00–U+FE0F are variation selectors: invisible, though not of a format category. U+FFFE and U+FFFF are no characters.
    private static bool IsInvisible(char c) => c is >= '\uFE00' and <= '\uFE0F' or '\u034F' or '\u3164' or '\u115F' or '\u1160' or '\uFFA0' or >= '\uFFFE'
        || (c < '\u0020' || c >= '\u007F') && CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;
}
