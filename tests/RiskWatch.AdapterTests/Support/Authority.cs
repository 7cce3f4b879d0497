using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RiskWatch.AdapterTests.Support;

/// <summary>A certificate authority of the tests' own.</summary>
internal sealed class Authority : IDisposable
{
    private static readonly Dictionary<string, X509Certificate2> Issuers = [];

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _issuer;
    private readonly string _rootPem;

    public Authority()
    {
        var request = new CertificateRequest("CN=Test authority " + Guid.NewGuid().ToString("N"), _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = TimeProvider.System.GetUtcNow();

        // Issued by another in turn: SslStream does not send what has issued itself.
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=Test root " + Guid.NewGuid().ToString("N"), rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = rootRequest.CreateSelfSigned(now.AddDays(-2), now.AddDays(2));
        _rootPem = root.ExportCertificatePem();
        using var issued = request.Create(root, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        _issuer = issued.CopyWithPrivateKey(_key);
    }

    public string Fingerprint => string.Join(':', _issuer.GetCertHashString(HashAlgorithmName.SHA256).Chunk(2).Select(c => new string(c)));

    /// <summary>What others trust: the authority and who issued it.</summary>
    public string TrustedPem => _issuer.ExportCertificatePem() + "\n" + _rootPem + "\n";

    /// <summary>A certificate with the authority's behind it.</summary>
    public string ChainPem(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n" + _issuer.ExportCertificatePem() + "\n";

    /// <summary>What a server sends: its certificate and the authority's.</summary>
    public static SslStreamCertificateContext Context(X509Certificate2 certificate) => SslStreamCertificateContext.Create(certificate, [Issuers[certificate.Thumbprint]], offline: true);

    /// <summary>A certificate for an address.</summary>
    public X509Certificate2 Issue(IPAddress address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var issued = request.Create(_issuer, now.AddHours(-1), now.AddHours(12), RandomNumberGenerator.GetBytes(8));
        using var whole = issued.CopyWithPrivateKey(key);
        var certificate = X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
        lock (Issuers)
        {
            Issuers[certificate.Thumbprint] = X509CertificateLoader.LoadCertificate(_issuer.RawData);
        }

        return certificate;
    }

    public void Dispose()
    {
        _issuer.Dispose();
        _key.Dispose();
    }
}
