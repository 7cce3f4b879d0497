using System.Text.Encodings.Web;
using System.Text.Json;
using RiskWatch.Contracts;

namespace RiskWatch.Server.Hosting;

/// <summary><c>alerts.jsonl</c>: one confirmed alert a line in its final state (DESIGN §6). Written beside its place and moved there, so that it is whole or absent.</summary>
internal static class AlertFile
{
    private static readonly ContractsJson Readable = new(new JsonSerializerOptions(ContractsJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static async Task WriteAsync(string path, IReadOnlyList<Alert> alerts, CancellationToken cancel)
    {
        var part = path + ".part";
        await using (var stream = File.Create(part))
        {
            foreach (var alert in alerts)
            {
                await JsonSerializer.SerializeAsync(stream, alert, Readable.Alert, cancel);
                stream.WriteByte((byte)'\n');
            }
        }

        File.Move(part, path, overwrite: true);
    }

    /// <summary>One alert as a line.</summary>
    public static string Line(Alert alert) => JsonSerializer.Serialize(alert, Readable.Alert);
}
