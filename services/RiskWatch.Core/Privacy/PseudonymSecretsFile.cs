using System.Security.Cryptography;
using System.Text;
using RiskWatch.Core.Ingest;

namespace RiskWatch.Core.Privacy;

/// <summary>The embedded form: secrets in a file with mode 0600, made when first needed, a week's destroyed once lateness after its end has passed (LOG §10.1).</summary>
public sealed class PseudonymSecretsFile : IPseudonymSecrets
{
    private const string StableName = "stable";

    private readonly string _path;
    private readonly TimeSpan _lateness;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private SortedDictionary<string, byte[]> _secrets;

    /// <summary>Opens the file, or makes it.</summary>
    public PseudonymSecretsFile(string path, TimeSpan lateness, TimeProvider time)
    {
        _path = path;
        _lateness = lateness;
        _time = time;
        _secrets = Parse(SecretFile.ReadOrCreate(path, () => Write(new() { [StableName] = RandomNumberGenerator.GetBytes(32) })));
        StableKey = _secrets.GetValueOrDefault(StableName) ?? throw Damaged(1);
        DestroyOver();
    }

    /// <inheritdoc/>
    public byte[] StableKey { get; }

    /// <inheritdoc/>
    public int Destroyed { get; private set; }

    /// <inheritdoc/>
    public byte[]? OfWeek(IsoWeek week)
    {
        lock (_lock)
        {
            DestroyOver();
            if (IsOver(week))
            {
                return null;
            }

            if (!_secrets.TryGetValue(week.ToString(), out var secret))
            {
                // Another process with the same file may have made it meanwhile.
                _secrets = Parse(SecretFile.Read(_path) ?? throw Damaged(0));
                if (!_secrets.TryGetValue(week.ToString(), out secret))
                {
                    secret = _secrets[week.ToString()] = RandomNumberGenerator.GetBytes(32);
                    SecretFile.Replace(_path, Write(_secrets));
                }
            }

            return [.. secret];
        }
    }

    /// <inheritdoc/>
    public void DestroyOver()
    {
        lock (_lock)
        {
            var over = _secrets.Keys.Where(name => IsoWeek.TryParse(name, out var week) && IsOver(week)).ToList();
            if (over.Count == 0)
            {
                return;
            }

            foreach (var name in over)
            {
                CryptographicOperations.ZeroMemory(_secrets[name]);
                _secrets.Remove(name);
            }

            Destroyed += over.Count;
            SecretFile.Replace(_path, Write(_secrets));
        }
    }

    private static byte[] Write(SortedDictionary<string, byte[]> secrets) =>
        Encoding.UTF8.GetBytes(string.Concat(secrets.Select(s => s.Key + " " + Convert.ToBase64String(s.Value) + "\n")));

    private bool IsOver(IsoWeek week) => week.End() + _lateness < _time.GetUtcNow();

    private SortedDictionary<string, byte[]> Parse(byte[] content)
    {
        var secrets = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            number++;
            var parts = line.Split(' ');
            var secret = new byte[48];
            if (parts.Length != 2 || !Convert.TryFromBase64String(parts[1], secret, out var length) || length != 32 || (parts[0] != StableName && !IsoWeek.TryParse(parts[0], out _)))
            {
                throw Damaged(number);
            }

            secrets[parts[0]] = secret[..32];
        }

        return secrets;
    }

    private IngestionConfigurationException Damaged(int line) =>
        new($"The secret file {_path} is damaged (line {line}): restore it from a backup, or delete it; with new secrets an author gets a new pseudonym once.");
}
