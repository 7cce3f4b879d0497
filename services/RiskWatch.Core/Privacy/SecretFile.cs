using RiskWatch.Core.Ingest;

namespace RiskWatch.Core.Privacy;

/// <summary>Files that only their owner can read (mode 0600), replaced in one step.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The file's bytes, null where there is none.</summary>
    /// <exception cref="IngestionConfigurationException">Others can read it, or it cannot be read.</exception>
    public static byte[]? Read(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
            {
                throw new IngestionConfigurationException($"The secret file {path} can be read by others: chmod 600 it, and if others may have read it, delete it so that a new one is made.");
            }

            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IngestionConfigurationException($"The secret file {path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Makes the file where there is none yet; of several processes at once one wins, and all read what it wrote.</summary>
    public static byte[] ReadOrCreate(string path, Func<byte[]> create)
    {
        if (Read(path) is { } held)
        {
            return held;
        }

        var draft = Draft(path, create());
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }

        return Read(path) ?? throw new IngestionConfigurationException($"The secret file {path} was deleted while it was made.");
    }

    /// <summary>Replaces the file; what it held is overwritten on disk, as far as the file system allows.</summary>
    public static void Replace(string path, byte[] content)
    {
        var draft = Draft(path, content);
        if (!File.Exists(path))
        {
            File.Move(draft, path);
            return;
        }

        // Moved over first and wiped then, so that a crash in between never leaves us without secrets.
        using var old = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        File.Move(draft, path, overwrite: true);
        old.Write(new byte[old.Length]);
        old.Flush(flushToDisk: true);
    }

    private static string Draft(string path, byte[] content)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var draft = path + "." + Path.GetRandomFileName();
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using var file = new FileStream(draft, options);
            file.Write(content);
            file.Flush(flushToDisk: true);
            return draft;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IngestionConfigurationException($"The secret file {path} cannot be written: {e.Message}", e);
        }
    }
}
