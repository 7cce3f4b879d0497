using RiskWatch.Core.Log;

namespace RiskWatch.Server.Hosting;

/// <summary>One process runs the stages of a data folder; verbs by which people act may open it beside that one.</summary>
internal sealed class DataLock : IDisposable
{
    private readonly FileStream _file;

    private DataLock(FileStream file) => _file = file;

    /// <exception cref="LogConfigurationException">Another process runs there, or the folder cannot be written.</exception>
    public static DataLock Take(string folder)
    {
        var path = Path.Combine(folder, "run.lock");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogConfigurationException($"RiskWatch:Data is '{folder}', which cannot be made: {e.Message} Choose another folder with --data.", e);
        }

        try
        {
            return new DataLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new LogConfigurationException($"RiskWatch:Data is '{folder}', which cannot be written: {e.Message} Choose another folder with --data.", e);
        }
        catch (IOException e)
        {
            throw new LogConfigurationException($"Another riskwatch runs on '{folder}' ({path} is locked), or it cannot be written: {e.Message} End the other one, or choose another folder with --data.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
