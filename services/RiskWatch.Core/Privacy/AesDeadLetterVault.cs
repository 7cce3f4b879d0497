using System.Security.Cryptography;

namespace RiskWatch.Core.Privacy;

/// <summary>AES-256-GCM with a random nonce: version byte, nonce, tag, cipher text. The key comes from configuration or from a file with mode 0600.</summary>
public sealed class AesDeadLetterVault : IDeadLetterVault
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int Overhead = 1 + NonceLength + TagLength;

    private readonly byte[] _key;

    /// <summary>With a key of 32 bytes.</summary>
    public AesDeadLetterVault(byte[] key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, 32, nameof(key));
        _key = key;
    }

    /// <summary>With the configured key, else that of the file <c>dead-letters.key</c>, which is made where there is none.</summary>
    /// <exception cref="Ingest.IngestionConfigurationException">The key or file is not usable; the message names it.</exception>
    public static AesDeadLetterVault Open(PrivacyOptions options)
    {
        if (options.DeadLetterKey is not null)
        {
            return new AesDeadLetterVault(ConfiguredPseudonymSecrets.Base64(options.DeadLetterKey, nameof(options.DeadLetterKey), 32)[..32]);
        }

        var path = Path.Combine(options.Folder, "dead-letters.key");
        var key = SecretFile.ReadOrCreate(path, () => RandomNumberGenerator.GetBytes(32));
        return key.Length == 32 ? new AesDeadLetterVault(key) : throw new Ingest.IngestionConfigurationException($"The secret file {path} must hold 32 bytes: restore it from a backup, or delete it; dead letters encrypted with the lost key cannot be retried.");
    }

    /// <inheritdoc/>
    public byte[] Protect(ReadOnlySpan<byte> plain)
    {
        var cipher = new byte[Overhead + plain.Length];
        cipher[0] = Version;
        RandomNumberGenerator.Fill(cipher.AsSpan(1, NonceLength));
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(cipher.AsSpan(1, NonceLength), plain, cipher.AsSpan(Overhead), cipher.AsSpan(1 + NonceLength, TagLength), cipher.AsSpan(0, 1));
        return cipher;
    }

    /// <inheritdoc/>
    public byte[] Unprotect(ReadOnlySpan<byte> cipher)
    {
        if (cipher.Length < Overhead || cipher[0] != Version)
        {
            throw new CryptographicException("Not what this vault wrote: too short, or of another version.");
        }

        var plain = new byte[cipher.Length - Overhead];
        using var aes = new AesGcm(_key, TagLength);
        aes.Decrypt(cipher.Slice(1, NonceLength), cipher[Overhead..], cipher.Slice(1 + NonceLength, TagLength), plain, cipher[..1]);
        return plain;
    }
}
