using RiskWatch.Core.Control;

namespace RiskWatch.Server.Hosting;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: topics, templates, control table and models are there, no service has failed, and log and
/// (where the roles need it) store answer now.
/// </summary>
internal static class Health
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live")).ExcludeFromDescription();
        app.MapGet("/health/ready", (IControlTable control, DependencyWatch watch, IHostApplicationLifetime lifetime) =>
        {
            var word = NotReady(lifetime.ApplicationStarted.IsCancellationRequested, control.Offset >= 0, RiskWatchHost.Failed(app), watch.States);
            return Results.Text(word ?? "ready", statusCode: word is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).ExcludeFromDescription();
    }

    /// <summary>Why it is not ready; null where it is. The host starts services in turn, so "started" says that topics, templates and models are there.</summary>
    internal static string? NotReady(bool started, bool controlLoaded, Exception? failure, IReadOnlyList<(string Name, bool Up)> dependencies)
    {
        if (failure is not null)
        {
            return "failed: " + failure.GetType().Name;
        }

        if (!started || !controlLoaded)
        {
            return "starting";
        }

        var down = dependencies.Where(d => !d.Up).Select(d => d.Name).ToList();
        return down.Count == 0 ? null : $"waiting for {string.Join(" and ", down)}";
    }
}
