using System.Diagnostics;
using System.Globalization;

namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>One role of the product in a process of its own, which may be killed and started again; what it says goes to a file.</summary>
internal sealed class RoleProcess(string name, IReadOnlyList<string> arguments, Uri? address, string folder) : IAsyncDisposable
{
    private readonly string _saidIn = Path.Combine(folder, name + ".log");
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private Process? _process;
    private Task _copying = Task.CompletedTask;
    private bool _ending;

    public string Name => name;

    /// <summary>Where it serves, null where it serves nothing.</summary>
    public Uri? Address => address;

    /// <summary>More arguments, from the next start on.</summary>
    public IReadOnlyList<string> More { get; set; } = [];

    /// <summary>What it has said on standard error, over all its lives.</summary>
    public IReadOnlyList<string> Said => [.. Lines()];

    /// <summary>Whether it ended by itself with success, as a finite one does.</summary>
    public bool Finished => _process is { HasExited: true, ExitCode: 0 } && !_ending;

    public void Start()
    {
        _ending = false;
        _process?.Dispose();
        _process = ProductProcess.Start([.. arguments, .. More]);
        _copying = CopyAsync(_process);
    }

    /// <summary>Whether it serves. One without an address is ready while it runs.</summary>
    public async Task<bool> ReadyAsync(CancellationToken cancel)
    {
        if (address is null)
        {
            return true;
        }

        try
        {
            using var answer = await _http.GetAsync(new Uri(address, "health/ready"), cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Throws where it ended by itself and should not have.</summary>
    public void Check()
    {
        if (_process is { HasExited: true, ExitCode: not 0 } && !_ending)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{name} ended by itself with code {_process.ExitCode}: {LastWords()}"));
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(CancellationToken cancel)
    {
        _ending = true;
        _process!.Kill();
        await _process.WaitForExitAsync(cancel);
        await _copying;
    }

    /// <summary>SIGTERM, and waits for its end.</summary>
    /// <exception cref="InvalidOperationException">It did not end with success.</exception>
    public async Task StopAsync(CancellationToken cancel)
    {
        _ending = true;
        await ProductProcess.SignalAsync(_process!.Id, "TERM", cancel);
        await _process.WaitForExitAsync(cancel);
        await _copying;
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{name}, asked to stop, ended with code {_process.ExitCode}: {LastWords()}"));
        }
    }

    public Task PauseAsync(CancellationToken cancel) => ProductProcess.SignalAsync(_process!.Id, "STOP", cancel);

    public Task ContinueAsync(CancellationToken cancel) => ProductProcess.SignalAsync(_process!.Id, "CONT", cancel);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync(CancellationToken.None);
        }

        _process?.Dispose();
        _http.Dispose();
    }

    private string LastWords() => string.Join(" | ", Said.TakeLast(5));

    private IEnumerable<string> Lines()
    {
        using var reader = new StreamReader(new FileStream(_saidIn, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private async Task CopyAsync(Process process)
    {
        var unread = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await using var file = new StreamWriter(_saidIn, append: true) { AutoFlush = true };
        await file.WriteLineAsync($"== {name} started, process {process.Id.ToString(CultureInfo.InvariantCulture)}");
        while (await process.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
        {
            await file.WriteLineAsync(line);
        }

        await unread;
    }
}
