using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using RiskWatch.Contracts;

namespace RiskWatch.Core.Privacy;

/// <summary>Makes dead letters: bytes encrypted, large ones cut to length, SHA-256 and the first 64 KiB (DESIGN §1).</summary>
public static class DeadLetters
{
    /// <summary>Above this many bytes only <see cref="KeptOfLarge"/> are kept: encrypted and as base64 the whole must still fit into one entry of the log (1,000,000 bytes).</summary>
    public const int LargestWhole = 700_000;

    /// <summary>Bytes kept of a larger one.</summary>
    public const int KeptOfLarge = 64 * 1024;

    /// <summary>Makes one. The id is a hash over origin and bytes, so that the same failure seen again is the same letter.</summary>
    public static DeadLetter Of(IDeadLetterVault vault, ReadOnlySpan<byte> raw, DeadLetterReason reason, string detail, string stage, DeadLetterOrigin origin, DateTimeOffset at, string? mapping = null, string? site = null)
    {
        var hash = SHA256.HashData(raw);
        return Of(vault, raw.Length > LargestWhole ? raw[..KeptOfLarge] : raw, raw.Length, hash, reason, detail, stage, origin, at, mapping, site);
    }

    /// <summary>Makes one of something too large to hold: its beginning, its whole length and its SHA-256.</summary>
    public static DeadLetter Of(IDeadLetterVault vault, ReadOnlySpan<byte> beginning, long length, ReadOnlySpan<byte> sha256, DeadLetterReason reason, string detail, string stage, DeadLetterOrigin origin, DateTimeOffset at, string? mapping = null, string? site = null)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{origin.Topic}/{origin.Partition}/{origin.Offset}/{origin.Source}/{origin.File}/{origin.Line}/{Convert.ToHexString(sha256)}");
        return new DeadLetter
        {
            Id = XxHash64.HashToUInt64(System.Text.Encoding.UTF8.GetBytes(place)).ToString("x16", CultureInfo.InvariantCulture),
            Reason = reason,
            Detail = detail,
            Stage = stage,
            Origin = origin,
            At = at,
            Length = length,
            Sha256 = Convert.ToHexStringLower(sha256),
            Bytes = vault.Protect(beginning),
            Mapping = mapping,
            Site = site,
        };
    }
}
