using RiskWatch.Core.Ingest;

namespace RiskWatch.Ingestion.Mappings;

/// <summary>The mappings that come with RiskWatch, and mapping files of one's own.</summary>
internal static class BuiltInMappings
{
    private const string Prefix = "RiskWatch.Ingestion.Mappings.BuiltIn.";

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(BuiltInMappings).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..^".json".Length]).Order(StringComparer.Ordinal)];

    /// <summary>A built-in mapping by name, else the mapping file of that path.</summary>
    /// <exception cref="IngestionConfigurationException">There is neither, or it is wrong.</exception>
    public static Mapping Find(string nameOrFile)
    {
        if (Names.Contains(nameOrFile))
        {
            using var stream = typeof(BuiltInMappings).Assembly.GetManifestResourceStream(Prefix + nameOrFile + ".json")!;
            using var reader = new StreamReader(stream);
            return MappingReader.Read(reader.ReadToEnd(), nameOrFile);
        }

        if (!File.Exists(nameOrFile))
        {
            throw new IngestionConfigurationException($"There is no mapping '{nameOrFile}': give one of {string.Join(", ", Names)}, or a mapping file.");
        }

        try
        {
            return MappingReader.Read(File.ReadAllText(nameOrFile), nameOrFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IngestionConfigurationException($"The mapping file {nameOrFile} cannot be read: {e.Message}", e);
        }
    }
}
