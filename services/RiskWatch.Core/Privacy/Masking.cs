using System.Buffers;
using System.Text.RegularExpressions;

namespace RiskWatch.Core.Privacy;

/// <summary>
/// Masks what points to persons in normalised text (LOG §10.2): phone numbers, Chinese identity-card numbers, licence plates, mail addresses, handles.
/// Idempotent; the same instance where nothing was found.
/// </summary>
public static partial class Masking
{
    public const string Phone = "[PHONE]";
    public const string IdCard = "[ID]";
    public const string Plate = "[PLATE]";
    public const string Mail = "[MAIL]";

    /// <summary>What remains of a handle.</summary>
    public const string Handle = "@…";

    private static readonly SearchValues<char> Plates = SearchValues.Create("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领");
    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>Masks the text. Handles in <paramref name="officialHandles"/> (without the @) stay.</summary>
    public static string Apply(string text, IReadOnlySet<string>? officialHandles = null)
    {
        if (text.Contains('@', StringComparison.Ordinal))
        {
            text = MailPattern().Replace(text, Mail);
            text = HandlePattern().Replace(text, match => officialHandles?.Contains(match.ValueSpan[1..].ToString()) == true ? match.Value : Handle);
        }

        if (CountDigits(text) >= 3)
        {
            if (text.AsSpan().ContainsAny(Plates))
            {
                text = PlatePattern().Replace(text, Plate);
            }

            text = IdCardPattern().Replace(text, match => IsIdCard(match.ValueSpan) ? IdCard : match.Value);
            text = PhonePattern().Replace(text, Phone);
        }

        return text;
    }

    /// <summary>Whether it is a Chinese identity-card number: 18 characters with a right check character (GB 11643), or an old one of 15 digits.</summary>
    public static bool IsIdCard(ReadOnlySpan<char> number)
    {
        if (number.Length == 15)
        {
            return true;
        }

        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            sum += (number[i] - '0') * Weights[i];
        }

        return char.ToUpperInvariant(number[17]) == "10X98765432"[sum % 11];
    }

    private static int CountDigits(string text)
    {
        var count = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c) && ++count == 3)
            {
                break;
            }
        }

        return count;
    }

    [GeneratedRegex(@"(?<![A-Za-z0-9._%+\-@])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,8}", RegexOptions.CultureInvariant)]
    private static partial Regex MailPattern();

    // Mastodon's @user@host is one handle. A handle after a letter or digit is the rest of something else, a mail address without a dot for example.
    [GeneratedRegex(@"(?<![A-Za-z0-9])@[\p{L}\p{N}_\-·]{1,30}(?:@[A-Za-z0-9.\-]{1,255})?", RegexOptions.CultureInvariant)]
    private static partial Regex HandlePattern();

    // A letter for the city and five characters, six for new-energy cars; at least three of them digits. "东京WTA500" is none.
    [GeneratedRegex(@"(?:(?<![东北南])京|[津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领])[A-HJ-NP-Za-hj-np-z][·・•.\- ]?(?=(?:[A-Za-z]*[0-9]){3})[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9年])", RegexOptions.CultureInvariant)]
    private static partial Regex PlatePattern();

    // Six digits of the place (provinces 11–82), the birthday, three digits, the check character; the old form has two digits of the year and no check.
    [GeneratedRegex(@"(?<![A-Za-z0-9])(?:[1-8][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]|[1-6][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3})(?![A-Za-z0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex IdCardPattern();

    // Round numbers are amounts. In turn: Chinese mobile, Chinese landline, 400 and 800 numbers, North American, any other international with its plus sign.
    [GeneratedRegex(@"(?<![0-9A-Za-z.])(?:(?:\(?\+?86\)?[\- ]?)?1[3-9](?![0-9]{1,2}0{7})[0-9][\- ]?[0-9]{4}[\- ]?[0-9]{4}|(?:\(0[1-9][0-9]{1,2}\) ?|0[1-9][0-9]{1,2}[\- ])[2-9][0-9]{2,3}[\- ]?[0-9]{4}(?:[\- ](?:转 ?)?[0-9]{1,6})?|[48]00[\- ]?[1-9][0-9]{2}[\- ]?[0-9]{4}|(?:\+?1[\-. ]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[\-. ])[2-9][0-9]{2}[\-. ][0-9]{4}|\+[1-9][0-9]{0,2}(?:[\-. ]?\(?[0-9]{2,5}\)?){2,5})(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex PhonePattern();
}
