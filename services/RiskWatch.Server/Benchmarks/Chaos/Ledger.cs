namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>How often each thing is there, and what it says; to be compared with that of an undisturbed run.</summary>
/// <param name="name">What is counted.</param>
internal sealed class Ledger(string name)
{
    private readonly Dictionary<string, (long Count, string Value)> _entries = new(StringComparer.Ordinal);

    public string Name => name;

    public int Count => _entries.Count;

    public IReadOnlyCollection<string> Keys => _entries.Keys;

    /// <summary>One more of it; what it says is what the last said.</summary>
    public void Add(string key, string value, long count = 1) => _entries[key] = (_entries.GetValueOrDefault(key).Count + count, value);

    /// <summary>In what <paramref name="other"/> is not as this one.</summary>
    public Comparison Compare(Ledger other)
    {
        long lost = 0;
        long doubled = 0;
        var differences = new List<string>();
        foreach (var key in _entries.Keys.Union(other._entries.Keys).Order(StringComparer.Ordinal))
        {
            var (expected, value) = _entries.GetValueOrDefault(key, (0, ""));
            var (found, said) = other._entries.GetValueOrDefault(key, (0, ""));
            lost += Math.Max(0, expected - found);
            doubled += Math.Max(0, found - expected);
            if (expected != found || value != said)
            {
                differences.Add(expected != found ? $"{name}: {key}: {expected} undisturbed, {found} here" : $"{name}: {key}: '{value}' undisturbed, '{said}' here");
            }
        }

        return new Comparison(name, _entries.Count, lost, doubled, differences);
    }
}

/// <summary>A ledger beside that of an undisturbed run.</summary>
/// <param name="Name">What was counted.</param>
/// <param name="Entries">Entries of the undisturbed run.</param>
/// <param name="Lost">How many are missing.</param>
/// <param name="Doubled">How many are there too often.</param>
/// <param name="Differences">What is not equal, in words.</param>
internal sealed record Comparison(string Name, int Entries, long Lost, long Doubled, IReadOnlyList<string> Differences);
