namespace RiskWatch.Core.Ingest;

/// <summary>Something about sources, mappings, files or secrets that only an operator can change; the message names the key or file and says what to do.</summary>
public sealed class IngestionConfigurationException : Exception
{
    public IngestionConfigurationException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
