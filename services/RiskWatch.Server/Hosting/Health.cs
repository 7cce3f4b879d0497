using RiskWatch.Core.Control;

namespace RiskWatch.Server.Hosting;

/// <summary><c>/health/live</c>: the process answers; <c>/health/ready</c>: topics, control table and models are there and no service has failed.</summary>
internal static class Health
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live")).ExcludeFromDescription();
        app.MapGet("/health/ready", (IControlTable control, IHostApplicationLifetime lifetime) =>
        {
            if (!lifetime.ApplicationStarted.IsCancellationRequested || control.Offset < 0)
            {
                return Results.Text("starting", statusCode: StatusCodes.Status503ServiceUnavailable);
            }

            return RiskWatchHost.Failed(app) is { } failure
                ? Results.Text("failed: " + failure.GetType().Name, statusCode: StatusCodes.Status503ServiceUnavailable)
                : Results.Text("ready");
        }).ExcludeFromDescription();
    }
}
