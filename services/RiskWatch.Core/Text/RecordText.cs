using RiskWatch.Contracts;

namespace RiskWatch.Core.Text;

/// <summary>What a record says.</summary>
public static class RecordText
{
    /// <summary>Title and text as one, normalised; once where the text repeats the title.</summary>
    public static string Of(Record record)
    {
        var text = TextNormalizer.Normalize(record.Text);
        if (record.Title is not { Length: > 0 } given)
        {
            return text;
        }

        var title = TextNormalizer.Normalize(given);
        return text.StartsWith(title, StringComparison.Ordinal) ? text : text.Length == 0 ? title : $"{title} {text}";
    }
}
