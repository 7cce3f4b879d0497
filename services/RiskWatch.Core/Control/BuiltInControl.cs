using System.Text.Json;
using RiskWatch.Contracts;

namespace RiskWatch.Core.Control;

/// <summary>The sites, sources and rules that come with RiskWatch (<c>builtin-control.json</c>), written to the control topic at first start. Version 1, in force since the beginning of time.</summary>
public static class BuiltInControl
{
    private const string Resource = "RiskWatch.Core.Control.builtin-control.json";

    private static readonly Lazy<IReadOnlyList<ControlEntry>> Held = new(Load);

    /// <summary>All entries, in the order in which they are written.</summary>
    public static IReadOnlyList<ControlEntry> Entries => Held.Value;

    private static List<ControlEntry> Load()
    {
        using var stream = typeof(BuiltInControl).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing from the build.");
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.EnumerateArray().Select(e => e.Deserialize(ContractsJson.Default.ControlEntry)
            ?? throw new InvalidOperationException($"{Resource} holds an empty entry."))];
    }
}
