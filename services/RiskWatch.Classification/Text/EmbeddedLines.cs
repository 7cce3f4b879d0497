namespace RiskWatch.Classification.Text;

/// <summary>Reads embedded word lists: lines that begin with # and empty lines are left out.</summary>
internal static class EmbeddedLines
{
    /// <summary>All of a list's text, for example <c>Taxonomies.topics.yaml</c>.</summary>
    /// <exception cref="InvalidDataException">The resource is missing.</exception>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedLines).Assembly.GetManifestResourceStream("RiskWatch.Classification." + name)
            ?? throw new InvalidDataException($"Embedded resource {name} is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The list's lines.</summary>
    public static IEnumerable<string> Of(string name) => Read(name)
        .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line[0] != '#');

    /// <summary>The list's words, parted by white space.</summary>
    public static IEnumerable<string> Words(string name) => Of(name).SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
