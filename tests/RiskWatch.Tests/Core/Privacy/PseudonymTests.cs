using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using RiskWatch.Core.Ingest;
using RiskWatch.Core.Privacy;
using RiskWatch.Tests.Ingestion;
using Xunit;

namespace RiskWatch.Tests.Core.Privacy;

public sealed class PseudonymTests : IDisposable
{
    private static readonly DateTimeOffset Tuesday = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Tuesday);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_author_has_one_pseudonym_a_day_and_source()
    {
        var names = new Pseudonyms(new DerivedPseudonymSecrets([1]));
        var day = new DateOnly(2026, 11, 24);

        var name = names.Author("weibo", day, "li");

        Assert.Equal(name, names.Author("weibo", day, "li"));
        Assert.NotEqual(name, names.Author("weibo", day.AddDays(1), "li"));
        Assert.NotEqual(name, names.Author("other", day, "li"));
        Assert.NotEqual(name, names.Author("weibo", day, "wang"));
        Assert.NotEqual(name, new Pseudonyms(new DerivedPseudonymSecrets([2])).Author("weibo", day, "li"));
        Assert.Equal(22, name!.Length);
    }

    [Fact]
    public void A_stable_id_stays_the_same_over_days() =>
        Assert.Equal(new Pseudonyms(Open()).Id("bluesky", "at://did:plc:x/1"), new Pseudonyms(Open()).Id("bluesky", "at://did:plc:x/1"));

    [Fact]
    public void Secrets_survive_a_restart()
    {
        var day = new DateOnly(2026, 11, 24);
        var before = new Pseudonyms(Open()).Author("weibo", day, "li");

        Assert.Equal(before, new Pseudonyms(Open()).Author("weibo", day, "li"));
    }

    [Fact]
    public void A_weeks_secret_is_destroyed_after_lateness_and_nobody_can_go_back()
    {
        var secrets = Open();
        var names = new Pseudonyms(secrets);
        var day = new DateOnly(2026, 11, 24);
        Assert.NotNull(names.Author("weibo", day, "li"));
        var held = File.ReadAllText(Path());
        Assert.Contains("2026-W48", held, StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromDays(9));
        secrets.DestroyOver();

        Assert.Null(names.Author("weibo", day, "li"));
        Assert.Null(new Pseudonyms(Open()).Author("weibo", day, "li"));
        Assert.DoesNotContain("2026-W48", File.ReadAllText(Path()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_late_record_within_lateness_still_gets_its_pseudonym()
    {
        var secrets = Open();
        _time.SetUtcNow(new DateTimeOffset(2026, 11, 30, 20, 0, 0, TimeSpan.Zero));

        Assert.NotNull(secrets.OfWeek(IsoWeek.Of(new DateOnly(2026, 11, 29))));
    }

    [Fact]
    public void The_file_is_for_its_owner_only()
    {
        Open();
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path()));
        File.SetUnixFileMode(Path(), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var error = Assert.Throws<IngestionConfigurationException>(Open);
        Assert.Contains("chmod 600", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        _folder.Write("pseudonyms.secrets", "stable oops\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Assert.Contains("pseudonyms.secrets", Assert.Throws<IngestionConfigurationException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Configured_secrets_are_shared_and_a_missing_week_names_its_key()
    {
        var options = new PrivacyOptions { StableKey = Convert.ToBase64String(new byte[32]) };
        options.WeekSecrets["2026-W48"] = Convert.ToBase64String(new byte[32]);
        var secrets = new ConfiguredPseudonymSecrets(options, _time);

        Assert.NotNull(secrets.OfWeek(new IsoWeek(2026, 48)));
        Assert.Contains("RiskWatch:Privacy:WeekSecrets:2026-W49", Assert.Throws<IngestionConfigurationException>(() => secrets.OfWeek(new IsoWeek(2026, 49))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dead_letters_come_back_only_with_their_key()
    {
        var vault = AesDeadLetterVault.Open(new PrivacyOptions { Folder = _folder.Path });
        var again = AesDeadLetterVault.Open(new PrivacyOptions { Folder = _folder.Path });
        var cipher = vault.Protect("somebody's words"u8);

        Assert.Equal("somebody's words"u8.ToArray(), again.Unprotect(cipher));
        Assert.Equal(-1, cipher.AsSpan().IndexOf("words"u8));
        Assert.ThrowsAny<CryptographicException>(() => new AesDeadLetterVault(new byte[32]).Unprotect(cipher));
        cipher[^1] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => vault.Unprotect(cipher));
    }

    private string Path() => System.IO.Path.Combine(_folder.Path, "pseudonyms.secrets");

    private PseudonymSecretsFile Open() => new(Path(), TimeSpan.FromHours(24), _time);
}
