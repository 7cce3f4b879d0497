using System.CommandLine;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Commands;

/// <summary><c>run</c>: the roles as services, until stopped.</summary>
internal static class RunCommand
{
    private static readonly Option<string> Role = new("--role") { Description = "ingestion, classification, alerting, indexing, web, jobs, or all; several with commas", DefaultValueFactory = _ => "all", HelpName = "R" };
    private static readonly Option<string?> Urls = new("--urls") { Description = "Addresses of console and API [RiskWatch:Urls; default: http://127.0.0.1:8080]" };
    private static readonly Option<bool> Insecure = new("--insecure") { Description = "Allow addresses that are not loopback, although there is no log-in yet" };

    public static Command Create()
    {
        var command = new Command("run", "Runs the services (default: all of them in one process, nothing else installed)") { Role, Urls, Insecure };
        command.SetAction(RunAsync);
        return command;
    }

    public static async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var roles = Roles.Parse(parse.GetValue(Role)!, out var wrong) ?? throw new UsageException($"'{wrong}' is not a role; use {string.Join(", ", Roles.All)} or all.");
        var overrides = new Dictionary<string, string?>();
        if (parse.GetValue(Urls) is { } urls)
        {
            overrides["RiskWatch:Urls"] = urls;
        }

        if (parse.GetValue(Insecure))
        {
            overrides["RiskWatch:Insecure"] = "true";
        }

        await using var app = RiskWatchHost.Web(CommonOptions.Configuration(parse, overrides), roles);
        return await RiskWatchHost.RunAsync(app, cancel);
    }
}
