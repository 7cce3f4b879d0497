using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RiskWatch.Core.Privacy;

/// <summary>Turns authors, and ids that name them, into pseudonyms (LOG §10.1, §10.2): 22 characters of base64url of an HMAC-SHA256. Not thread-safe; each edge has its own.</summary>
public sealed class Pseudonyms(IPseudonymSecrets secrets)
{
    private const int MostDays = 64;
    private readonly Dictionary<int, byte[]?> _dayKeys = [];
    private int _destroyed;

    /// <summary>The author's pseudonym for the event's local day; null where that week's secret is destroyed, and nobody can go back.</summary>
    public string? Author(string source, DateOnly day, string author) => DayKey(day) is { } key ? Hash(key, source, author) : null;

    /// <summary>The stable pseudonym of an id that names its author.</summary>
    public string Id(string source, string id) => Hash(secrets.StableKey, source, id);

    private byte[]? DayKey(DateOnly day)
    {
        if (_destroyed != secrets.Destroyed)
        {
            _dayKeys.Clear();
            _destroyed = secrets.Destroyed;
        }

        if (!_dayKeys.TryGetValue(day.DayNumber, out var key))
        {
            if (_dayKeys.Count >= MostDays)
            {
                _dayKeys.Clear();
            }

            key = secrets.OfWeek(IsoWeek.Of(day)) is { } secret
                ? HKDF.Expand(HashAlgorithmName.SHA256, secret, 32, Encoding.UTF8.GetBytes("riskwatch/author/" + day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))
                : null;
            _dayKeys[day.DayNumber] = key;
        }

        return key;
    }

    private static string Hash(byte[] key, string source, string name)
    {
        // Both lengths are bounded by the edge; the separator occurs in neither.
        var most = Encoding.UTF8.GetMaxByteCount(source.Length + name.Length + 1);
        Span<byte> text = most <= 1024 ? stackalloc byte[1024] : new byte[most];
        var length = Encoding.UTF8.GetBytes(source, text);
        text[length++] = 0;
        length += Encoding.UTF8.GetBytes(name, text[length..]);
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(key, text[..length], hash);
        return Base64Url.EncodeToString(hash[..16]);
    }
}
