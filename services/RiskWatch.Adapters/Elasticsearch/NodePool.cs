namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>Which node comes next: living ones in turn; one that failed rests for a minute, and √2 times longer with each further failure, up to 30 minutes. Where all rest, the one that is due first.</summary>
internal sealed class NodePool(IReadOnlyList<Uri> addresses, TimeProvider time)
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(30);

    private readonly Lock _lock = new();
    private readonly Node[] _nodes = [.. addresses.Select(a => new Node(a))];
    private int _next;

    /// <summary>Number of nodes.</summary>
    public int Count => _nodes.Length;

    /// <summary>The node to try now.</summary>
    public Uri Next()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            for (var i = 0; i < _nodes.Length; i++)
            {
                var node = _nodes[_next++ % _nodes.Length];
                if (node.RestsUntil <= now)
                {
                    return node.Address;
                }
            }

            return _nodes.MinBy(n => n.RestsUntil)!.Address;
        }
    }

    /// <summary>It answered.</summary>
    public void Answered(Uri address)
    {
        lock (_lock)
        {
            var node = Of(address);
            node.Failures = 0;
            node.RestsUntil = DateTimeOffset.MinValue;
        }
    }

    /// <summary>It could not be reached, or said that it cannot serve.</summary>
    public void Failed(Uri address)
    {
        lock (_lock)
        {
            var node = Of(address);
            var rest = Math.Min(LongestRest.Ticks, FirstRest.Ticks * Math.Pow(Math.Sqrt(2), node.Failures++));
            node.RestsUntil = time.GetUtcNow() + TimeSpan.FromTicks((long)rest);
        }
    }

    private Node Of(Uri address) => _nodes.First(n => n.Address == address);

    private sealed class Node(Uri address)
    {
        public Uri Address => address;

        public int Failures { get; set; }

        public DateTimeOffset RestsUntil { get; set; } = DateTimeOffset.MinValue;
    }
}
