using RiskWatch.Contracts;
using RiskWatch.Core.Acting;

namespace RiskWatch.Server.Commands;

/// <summary>A site that a replay or backtest is given as a file (one site, or an array of one, as <c>sites get</c> writes it) instead of by name.</summary>
internal static class SiteFile
{
    /// <summary>Sets the site where <paramref name="nameOrFile"/> is a file; gives the site's name.</summary>
    /// <exception cref="UsageException">The file does not hold one valid site.</exception>
    public static async Task<string?> UseAsync(IServiceProvider services, string? nameOrFile, CancellationToken cancel)
    {
        if (nameOrFile is null || !File.Exists(nameOrFile))
        {
            return nameOrFile;
        }

        var text = (await File.ReadAllTextAsync(nameOrFile, cancel)).Trim();
        var sites = ControlJson.Read<Site>(text.StartsWith('[') ? text : $"[{text}]", out var error);
        if (sites is not [var site])
        {
            throw new UsageException($"{nameOrFile}: {(error is null ? "must hold one site" : $"{error.Path}: {error.Message}")}");
        }

        var acted = await services.GetRequiredService<ControlDesk>().SetAsync(site, "replay", cancel);
        return acted.Errors is not { } errors ? site.Id : throw new UsageException($"{nameOrFile}: {string.Join("; ", errors.Select(e => $"{e.Path}: {e.Message}"))}");
    }
}
