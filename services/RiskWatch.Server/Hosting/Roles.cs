namespace RiskWatch.Server.Hosting;

/// <summary>The roles of DESIGN §5 that one process can run.</summary>
internal static class Roles
{
    public const string Ingestion = "ingestion";
    public const string Classification = "classification";
    public const string Alerting = "alerting";
    public const string Indexing = "indexing";
    public const string Web = "web";
    public const string Jobs = "jobs";

    /// <summary>What <c>all</c> stands for.</summary>
    public static IReadOnlyList<string> All { get; } = [Ingestion, Classification, Alerting, Indexing, Web, Jobs];

    /// <summary>Reads a comma-separated list; null and the bad word where one is no role.</summary>
    public static IReadOnlySet<string>? Parse(string text, out string? wrong)
    {
        wrong = null;
        var roles = new HashSet<string>(StringComparer.Ordinal);
        foreach (var role in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (role == "all")
            {
                roles.UnionWith(All);
            }
            else if (All.Contains(role))
            {
                roles.Add(role);
            }
            else
            {
                wrong = role;
                return null;
            }
        }

        return roles;
    }
}
