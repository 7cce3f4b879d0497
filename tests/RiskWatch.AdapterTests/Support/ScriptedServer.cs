using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace RiskWatch.AdapterTests.Support;

/// <summary>An HTTP server that answers as an empty Elasticsearch would, unless the script says otherwise.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Answer>> _script = new();
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;
    private bool _stopped;

    public ScriptedServer(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public ConcurrentQueue<(string Line, string Headers, string Body)> Requests { get; } = new();

    /// <summary>Bodies of the requests to a path.</summary>
    public IReadOnlyList<string> Bodies(string start) => [.. Requests.Where(r => r.Line.StartsWith(start, StringComparison.Ordinal)).Select(r => r.Body)];

    /// <summary>The next answers to requests whose line starts so; the last one stays.</summary>
    public ScriptedServer On(string start, params Answer[] answers)
    {
        _script[start] = new ConcurrentQueue<Answer>(answers);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Answer For(string line, string body)
    {
        var start = _script.Keys.Where(k => line == k || (k != "GET /" && line.StartsWith(k, StringComparison.Ordinal))).MaxBy(k => k.Length);
        if (start is not null)
        {
            var answers = _script[start];
            return answers.Count > 1 && answers.TryDequeue(out var next) ? next : answers.TryPeek(out var last) ? last : new Answer(500, "{}");
        }

        return line switch
        {
            "GET /" => new Answer(200, """{"version":{"number":"8.19.0"}}"""),
            _ when line.StartsWith("GET /_index_template", StringComparison.Ordinal) => new Answer(404, """{"error":{"type":"resource_not_found_exception","reason":""}}"""),
            _ when line.StartsWith("POST /_bulk", StringComparison.Ordinal) => new Answer(200, """{"errors":false,"items":[]}"""),
            _ when line.StartsWith("POST /_mget", StringComparison.Ordinal) => new Answer(200, """{"docs":[]}"""),
            _ when line.StartsWith("PUT", StringComparison.Ordinal) || line.StartsWith("DELETE", StringComparison.Ordinal) => new Answer(200, """{"acknowledged":true}"""),
            _ => new Answer(200, "{}"),
        };
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var connection = client;
            await using var stream = await OpenAsync(connection);
            while (await ReadAsync(stream) is { } request)
            {
                Requests.Enqueue(request);
                var answer = For(request.Line, request.Body);
                if (answer.Reset)
                {
                    return;
                }

                var body = Encoding.UTF8.GetBytes(answer.Body);
                var head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} X\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n")
                    + (answer.Product is { } product ? $"X-Elastic-Product: {product}\r\n" : "") + (answer.RetryAfter is { } wait ? string.Create(CultureInfo.InvariantCulture, $"Retry-After: {wait}\r\n") : "") + "\r\n";
                await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body], _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client hung up, or does not like the certificate.
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_certificate is null)
        {
            return client.GetStream();
        }

        var secure = new SslStream(client.GetStream());
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate, ServerCertificateContext = Authority.Context(_certificate) }, _stop.Token);
        return secure;
    }

    private async Task<(string Line, string Headers, string Body)?> ReadAsync(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !(head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n'))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n");
        var length = lines.FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } header ? int.Parse(header.Split(':')[1], CultureInfo.InvariantCulture) : 0;
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return (string.Join(' ', lines[0].Split(' ')[..2]), string.Join('\n', lines[1..]), Encoding.UTF8.GetString(body));
    }
}

/// <summary>An answer of a scripted server.</summary>
internal sealed record Answer(int Status, string Body, int? RetryAfter = null, string? Product = "Elasticsearch", bool Reset = false);
