using System.Text;

namespace RiskWatch.Ingestion.Mappings;

/// <summary>Gives the values of a row by slot, as a mapping numbers the columns that it uses.</summary>
internal interface IRowValues
{
    string this[int slot] { get; }
}

/// <summary>Words with columns in braces: <c>"{case_title} ({reason})"</c>. The value is trimmed; a column that is not there gives nothing.</summary>
internal sealed class Template
{
    private readonly (string? Literal, int Slot)[] _parts;

    private Template((string?, int)[] parts) => _parts = parts;

    /// <summary>The value where no column is in it, else null.</summary>
    public string? Constant => _parts.All(p => p.Literal is not null) ? string.Concat(_parts.Select(p => p.Literal)) : null;

    /// <summary>Reads one; a name in braces with a question mark may be missing in the file.</summary>
    /// <param name="text">The template.</param>
    /// <param name="columns">Numbers the columns.</param>
    /// <param name="key">Where it stands in the mapping, for errors.</param>
    public static Template Parse(string text, ColumnSlots columns, string key)
    {
        var parts = new List<(string?, int)>();
        var at = 0;
        while (at < text.Length)
        {
            var open = text.IndexOf('{', at);
            var close = open < 0 ? -1 : text.IndexOf('}', open);
            if (open < 0)
            {
                parts.Add((text[at..], 0));
                break;
            }

            if (close < 0)
            {
                throw new MappingException(key, $"has an opening brace without its end in \"{text}\"");
            }

            if (open > at)
            {
                parts.Add((text[at..open], 0));
            }

            parts.Add((null, columns.Use(text[(open + 1)..close], key)));
            at = close + 1;
        }

        return new Template([.. parts]);
    }

    /// <summary>The value for a row.</summary>
    public string Of(IRowValues row)
    {
        if (_parts.Length == 1)
        {
            return _parts[0].Literal ?? row[_parts[0].Slot].Trim();
        }

        var text = new StringBuilder();
        foreach (var (literal, slot) in _parts)
        {
            text.Append(literal ?? row[slot].Trim());
        }

        return text.ToString().Trim();
    }
}

/// <summary>The columns that a mapping uses, numbered.</summary>
internal sealed class ColumnSlots
{
    /// <summary>Name of the pseudo-column with the time a thing was first seen, in epoch seconds.</summary>
    public const string First = "@first";

    /// <summary>Name of the pseudo-column with the local day on which a thing was first seen.</summary>
    public const string FirstDay = "@firstDay";

    /// <summary>Name of the pseudo-column with the time of the row that this one refers to, in epoch seconds.</summary>
    public const string Joined = "@joined";

    /// <summary>Name of the pseudo-column with the row's line in its file.</summary>
    public const string Line = "@line";

    private readonly List<(string Name, bool Optional)> _columns = [];

    /// <summary>Names by slot, and whether a file may lack them.</summary>
    public IReadOnlyList<(string Name, bool Optional)> Columns => _columns;

    /// <summary>Slot of a column.</summary>
    public int Use(string name, string key)
    {
        var optional = name.EndsWith('?');
        var plain = (optional ? name[..^1] : name).Trim();
        if (plain.Length == 0 || (plain[0] == '@' && plain is not (First or FirstDay or Joined or Line)))
        {
            throw new MappingException(key, $"names a column '{name}' that cannot be");
        }

        var slot = _columns.FindIndex(c => c.Name == plain);
        if (slot < 0)
        {
            _columns.Add((plain, optional));
            return _columns.Count - 1;
        }

        _columns[slot] = (plain, _columns[slot].Optional && optional);
        return slot;
    }
}
