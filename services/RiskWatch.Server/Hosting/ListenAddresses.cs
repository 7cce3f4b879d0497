using System.Net;

namespace RiskWatch.Server.Hosting;

/// <summary>Where console and API listen, and under which host names they answer.</summary>
/// <param name="Urls">Addresses.</param>
/// <param name="Hosts">Host names; <c>*</c> for any.</param>
internal sealed record ListenAddresses(string[] Urls, IList<string> Hosts)
{
    private const string Any = "*";
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>What the options say.</summary>
    /// <exception cref="ConfigurationException">An address is none, or others can reach it and <see cref="RiskWatchOptions.Insecure"/> does not allow that.</exception>
    public static ListenAddresses Of(RiskWatchOptions options)
    {
        var urls = options.Urls.Split(';', StringSplitOptions.TrimEntries);
        var hosts = urls.Select(url => Host(url, options.Insecure)).ToList();
        var given = options.Hosts?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return new ListenAddresses(urls, given.Length > 0 ? given : hosts.Contains(Any) ? [Any] : [.. Loopback.Union(hosts, StringComparer.OrdinalIgnoreCase)]);
    }

    private static string Host(string url, bool insecure)
    {
        if (!Uri.TryCreate(url.Replace("*", "0.0.0.0", StringComparison.Ordinal).Replace("+", "0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new ConfigurationException($"RiskWatch:Urls holds '{url}', which is not an address such as http://127.0.0.1:8080.");
        }

        var address = IPAddress.TryParse(uri.Host.Trim('[', ']'), out var parsed) ? parsed : null;
        if (uri.Host != "localhost" && (address is null || !IPAddress.IsLoopback(address)) && !insecure)
        {
            throw new ConfigurationException($"RiskWatch:Urls holds '{url}', which others can reach, and there is no log-in yet. Use a loopback address, or say --insecure.");
        }

        return address is not null && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) ? Any : uri.Host;
    }
}
