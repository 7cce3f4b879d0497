using System.ComponentModel.DataAnnotations;

namespace RiskWatch.Server.Hosting;

/// <summary>What the whole process is told (section <c>RiskWatch</c>); adapters and services have sections of their own below it.</summary>
public sealed class RiskWatchOptions
{
    public const string Section = "RiskWatch";

    /// <summary>Folder for the embedded log and store, and secrets. Default <c>data</c> below the current folder.</summary>
    [Required]
    public string Data { get; set; } = "data";

    /// <summary>Event log: <c>sqlite</c> (default) or <c>kafka</c>.</summary>
    [RegularExpression("sqlite|kafka", ErrorMessage = "RiskWatch:Log must be sqlite or kafka.")]
    public string Log { get; set; } = "sqlite";

    /// <summary>Store: <c>sqlite</c> (default), <c>elasticsearch</c>, <c>opensearch</c> or <c>none</c>.</summary>
    [RegularExpression("sqlite|elasticsearch|opensearch|none", ErrorMessage = "RiskWatch:Store must be sqlite, elasticsearch, opensearch or none.")]
    public string Store { get; set; } = "sqlite";

    /// <summary>Addresses of the console and API. Default <c>http://127.0.0.1:8080</c>. Others than loopback need <see cref="Insecure"/>.</summary>
    [Required]
    public string Urls { get; set; } = "http://127.0.0.1:8080";

    /// <summary>Allows addresses that are not loopback, although there is no log-in yet.</summary>
    public bool Insecure { get; set; }

    /// <summary>
    /// Host names under which console and API answer, with <c>;</c> between them, <c>*</c> for any: a page of a stranger's name that resolves to this machine gets nothing.
    /// Default: <c>localhost;127.0.0.1;[::1]</c> and the hosts of <see cref="Urls"/>; any where one of these is all interfaces.
    /// </summary>
    public string? Hosts { get; set; }

    /// <summary>Name of this instance, the same after a restart and another for each process of a role: members of groups and transactional ids derive from it. Default: the machine's name.</summary>
    public string? Instance { get; set; }

    /// <summary>Least level that is logged: Verbose, Debug, Information (default), Warning, Error.</summary>
    [RegularExpression("Verbose|Debug|Information|Warning|Error", ErrorMessage = "RiskWatch:LogLevel must be Verbose, Debug, Information, Warning or Error.")]
    public string LogLevel { get; set; } = "Information";

    /// <summary>Writes logs as JSON lines. Default: plain.</summary>
    public bool LogJson { get; set; }

    /// <summary><c>cascade</c> (default): the trained heads, and the encoder for records in doubt; <c>fast</c>: without the encoder; <c>heads</c>, <c>none</c>: the fast heads without topics, places and terms, and nothing at all, to measure what each costs.</summary>
    [RegularExpression("cascade|fast|heads|none", ErrorMessage = "RiskWatch:Classify must be cascade, fast, heads or none.")]
    public string Classify { get; set; } = "cascade";
}
