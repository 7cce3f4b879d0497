using System.Text.Json;
using System.Text.RegularExpressions;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>What an error of the server says, without anything of a document in it: reasons quote what was sent.</summary>
/// <param name="Type">Type, for example <c>mapper_parsing_exception</c>.</param>
/// <param name="Reason">The server's words; never to be shown as they are.</param>
internal sealed partial record ElasticErrors(string Type, string Reason)
{
    /// <summary>An index that takes no writes: most often because the disk is full (flood stage).</summary>
    public bool IsBlock => Type == "cluster_block_exception";

    /// <summary>Type, and the names in brackets where they are those of fields or blocks.</summary>
    public string Words => IsBlock
        ? $"{Type}: indices are read-only; at flood stage, free disk space, and the block goes away by itself"
        : string.Join(' ', new[] { Type }.Concat(Field().Matches(Reason).Select(m => m.Value).Distinct().Take(3)));

    /// <summary>Reads the error of an answer.</summary>
    public static ElasticErrors Of(ElasticResponse response)
    {
        try
        {
            return response.Body.Length > 0 && JsonSerializer.Deserialize(response.Body, ElasticJson.Default.ErrorAnswer)?.Error is { } error ? Of(error) : new ElasticErrors("", "");
        }
        catch (JsonException)
        {
            // A proxy's page, or the short form in which the error is a mere text.
            return new ElasticErrors("", "");
        }
    }

    /// <summary>Reads the error of an item.</summary>
    public static ElasticErrors Of(ErrorCause cause) => new(cause.Type ?? "", cause.Reason ?? "");

    [GeneratedRegex(@"field \[[A-Za-z0-9_.@-]{1,80}\]|of type \[[a-z_]{1,40}\]|within \[[A-Za-z0-9_.]{1,80}\]|index \[[a-z0-9_.-]{1,100}\]")]
    private static partial Regex Field();
}
