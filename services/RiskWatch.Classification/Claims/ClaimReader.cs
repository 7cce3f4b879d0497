using System.Globalization;
using System.Text.Json;
using RiskWatch.Classification.Training;
using RiskWatch.Contracts;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Claims;

/// <summary>
/// Reads checked claims from files: ClaimReview as JSON-LD (one object, an array, an <c>@graph</c> or a data feed), or CSV with a header that names at least the
/// claim and its verdict. Says which file and item is wrong, and of what kind.
/// </summary>
public static class ClaimReader
{
    private const int LongestText = 2000;

    private static readonly string[] TextColumns = ["claim", "text", "title", "claimReviewed"];
    private static readonly string[] VerdictColumns = ["verdict", "rating", "mainSummary", "label"];
    private static readonly string[] PublishedColumns = ["published", "date", "datePublished", "crawlTime"];

    /// <summary>The claims of a file, each text once.</summary>
    /// <exception cref="InvalidDataException">The file is neither, or an item lacks its claim or verdict.</exception>
    public static IReadOnlyList<Claim> Read(string path)
    {
        var claims = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? FromCsv(path) : FromJson(path);
        return [.. claims.DistinctBy(c => c.Text)];
    }

    private static List<Claim> FromCsv(string path)
    {
        var rows = DelimitedRows.Read(path, ',').ToList();
        var header = rows.Count == 0 ? [] : rows[0].Select(name => name.Trim('\uFEFF', ' ')).ToList();
        int Column(string[] names) => names.Select(name => header.FindIndex(h => h.Equals(name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(at => at >= 0, -1);
        var (text, verdict, published) = (Column(TextColumns), Column(VerdictColumns), Column(PublishedColumns));
        var (id, publisher, url) = (Column(["id"]), Column(["publisher", "author"]), Column(["url", "sourceUrl"]));
        if (text < 0 || verdict < 0)
        {
            throw new InvalidDataException($"'{path}': the header must name the claim ({string.Join(", ", TextColumns)}) and the verdict ({string.Join(", ", VerdictColumns)}).");
        }

        return
        [
            .. rows.Index().Skip(1).Where(row => row.Item.Any(field => field.Length > 0)).Select(row =>
            {
                string? Field(int column) => column >= 0 && column < row.Item.Count && row.Item[column].Trim() is { Length: > 0 } field ? field : null;
                return Checked(path, $"row {row.Index + 1}", Field(id), Field(text), Field(verdict), Field(published), Field(publisher), Field(url));
            }),
        ];
    }

    private static List<Claim> FromJson(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. Reviews(document.RootElement).Index().Select(review => Of(path, review.Item, review.Index))];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is not JSON: {e.Message}", e);
        }
    }

    // schema.org lets reviews stand alone, in an array, in a graph or as items of a feed.
    private static IEnumerable<JsonElement> Reviews(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Reviews),
        JsonValueKind.Object when element.TryGetProperty("claimReviewed", out _) || Name(element, "@type") == "ClaimReview" => [element],
        JsonValueKind.Object => ((string[])["@graph", "dataFeedElement", "item", "itemListElement"]).Where(name => element.TryGetProperty(name, out _)).SelectMany(name => Reviews(element.GetProperty(name))),
        _ => [],
    };

    private static Claim Of(string path, JsonElement review, int index)
    {
        var rating = review.TryGetProperty("reviewRating", out var given) ? given : default;
        var author = review.TryGetProperty("author", out var by) ? by : default;
        return Checked(
            path, $"review {index + 1}", Name(review, "@id"), Name(review, "claimReviewed"), Name(rating, "alternateName") ?? Name(rating, "name") ?? Name(rating, "ratingValue"),
            Name(review, "datePublished"), Name(author, "name"), Name(review, "url"));
    }

    private static string? Name(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value.ValueKind switch { JsonValueKind.String => value.GetString()!.Trim() is { Length: > 0 } text ? text : null, JsonValueKind.Number => value.GetRawText(), _ => null }
            : null;

    private static Claim Checked(string path, string where, string? id, string? text, string? verdict, string? published, string? publisher, string? url)
    {
        var wrong = text is null ? "has no claim" : text.Length > LongestText ? $"has a claim of more than {LongestText} characters" : verdict is null ? "has no verdict" : null;
        if (wrong is not null)
        {
            throw new InvalidDataException($"'{path}', {where}: {wrong}.");
        }

        DateTimeOffset? at = published is null ? null
            : DateTimeOffset.TryParse(published, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
            : throw new InvalidDataException($"'{path}', {where}: '{published}' is not a date.");
        return new Claim(id ?? url ?? StableHash.Hex(text), TextNormalizer.Normalize(text!), verdict!, at, publisher, url);
    }
}
