using Microsoft.Extensions.Logging;

namespace RiskWatch.Classification.Stage;

internal static partial class ClassificationLog
{
    [LoggerMessage(2001, LogLevel.Warning, "Partition {Partition} dropped {Count} contributions of site {Site}, hour {Hour:u}, early: more than RiskWatch:Classification:MaxHeldContributions are held. Edits and deletions of these records change no tally any more")]
    public static partial void DroppedContributions(ILogger logger, int partition, int count, string site, DateTimeOffset hour);

    [LoggerMessage(2002, LogLevel.Warning, "Partition {Partition} dropped the doubts of site {Site}, hour {Hour:u}, early: more than RiskWatch:Classification:MaxWaitingDoubts are held")]
    public static partial void DroppedDoubts(ILogger logger, int partition, string site, DateTimeOffset hour);

    [LoggerMessage(2003, LogLevel.Warning, "Partition {Partition} forgot {Count} deleted ids early: more than RiskWatch:Classification:MaxDeletedIds are held. A poll that still carries one brings it back")]
    public static partial void ForgotDeletions(ILogger logger, int partition, int count);

    [LoggerMessage(2004, LogLevel.Warning, "No second heads for model {Model} in {Folder}: the fast stage decides alone, which costs the points that MODEL.md gives")]
    public static partial void NoEncoder(ILogger logger, string model, string folder);
}
