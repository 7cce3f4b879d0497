using System.Diagnostics;

namespace RiskWatch.Core.Log;

/// <summary>One span per batch. A batch of one trace continues it; of several, it links to them. Tags are counts and names, never what an entry says.</summary>
internal static class StageTracing
{
    private const int MostLinks = 16;

    /// <summary>Starts the span; null where nobody listens.</summary>
    public static Activity? Start(string stage, IReadOnlyList<LogMessage> entries)
    {
        if (!StageMetrics.Activities.HasListeners())
        {
            return null;
        }

        var contexts = new HashSet<ActivityContext>();
        string? last = null;
        foreach (var entry in entries)
        {
            // Neighbours mostly come from one request, so the last one's words are compared before they are parsed.
            if (entry.TraceParent is { } parent && parent != last && ActivityContext.TryParse(last = parent, null, isRemote: true, out var context) && contexts.Add(context) && contexts.Count == MostLinks)
            {
                break;
            }
        }

        var activity = contexts.Count == 1
            ? StageMetrics.Activities.StartActivity(stage, ActivityKind.Consumer, contexts.First())
            : StageMetrics.Activities.StartActivity(stage, ActivityKind.Consumer, default(ActivityContext), links: contexts.Select(c => new ActivityLink(c)));
        activity?.SetTag("messaging.destination.name", entries[0].Topic);
        activity?.SetTag("messaging.batch.message_count", entries.Count);
        return activity;
    }
}
