namespace RiskWatch.Core.Control;

/// <summary>The control topic as a broadcast table (LOG §6): loaded in full, followed, and readable as of any offset.</summary>
public interface IControlTable
{
    /// <summary>Greatest offset loaded so far; −1 before the first entry. Writers put it into their marks.</summary>
    long Offset { get; }

    /// <summary>What stages may use when their input names <paramref name="offset"/>: entries up to and including it and no more. Waits while the table is still loading up to it.</summary>
    ValueTask<ControlView> AtAsync(long offset, CancellationToken cancel);

    /// <summary>The newest view, for edges that act on the present: ingestion, web, status.</summary>
    ControlView Latest { get; }
}
