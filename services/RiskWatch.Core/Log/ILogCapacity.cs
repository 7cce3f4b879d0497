namespace RiskWatch.Core.Log;

/// <summary>A log with a size limit of its own (LOG §8): when it is full the edge refuses new records and says so; stages go on, since their commits make room.</summary>
public interface ILogCapacity
{
    /// <summary>Bytes in use and the limit; cheap, a second old at most.</summary>
    LogCapacity Capacity { get; }
}

/// <summary>How full a log is.</summary>
/// <param name="UsedBytes">Bytes that entries and state take.</param>
/// <param name="LimitBytes">Configured limit.</param>
public readonly record struct LogCapacity(long UsedBytes, long LimitBytes)
{
    /// <summary>True where the edge must refuse.</summary>
    public bool IsFull => UsedBytes >= LimitBytes;
}
