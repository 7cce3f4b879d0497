using System.Net;
using System.Net.Sockets;

namespace RiskWatch.Tests.Support;

/// <summary>Hands connections on to a server, and can be closed and opened again, as if that server went away and came back.</summary>
internal sealed class TcpProxy(string host, int port) : IAsyncDisposable
{
    private readonly List<TcpClient> _clients = [];
    private readonly List<Task> _work = [];
    private TcpListener? _listener;

    public int Port { get; private set; }

    public void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _work.Add(AcceptAsync(_listener));
    }

    public async Task CloseAsync()
    {
        _listener?.Stop();
        lock (_clients)
        {
            _clients.ForEach(c => c.Dispose());
            _clients.Clear();
        }

        await Task.WhenAll(_work);
        _work.Clear();
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var (client, server) = (await listener.AcceptTcpClientAsync(), new TcpClient());
                lock (_clients)
                {
                    _clients.AddRange([client, server]);
                }

                await server.ConnectAsync(host, port);
                _work.Add(CopyAsync(client, server));
                _work.Add(CopyAsync(server, client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed.
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One side was closed.
        }
        finally
        {
            from.Dispose();
            to.Dispose();
        }
    }
}
