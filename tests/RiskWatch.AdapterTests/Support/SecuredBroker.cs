using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace RiskWatch.AdapterTests.Support;

/// <summary>A broker of the test's own that speaks TLS: with users, with a certificate for another host, and with clients that must show one. It has no KIP-848 groups, as old brokers have none.</summary>
internal sealed class SecuredBroker : IAsyncDisposable
{
    public const string User = "riskwatch";
    public const string Password = "a password of this test";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("riskwatch-kafka-").FullName;
    private readonly string _jars;
    private Process? _broker;

    private SecuredBroker(string jars) => _jars = jars;

    /// <summary>SASL_SSL with a certificate for 127.0.0.1.</summary>
    public string WithUsers { get; private set; } = "";

    /// <summary>SSL with a certificate for another host.</summary>
    public string OfAnotherHost { get; private set; } = "";

    /// <summary>SSL that asks clients for a certificate.</summary>
    public string WithCertificates { get; private set; } = "";

    /// <summary>Authority that signed all certificates.</summary>
    public string AuthorityFile => Path.Combine(_folder, "authority.pem");

    /// <summary>Another authority.</summary>
    public string OtherAuthorityFile => Path.Combine(_folder, "other.pem");

    /// <summary>A client's certificate.</summary>
    public string ClientFile => Path.Combine(_folder, "client.pem");

    /// <summary>Its key.</summary>
    public string ClientKeyFile => Path.Combine(_folder, "client.key");

    /// <summary>Starts it.</summary>
    /// <param name="jars">Folder of the broker's jars.</param>
    /// <param name="cancel">Ends the wait.</param>
    public static async Task<SecuredBroker> StartAsync(string jars, CancellationToken cancel)
    {
        var broker = new SecuredBroker(jars);
        try
        {
            await broker.StartAsync(cancel);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is { HasExited: false })
        {
            _broker.Kill(entireProcessTree: true);
            await _broker.WaitForExitAsync();
        }

        _broker?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(CancellationToken cancel)
    {
        using var authority = new Authority();
        using var other = new Authority();
        await File.WriteAllTextAsync(AuthorityFile, authority.TrustedPem, cancel);
        await File.WriteAllTextAsync(OtherAuthorityFile, other.TrustedPem, cancel);
        using var client = authority.Issue(IPAddress.Loopback);
        await File.WriteAllTextAsync(ClientFile, authority.ChainPem(client), cancel);
        await File.WriteAllTextAsync(ClientKeyFile, client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), cancel);
        var ports = Enumerable.Range(0, 5).Select(_ => FreePort()).ToArray();
        string At(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ports[port]}");
        (WithUsers, OfAnotherHost, WithCertificates) = (At(0), At(1), At(2));
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "server.properties"),
            $"""
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@{At(4)}
            listeners=USERS://{At(0)},ELSEWHERE://{At(1)},CERTIFICATES://{At(2)},INSIDE://{At(3)},CONTROLLER://{At(4)}
            controller.listener.names=CONTROLLER
            inter.broker.listener.name=INSIDE
            listener.security.protocol.map=USERS:SASL_SSL,ELSEWHERE:SSL,CERTIFICATES:SSL,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT
            sasl.enabled.mechanisms=PLAIN
            listener.name.users.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_{User}="{Password}";
            ssl.keystore.type=PEM
            ssl.truststore.type=PEM
            listener.name.users.ssl.keystore.location={await KeyStoreAsync(authority, "127.0.0.1", cancel)}
            listener.name.elsewhere.ssl.keystore.location={await KeyStoreAsync(authority, "10.1.2.3", cancel)}
            listener.name.certificates.ssl.keystore.location={await KeyStoreAsync(authority, "127.0.0.1", cancel)}
            listener.name.certificates.ssl.truststore.location={AuthorityFile}
            listener.name.certificates.ssl.client.auth=required
            log.dirs={Path.Combine(_folder, "data")}
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            transaction.state.log.num.partitions=1
            group.initial.rebalance.delay.ms=0
            group.coordinator.rebalance.protocols=classic

            """,
            cancel);
        using (var format = Java("kafka.tools.StorageTool", "format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", Path.Combine(_folder, "server.properties")))
        {
            var said = format.StandardOutput.ReadToEndAsync(cancel);
            var errors = await format.StandardError.ReadToEndAsync(cancel);
            await format.WaitForExitAsync(cancel);
            Assert.True(format.ExitCode == 0, await said + errors);
        }

        _broker = Java("kafka.Kafka", Path.Combine(_folder, "server.properties"));
        _broker.BeginOutputReadLine();
        _broker.BeginErrorReadLine();
        var began = TimeProvider.System.GetTimestamp();
        while (!await ListensAsync(ports[0], cancel))
        {
            Assert.True(!_broker.HasExited && TimeProvider.System.GetElapsedTime(began) < Patience, "The secured broker has not come up.");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancel);
        }
    }

    private async Task<string> KeyStoreAsync(Authority authority, string address, CancellationToken cancel)
    {
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".pem");
        using var certificate = authority.Issue(IPAddress.Parse(address));
        await File.WriteAllTextAsync(file, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n" + authority.ChainPem(certificate), cancel);
        return file;
    }

    private Process Java(params string[] arguments) => Process.Start(new ProcessStartInfo("java", ["-Xmx512m", "-XX:+UseSerialGC", "-cp", Path.Combine(_jars, "*"), .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task<bool> ListensAsync(int port, CancellationToken cancel)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
