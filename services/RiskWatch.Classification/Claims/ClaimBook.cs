using System.Runtime.CompilerServices;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;

namespace RiskWatch.Classification.Claims;

/// <summary>The checked claims of each view of the control table that stages ask with, so that what a record is compared with depends on the log alone. Thread-safe; the index is made anew only where the claims differ.</summary>
internal sealed class ClaimBook(IClassifier classifier)
{
    private readonly ConditionalWeakTable<ControlView, Held> _views = [];
    private readonly Lock _lock = new();
    private Held _newest = new([], null);

    /// <summary>The claims of a view, null where it holds none.</summary>
    public ClaimIndex? Of(ControlView view) => _views.GetValue(view, Read).Index;

    private Held Read(ControlView view)
    {
        List<ControlEntry> entries = [.. view.All(ControlKind.Claims, DateTimeOffset.MaxValue)];
        lock (_lock)
        {
            if (!entries.SequenceEqual(_newest.Entries, ReferenceEqualityComparer.Instance))
            {
                _newest = new Held(entries, entries.Count == 0 ? null : classifier.IndexOf(entries.SelectMany(e => e.Claims?.Claims ?? [])));
            }

            return _newest;
        }
    }

    private sealed record Held(IReadOnlyList<ControlEntry> Entries, ClaimIndex? Index);
}
