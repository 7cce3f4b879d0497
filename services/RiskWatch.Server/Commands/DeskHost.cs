using System.CommandLine;
using RiskWatch.Core.Acting;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Commands;

/// <summary>For verbs by which people act: the same desks as the API, on the log and store that the configuration names, also while a server runs on them.</summary>
internal static class DeskHost
{
    public static Option<string> By { get; } = new("--by") { Description = "Who acts, as it stands in the log", DefaultValueFactory = _ => Environment.UserName, HelpName = "NAME" };

    public static async Task<int> UseAsync(ParseResult parse, Func<IServiceProvider, Task<int>> act, CancellationToken cancel)
    {
        var configuration = CommonOptions.Configuration(parse);
        using var host = RiskWatchHost.Plain(configuration, new HashSet<string>(), services => services.AddActing(), exclusive: false);
        await host.StartAsync(cancel);
        try
        {
            return await act(host.Services);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Says how an act went; exit code.</summary>
    public static async Task<int> SayAsync(Acted acted, string done, string missing)
    {
        switch (acted.Outcome)
        {
            case ActedOutcome.Done:
                await Console.Error.WriteLineAsync(done);
                return 0;
            case ActedOutcome.TooLate:
                await Console.Error.WriteLineAsync("error: it was dealt with already; the act is recorded and changes nothing.");
                return 1;
            case ActedOutcome.NotFound:
                await Console.Error.WriteLineAsync("error: " + missing);
                return 1;
            default:
                foreach (var error in acted.Errors ?? [])
                {
                    await Console.Error.WriteLineAsync($"error: {error.Path}: {error.Message}");
                }

                return 1;
        }
    }
}
