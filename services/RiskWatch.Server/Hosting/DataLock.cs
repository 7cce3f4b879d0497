using RiskWatch.Core.Log;
using RiskWatch.Server.Migrating;

namespace RiskWatch.Server.Hosting;

/// <summary>One process runs the stages of a data folder; verbs by which people act may open it beside that one.</summary>
internal sealed class DataLock : IDisposable
{
    private readonly FileStream _file;

    private DataLock(FileStream file) => _file = file;

    /// <exception cref="LogConfigurationException">Another process runs there, the folder cannot be written, or what it held has moved.</exception>
    public static DataLock Take(string folder, bool migrating = false)
    {
        if (!migrating && Directory.Exists(folder) && Migration.Read(folder) is { Done: { } done, Log: { } log })
        {
            throw new LogConfigurationException($"The log in '{folder}' moved to Kafka ({log}) at {done:u}: go on with --log kafka. To go on here all the same, delete {Path.Combine(folder, Migration.FileName)}; both would then go on from the same past.");
        }

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
