using System.Security.Cryptography;
using System.Text;

namespace RiskWatch.Core.Privacy;

/// <summary>Secrets derived from a seed: a replay takes that of its input, so that it gives the same pseudonyms each time (LOG §9).</summary>
public sealed class DerivedPseudonymSecrets(byte[] seed) : IPseudonymSecrets
{
    /// <inheritdoc/>
    public byte[] StableKey { get; } = Derive(seed, "stable");

    /// <inheritdoc/>
    public int Destroyed => 0;

    /// <inheritdoc/>
    public byte[]? OfWeek(IsoWeek week) => Derive(seed, "week/" + week);

    /// <summary>Nothing: the seed is the input itself.</summary>
    public void DestroyOver()
    {
    }

    private static byte[] Derive(byte[] seed, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, 32, info: Encoding.UTF8.GetBytes("riskwatch/replay/" + purpose));
}
