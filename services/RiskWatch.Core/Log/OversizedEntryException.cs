namespace RiskWatch.Core.Log;

/// <summary>An entry or a state value is larger than the log takes. Thrown before anything of the commit is written; trying again does not help.</summary>
public sealed class OversizedEntryException : Exception
{
    public OversizedEntryException(string topic, string? key, long size, long limit)
        : base($"An entry of topic '{topic}' has {size} bytes; the log takes at most {limit}. Nothing of its commit was written.")
    {
        Topic = topic;
        Key = key;
        Size = size;
        Limit = limit;
    }

    /// <summary>Topic; for state, its changelog's.</summary>
    public string Topic { get; }

    /// <summary>Key of the entry. Not part of the message, since a key can be an author's or a record's.</summary>
    public string? Key { get; }

    /// <summary>Size of the value in bytes.</summary>
    public long Size { get; }

    /// <summary>The most that the log takes, in bytes.</summary>
    public long Limit { get; }
}
