using RiskWatch.Contracts;

namespace RiskWatch.Web.Live;

/// <summary>The newest alerts by last change, at most a given number. Not thread-safe.</summary>
internal sealed class RecentAlerts(int capacity)
{
    private readonly Dictionary<string, LinkedListNode<Alert>> _byId = new(StringComparer.Ordinal);
    private readonly LinkedList<Alert> _byChange = [];

    public Alert? Find(string id) => _byId.GetValueOrDefault(id)?.Value;

    public void Keep(Alert alert)
    {
        if (_byId.Remove(alert.Id, out var held))
        {
            _byChange.Remove(held);
        }

        _byId[alert.Id] = _byChange.AddLast(alert);
        if (_byChange.Count > capacity && _byChange.First is { } oldest)
        {
            _byChange.RemoveFirst();
            _byId.Remove(oldest.Value.Id);
        }
    }
}
