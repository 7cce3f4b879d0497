using System.Buffers.Text;
using System.Globalization;
using System.Text;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>Where a page ended: the sort key of its last item. Opaque to callers.</summary>
/// <param name="Ticks">Time in UTC ticks.</param>
/// <param name="Source">Source, empty for alerts.</param>
/// <param name="Id">Id.</param>
internal sealed record StoreCursor(long Ticks, string Source, string Id)
{
    private const char Separator = '\n';

    /// <summary>Reads a cursor; null gives null.</summary>
    /// <exception cref="StoreQueryException">It is none of ours.</exception>
    public static StoreCursor? Parse(string? cursor)
    {
        if (cursor is null)
        {
            return null;
        }

        if (Base64Url.IsValid(cursor))
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(Separator, 3);
            if (parts.Length == 3 && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ticks))
            {
                return new StoreCursor(ticks, parts[1], parts[2]);
            }
        }

        throw new StoreQueryException("cursor is not one that a page returned.");
    }

    /// <summary>The limit of a query, checked.</summary>
    /// <exception cref="StoreQueryException">Out of range.</exception>
    public static int CheckLimit(int limit) => limit is >= 1 and <= 1000 ? limit : throw new StoreQueryException($"limit must be between 1 and 1000, is {limit}.");

    /// <inheritdoc/>
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Ticks}{Separator}{Source}{Separator}{Id}")));
}
