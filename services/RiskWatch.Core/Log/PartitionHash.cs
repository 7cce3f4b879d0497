using System.IO.Hashing;
using System.Text;

namespace RiskWatch.Core.Log;

/// <summary>Which partition a key lies in: XxHash64 of its UTF-8 bytes modulo the number of partitions, the same in every adapter.</summary>
public static class PartitionHash
{
    /// <summary>Partition of a key, 0 for null.</summary>
    public static int Of(string? key, int partitions)
    {
        if (key is null || partitions == 1)
        {
            return 0;
        }

        Span<byte> buffer = stackalloc byte[512];
        var bytes = Encoding.UTF8.GetMaxByteCount(key.Length) <= buffer.Length
            ? buffer[..Encoding.UTF8.GetBytes(key, buffer)]
            : Encoding.UTF8.GetBytes(key);
        return (int)(XxHash64.HashToUInt64(bytes) % (ulong)partitions);
    }
}
