using System.Buffers;
using System.Collections.Frozen;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Models;

/// <summary>
/// The language of a text, by its scripts and, for the Latin script, by common words: "zh", "en", another code where script or words tell,
/// "und" where nothing does. Links, @names and the ASCII words inside a Chinese text do not count.
/// </summary>
public static class LanguageIdentifier
{
    private const int Window = 600;
    private const int LongestWord = 12;

    private static readonly FrozenDictionary<string, int> Words = BuildWords();
    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly string[] Latin = ["en", "es", "pt", "fr", "de", "it", "id", "nl", "tr", "vi", "tl", "pl", "sv"];
    private static readonly SearchValues<char> Marked = SearchValues.Create("ñ¿¡ãõçßäöüåøæłżąęśćğışđơưạảấầẩậắằẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹêâîôûœéèàáíóúùìò");

    /// <summary>BCP 47 code of the language, "und" if unknown. Never throws, allocates nothing.</summary>
    public static string Identify(ReadOnlySpan<char> text)
    {
        if (text.Length > Window)
        {
            text = text[..Window];
        }

        int han = 0, kana = 0, hangul = 0, latin = 0, cyrillic = 0, arabic = 0, other = 0, thai = 0, devanagari = 0, greek = 0, hebrew = 0;
        Span<int> votes = stackalloc int[Latin.Length];
        Span<char> word = stackalloc char[LongestWord];
        int letters = 0, marked = 0, words = 0;
        votes.Clear();
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : ' ';
            if (c == '@' || (c is 'h' or 'H' && text[i..].StartsWith("http", StringComparison.OrdinalIgnoreCase)))
            {
                while (i + 1 < text.Length && text[i + 1] is > ' ' and < '\u007f')
                {
                    i++;
                }

                c = ' ';
            }

            var isLatin = c < 0x250 ? char.IsLetter(c) : c is >= '\u1E00' and < '\u1F00';
            if (isLatin || (c is '\'' or '’' && letters > 0))
            {
                if (letters < LongestWord)
                {
                    word[letters] = c == '’' ? '\'' : LowerCase.Of(c);
                }

                letters++;
                latin += isLatin ? 1 : 0;
                marked += c > 0x7F && Marked.Contains(LowerCase.Of(c)) ? 1 : 0;
                continue;
            }

            if (letters > 0)
            {
                words++;
                if (letters <= LongestWord && Lookup.TryGetValue(word[..letters], out var mask))
                {
                    for (var l = 0; l < votes.Length; l++)
                    {
                        votes[l] += (mask >> l) & 1;
                    }
                }

                letters = 0;
            }

            switch (c)
            {
                case < '\u0370':
                    break;
                case < '\u0400':
                    greek++;
                    break;
                case < '\u0530':
                    cyrillic++;
                    break;
                case >= '\u0590' and < '\u0600':
                    hebrew++;
                    break;
                case (>= '\u0600' and < '\u0780') or (>= '\uFB50' and < '\uFE00') or (>= '\uFE70' and < '\uFEFF'):
                    arabic++;
                    break;
                case >= '\u0900' and < '\u0980':
                    devanagari++;
                    break;
                case >= '\u0E00' and < '\u0E80':
                    thai++;
                    break;
                case (>= '\u3041' and < '\u30FB') or (>= '\uFF66' and < '\uFF9F'):
                    kana++;
                    break;
                case (>= '\u1100' and < '\u1200') or (>= '\uAC00' and < '\uD7A4'):
                    hangul++;
                    break;
                case (>= '\u3400' and < '\uA000') or (>= '\uF900' and < '\uFB00'):
                    han++;
                    break;
                default:
                    other += char.IsLetter(c) ? 1 : 0;
                    break;
            }
        }

        // A Han character says about as much as two Latin letters.
        ReadOnlySpan<int> sizes = [(han + kana) * 2, hangul * 2, latin, cyrillic, arabic, devanagari, thai, greek, hebrew, other];
        var best = 0;
        for (var i = 1; i < sizes.Length; i++)
        {
            best = sizes[i] > sizes[best] ? i : best;
        }

        return sizes[best] == 0 ? "und" : best switch
        {
            0 => kana * 10 > han ? "ja" : "zh",
            1 => "ko",
            // A Chinese post with a few foreign names or much ASCII noise is Chinese all the same.
            2 => han >= 4 && han * 4 > latin ? kana * 10 > han ? "ja" : "zh" : LatinLanguage(votes, words, marked),
            3 => "ru",
            4 => "ar",
            5 => "hi",
            6 => "th",
            7 => "el",
            8 => "he",
            _ => "und",
        };
    }

    private static string LatinLanguage(ReadOnlySpan<int> votes, int words, int marked)
    {
        var best = 0;
        for (var l = 1; l < votes.Length; l++)
        {
            best = votes[l] > votes[best] ? l : best;
        }

        // English wins ties: its common words are few among short posts, and hotline titles have none at all.
        if (best != 0 && votes[best] > votes[0] && (votes[best] >= 2 || marked > 0))
        {
            return Latin[best];
        }

        return votes[0] == 0 && (marked >= 2 || words == 0) ? "und" : "en";
    }

    private static FrozenDictionary<string, int> BuildWords()
    {
        string[] lists =
        [
            "the and to of in is you that it for on are with this was have be not but they at we from my your what just all so can will about out up when no like get if me i'm it's don't has been our their there would how who now he she his her him by an as or do",
            "el la los las de que y en un una por con para no es se del al lo como más pero sus su le ya o este sí porque esta entre cuando muy sin sobre me hay donde quien desde todo nos estoy soy hoy mi te qué está también",
            "o os as de que e em um uma por com para não é se do da no na dos das ao mais mas foi como eu você ele ela isso muito já também só pelo pela até meu minha está tem são nos vai",
            "le la les des de et en un une du que qui dans pour pas sur au plus par je ne ce il avec est sont mais nous vous on ou cette ses mon ton c'est j'ai d'un aux être tout très fait comme bien",
            "der die das und ist ich nicht ein eine zu den mit auf für von dem sich des es im auch wie wir bei oder noch nach aus wenn nur werden hat sind mir mich du aber war haben kann mehr schon so",
            "il lo gli di che e la per un una in non è con sono del della si da al come più ma anche dei nel ho mi ti ci questo questa alla perché tutto molto fatto ancora cosa essere",
            "yang dan di ini itu dengan untuk tidak dari dalam akan pada juga ke karena ada saya kamu aku bisa sudah lagi kalau banget gak ga nya yg aja udah mau sama orang kita apa jangan",
            "de het een en van ik je dat niet is op te in voor met zijn maar ook aan er nog wel om naar heb bij als dan wat geen mijn meer deze over kan uit hebben",
            "bir ve bu için ne de da çok ben mi gibi ama var daha kadar olan o değil en yok ile bana sen beni şey her diye olarak sonra kendi",
            "và của là không có cho một tôi được trong với người này các những khi đã như đi em anh rất thì mà ở cũng để",
            "ang ng sa na mga ako ko mo ka ay at hindi si ni para lang naman pa po ba yung nga kasi siya kung wala",
            "się nie na to jest że do i w z jak ale co tak już mi jestem tylko dla czy przez może był ma po od",
            "och att det som en är på av för med jag inte den till har de så om ett men var kan vi du från eller",
        ];
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var l = 0; l < lists.Length; l++)
        {
            foreach (var word in lists[l].Split(' '))
            {
                words[word] = words.GetValueOrDefault(word) | (1 << l);
            }
        }

        return words.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
