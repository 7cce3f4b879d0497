using System.CommandLine;

namespace RiskWatch.Server.Commands;

/// <summary>Options that every verb takes; each is a configuration key too.</summary>
internal static class CommonOptions
{
    public static Option<string?> Data { get; } = new("--data") { Description = "Folder of the embedded log and store [RiskWatch:Data; default: data]", HelpName = "DIR", Recursive = true };

    public static Option<string?> Log { get; } = Words("--log", "Event log [RiskWatch:Log; default: sqlite]", "sqlite", "kafka");

    public static Option<string?> Store { get; } = Words("--store", "Store for queries [RiskWatch:Store; default: sqlite]", "sqlite", "elasticsearch", "opensearch", "none");

    public static Option<string?> Classify { get; } = Words("--classify", "cascade: the trained heads, and the encoder for records in doubt; fast: without the encoder; heads, none: the fast heads without topics, places and terms, and nothing at all, to measure what each costs [RiskWatch:Classify; default: cascade]", "cascade", "fast", "heads", "none");

    public static Option<FileInfo?> Config { get; } = new("--config") { Description = "A configuration file (JSON) read after appsettings.json", HelpName = "FILE", Recursive = true };

    public static Option<string[]> Set { get; } = new("--set") { Description = "A configuration value, for example --set RiskWatch:Topology:RecordsPartitions=8", HelpName = "KEY=VALUE", Recursive = true, AllowMultipleArgumentsPerToken = false };

    public static Option<bool> LogJson { get; } = new("--log-json") { Description = "Logs as JSON lines on standard error [RiskWatch:LogJson]", Recursive = true };

    public static Option<string?> LogLevel { get; } = Words("--log-level", "Least level that is logged [RiskWatch:LogLevel; default: Information]", "Verbose", "Debug", "Information", "Warning", "Error");

    public static IEnumerable<Option> All => [Data, Log, Store, Classify, Config, Set, LogJson, LogLevel];

    /// <summary>Configuration: appsettings.json beside the program, the file given, environment (<c>RISKWATCH__KEY</c> or <c>RiskWatch__Key</c>), arguments; later ones win.</summary>
    public static IConfigurationRoot Configuration(ParseResult parse, IReadOnlyDictionary<string, string?>? overrides = null)
    {
        var builder = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
        if (parse.GetValue(Config) is { } file)
        {
            builder.AddJsonFile(Checked(file).FullName, optional: false);
        }

        builder.AddEnvironmentVariables();
        var given = new Dictionary<string, string?>();
        Put("RiskWatch:Data", parse.GetValue(Data));
        Put("RiskWatch:Log", parse.GetValue(Log));
        Put("RiskWatch:Store", parse.GetValue(Store));
        Put("RiskWatch:Classify", parse.GetValue(Classify));
        Put("RiskWatch:LogLevel", parse.GetValue(LogLevel));
        Put("RiskWatch:LogJson", parse.GetValue(LogJson) ? "true" : null);
        foreach (var pair in parse.GetValue(Set) ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            given[at < 0 ? pair : pair[..at]] = at < 0 ? "" : pair[(at + 1)..];
        }

        builder.AddInMemoryCollection(given);
        if (overrides is not null)
        {
            builder.AddInMemoryCollection(overrides);
        }

        return Built(builder);

        void Put(string key, string? value)
        {
            if (value is not null)
            {
                given[key] = value;
            }
        }
    }

    /// <summary>Configuration of a replay in a folder of its own, without a store, that reports only what goes wrong.</summary>
    public static IConfigurationRoot Replaying(ParseResult parse, string folder) => Configuration(parse, new Dictionary<string, string?>
    {
        ["RiskWatch:Data"] = folder,
        ["RiskWatch:Log"] = "sqlite",
        ["RiskWatch:Store"] = "none",
        ["RiskWatch:Alerting:Provisional"] = "false",
        ["RiskWatch:Classification:EncoderSheds"] = "false",
        ["RiskWatch:LogLevel"] = parse.GetValue(LogLevel) ?? "Warning",
    });

    private static FileInfo Checked(FileInfo file) => file.Exists ? file : throw new Hosting.ConfigurationException($"The configuration file {file.FullName} (--config) does not exist.");

    private static IConfigurationRoot Built(IConfigurationBuilder builder)
    {
        try
        {
            return builder.Build();
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new Hosting.ConfigurationException($"{e.Message.TrimEnd('.')}: {(e.InnerException ?? e).Message}");
        }
    }

    private static Option<string?> Words(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description, Recursive = true };
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
