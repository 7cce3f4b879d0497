using System.Globalization;
using System.Text;

namespace RiskWatch.Classification.Stage;

/// <summary>The strings that a partition's contributions refer to by number; only grows, and only by names of sites, sources, topics and places. 0 is none.</summary>
internal sealed class StringTable
{
    private const char Prefix = 't';

    private readonly List<string> _strings = [""];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal) { [""] = 0 };
    private int _written = 1;

    public string this[int number] => _strings[number];

    /// <summary>Number of a string, given on first sight.</summary>
    public int Of(string text)
    {
        if (!_numbers.TryGetValue(text, out var number))
        {
            number = _strings.Count;
            _strings.Add(text);
            _numbers[text] = number;
        }

        return number;
    }

    /// <summary>Number of a string that must fit in 16 bits.</summary>
    /// <exception cref="InvalidOperationException">More than 65,535 names of topics, sources and places are in use.</exception>
    public ushort ShortOf(string text) => Of(text) is var number and <= ushort.MaxValue
        ? (ushort)number
        : throw new InvalidOperationException("A records partition has seen more than 65,535 names of topics, sources and places; spread the sites over more partitions.");

    public void Flush(StateWriter writer)
    {
        for (; _written < _strings.Count; _written++)
        {
            writer.Put(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{_written}"), _strings[_written]);
        }
    }

    public void Restore(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> state)
    {
        var found = new SortedDictionary<int, string>();
        foreach (var (key, value) in state)
        {
            if (key[0] == Prefix)
            {
                found[int.Parse(key.AsSpan(1), CultureInfo.InvariantCulture)] = Encoding.UTF8.GetString(value.Span);
            }
        }

        foreach (var text in found.Values)
        {
            Of(text);
        }

        _written = _strings.Count;
    }
}
