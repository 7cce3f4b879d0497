using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>Whether a node's certificate is the right one: chained to the certificate authority whose fingerprint is given, and for this host.</summary>
internal static class ServerCertificate
{
    /// <summary>The fingerprint's digits, null where it is none.</summary>
    public static string? Digits(string fingerprint)
    {
        var digits = fingerprint.Replace(":", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
        return digits.Length == 64 && digits.All(char.IsAsciiHexDigit) ? digits : null;
    }

    /// <summary>Decides for one connection.</summary>
    public static bool IsTrusted(string fingerprint, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (certificate is null || sent is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return false;
        }

        // What the server sent beside its own certificate may not be part of the chain that the system built; the chain is built anew from the pinned root.
        var candidates = sent.ChainElements.Select(e => e.Certificate).Concat(sent.ChainPolicy.ExtraStore).ToList();
        var wanted = Digits(fingerprint);
        if (candidates.FirstOrDefault(c => c.GetCertHashString(HashAlgorithmName.SHA256) == wanted) is not { } authority)
        {
            return false;
        }

        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.ExtraStore.AddRange(candidates.ToArray());
        return chain.Build(leaf) && chain.ChainElements.Any(e => e.Certificate.RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span));
    }
}
