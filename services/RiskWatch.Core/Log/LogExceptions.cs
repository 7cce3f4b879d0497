namespace RiskWatch.Core.Log;

/// <summary>The log cannot be reached or is busy: wait and try again; nothing was lost.</summary>
public sealed class TransientLogException : Exception
{
    public TransientLogException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Another member owns the partitions by now; what this one did was not kept.</summary>
public sealed class FencedException : Exception
{
    public FencedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Something that only an operator can change; the message names it and says what to do. Stops the process.</summary>
public sealed class LogConfigurationException : Exception
{
    public LogConfigurationException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
