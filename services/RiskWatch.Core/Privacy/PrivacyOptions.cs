using System.ComponentModel.DataAnnotations;

namespace RiskWatch.Core.Privacy;

/// <summary>Secrets of the edge (LOG §10). Where none is configured they are made and kept in files with mode 0600 under <see cref="Folder"/>.</summary>
public sealed class PrivacyOptions
{
    public const string Section = "RiskWatch:Privacy";

    /// <summary>Folder of the secret files. Default: <c>secrets</c> under the data directory, which the host fills in.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Secrets of ISO weeks for authors' pseudonyms, for example <c>2026-W48</c> → base64 of at least 32 bytes; shared by several ingestion instances. Default: none, kept in the file.</summary>
    public Dictionary<string, string> WeekSecrets { get; } = new(StringComparer.Ordinal);

    /// <summary>The installation's stable key for ids that name authors, base64 of at least 32 bytes. Default: none, kept in the file.</summary>
    public string? StableKey { get; set; }

    /// <summary>Key that encrypts dead letters, base64 of 32 bytes. Default: none, kept in the file.</summary>
    public string? DeadLetterKey { get; set; }

    /// <summary>How long after its end a week's secret is kept, at least the longest lateness of a site. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00")]
    public TimeSpan Lateness { get; set; } = TimeSpan.FromHours(24);
}
