using System.CommandLine;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Commands;

/// <summary><c>health</c>: asks a running process whether it is ready; for containers, whose images have no curl.</summary>
internal static class HealthCommand
{
    private static readonly Option<string?> Urls = new("--urls") { Description = "Address of the process [RiskWatch:Urls; default: http://127.0.0.1:8080]" };

    public static Command Create()
    {
        var command = new Command("health", "Asks a running process whether it is ready: exit code 0, or 1 with the reason") { Urls };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var options = ConfigurationCheck.Bind<RiskWatchOptions>(CommonOptions.Configuration(parse), RiskWatchOptions.Section);
        var url = (parse.GetValue(Urls) ?? options.Urls).Split(';')[0].Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "127.0.0.1", StringComparison.Ordinal);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            throw new UsageException($"--urls is '{url}', which is not an address such as http://127.0.0.1:8080.");
        }

        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/health/ready"), cancel);
            Console.Out.WriteLine(await answer.Content.ReadAsStringAsync(cancel));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"error: {address} does not answer: {e.Message}");
            return 1;
        }
    }
}
