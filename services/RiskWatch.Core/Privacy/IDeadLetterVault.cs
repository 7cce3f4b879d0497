namespace RiskWatch.Core.Privacy;

/// <summary>Encrypts the raw bytes of dead letters, which may hold text and authors (LOG §10.4).</summary>
public interface IDeadLetterVault
{
    /// <summary>Encrypts.</summary>
    byte[] Protect(ReadOnlySpan<byte> plain);

    /// <summary>Decrypts what <see cref="Protect"/> gave.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The key is another one, or the bytes were changed.</exception>
    byte[] Unprotect(ReadOnlySpan<byte> cipher);
}
