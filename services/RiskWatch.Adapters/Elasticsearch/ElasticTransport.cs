using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>Requests over HTTP: another node where one fails, patience where all do, credentials, and the certificate's check.</summary>
internal sealed class ElasticTransport : IElasticTransport
{
    private readonly ElasticsearchOptions _options;
    private readonly TimeProvider _time;
    private readonly NodePool _pool;
    private readonly HttpClient _http;
    private readonly Random _random = new();
    private readonly string _json;
    private readonly string _lines;

    public ElasticTransport(ElasticsearchOptions options, Flavor flavor, TimeProvider time)
    {
        _options = options;
        _time = time;
        _pool = new NodePool(options.Nodes, time);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromTicks(Math.Min(options.Timeout.Ticks, TimeSpan.FromSeconds(5).Ticks)),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseProxy = false,
        };
        if (options.CaFingerprint is { } fingerprint)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, chain, errors) => ServerCertificate.IsTrusted(fingerprint, certificate, chain, errors) };
        }

        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("riskwatch");
        if (Credentials(options) is { } credentials)
        {
            _http.DefaultRequestHeaders.Authorization = credentials;
        }

        // Version 8 is what both 8.x and 9.x take; OpenSearch takes plain JSON alone.
        _json = flavor == Flavor.Elasticsearch ? "application/vnd.elasticsearch+json;compatible-with=8" : "application/json";
        _lines = flavor == Flavor.Elasticsearch ? "application/vnd.elasticsearch+x-ndjson;compatible-with=8" : "application/x-ndjson";
    }

    /// <inheritdoc/>
    public async Task<ElasticResponse> SendAsync(ElasticRequest request, CancellationToken cancel)
    {
        var started = _time.GetTimestamp();
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), _random);
        for (var attempt = 1; ; attempt++)
        {
            var node = _pool.Next();
            var (response, failure) = await TryAsync(node, request, cancel).ConfigureAwait(false);
            if (response is not null && response.Status is not (502 or 503 or 504) && (response.Status != 429 || request.Lines))
            {
                _pool.Answered(node);
                return Checked(response);
            }

            if (response?.Status == 429)
            {
                _pool.Answered(node);
            }
            else
            {
                _pool.Failed(node);
            }

            // Each node once at once; then the same again after a while.
            if (response?.Status != 429 && attempt % _pool.Count != 0)
            {
                continue;
            }

            var wait = response?.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : backoff.Next();
            if (_time.GetElapsedTime(started) + wait > _options.RetryFor)
            {
                throw new TransientStoreException(Unreached(node, response, failure), failure);
            }

            await Task.Delay(wait, _time, cancel).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static AuthenticationHeaderValue? Credentials(ElasticsearchOptions options)
    {
        if (options.ApiKey is { } key)
        {
            return new AuthenticationHeaderValue("ApiKey", key.Contains(':', StringComparison.Ordinal) ? Convert.ToBase64String(Encoding.UTF8.GetBytes(key)) : key);
        }

        return options.Username is { } user ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}"))) : null;
    }

    private async Task<(ElasticResponse? Response, Exception? Failure)> TryAsync(Uri node, ElasticRequest request, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        using var message = new HttpRequestMessage(request.Method, new Uri(node, request.Path));
        message.Headers.TryAddWithoutValidation("Accept", _json);
        if (!request.Body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.Lines ? _lines : _json);
        }

        try
        {
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseContentRead, either.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
            return (new ElasticResponse((int)response.StatusCode, body, RetryAfter(response), response.Headers.TryGetValues("X-Elastic-Product", out var product) ? product.FirstOrDefault() : null), null);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            throw new StoreConfigurationException(
                $"The certificate of {node.GetLeftPart(UriPartial.Authority)} is not trusted: it must be for that host and chain to "
                + (_options.CaFingerprint is null ? "an authority that this system trusts; give RiskWatch:Elasticsearch:CaFingerprint for another." : "the authority whose fingerprint is RiskWatch:Elasticsearch:CaFingerprint."), e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (null, e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            return (null, new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"no answer within {_options.Timeout:c}"), e));
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    private static ElasticResponse Checked(ElasticResponse response) => response.Status switch
    {
        401 => throw new StoreConfigurationException("The store's server does not accept the credentials: check RiskWatch:Elasticsearch:ApiKey, or Username and Password."),
        403 when !ElasticErrors.Of(response).IsBlock => throw new StoreConfigurationException($"The store's user may not do this ({ElasticErrors.Of(response).Words}): grant the privileges that infra/README.md names."),
        406 => throw new StoreConfigurationException("The store's server does not take this media type: RiskWatch:Store says elasticsearch or opensearch, but the server is the other one."),
        400 when ElasticErrors.Of(response).Type == "media_type_header_exception" => throw new StoreConfigurationException("The store's server does not take requests of version 8: Elasticsearch 8 or 9 is needed."),
        _ => response,
    };

    private static string Unreached(Uri node, ElasticResponse? response, Exception? failure) =>
        $"The store's server {node.GetLeftPart(UriPartial.Authority)} "
        + (response is null ? $"cannot be reached: {failure?.Message}" : string.Create(CultureInfo.InvariantCulture, $"cannot serve (status {response.Status}: {ElasticErrors.Of(response).Words}).")) + " Nothing is lost; it goes on by itself.";
}
