namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>How large bulk requests are: half as large when the server is busy, a sixteenth of the most larger with each one that went well.</summary>
internal sealed class BulkSize(int most)
{
    private const int Least = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly int _most = most;
    private int _bytes = most;

    /// <summary>Bytes that a request may have now; one with a single document may have more.</summary>
    public int Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>True while the server was busy lately: one request at a time then.</summary>
    public bool Reduced => Bytes < _most / 2;

    public void WentWell()
    {
        lock (_lock)
        {
            _bytes = Math.Min(_most, _bytes + (_most / 16));
        }
    }

    public void WasBusy()
    {
        lock (_lock)
        {
            _bytes = Math.Max(Math.Min(Least, _most), _bytes / 2);
        }
    }
}
