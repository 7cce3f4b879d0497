using System.Text;

namespace RiskWatch.Classification.Training;

/// <summary>Reads rows of delimited files with quoted fields; a quoted field may hold line breaks and doubled quotes.</summary>
internal static class DelimitedRows
{
    /// <summary>All rows, the header included.</summary>
    public static IEnumerable<IReadOnlyList<string>> Read(string path, char separator)
    {
        var text = File.ReadAllText(path);
        var row = new List<string>();
        var field = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"' && field.Length == 0)
            {
                i = Quoted(text, i + 1, field);
            }
            else if (c == separator || c == '\n')
            {
                row.Add(field.ToString().TrimEnd('\r'));
                field.Clear();
                if (c == '\n')
                {
                    yield return row;
                    row = [];
                }
            }
            else
            {
                field.Append(c);
            }
        }

        if (field.Length > 0 || row.Count > 0)
        {
            row.Add(field.ToString());
            yield return row;
        }
    }

    private static int Quoted(string text, int i, StringBuilder field)
    {
        for (; i < text.Length; i++)
        {
            if (text[i] != '"')
            {
                field.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else
            {
                return i;
            }
        }

        return i;
    }
}
