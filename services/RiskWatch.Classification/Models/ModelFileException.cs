namespace RiskWatch.Classification.Models;

/// <summary>A model file is missing, cut short, damaged or of another version; the message names the file and what is wrong with it.</summary>
public sealed class ModelFileException : Exception
{
    /// <summary>For serializers and tests only.</summary>
    public ModelFileException()
        : this("", "is not readable")
    {
    }

    /// <summary>With a message as it is.</summary>
    public ModelFileException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and its cause.</summary>
    public ModelFileException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Names the file and the fault.</summary>
    public ModelFileException(string path, string fault, Exception? cause = null)
        : base($"The model file '{path}' {fault}. Restore it from the repository or run 'riskwatch train'.", cause)
    {
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; } = "";
}
