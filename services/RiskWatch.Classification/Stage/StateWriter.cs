using System.Text;
using RiskWatch.Core.Log;

namespace RiskWatch.Classification.Stage;

/// <summary>Collects the state changes of one partition and batch; a later change of a key replaces an earlier one.</summary>
internal sealed class StateWriter(int partition, List<StateChange> changes)
{
    public void Put(string key, ReadOnlyMemory<byte> value) => changes.Add(new StateChange(partition, key, value));

    public void Put(string key, params ReadOnlySpan<long> numbers)
    {
        var bytes = new byte[numbers.Length * sizeof(long)];
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers).CopyTo(bytes);
        Put(key, bytes);
    }

    public void Put(string key, string text) => Put(key, Encoding.UTF8.GetBytes(text));

    public void Remove(string key) => changes.Add(new StateChange(partition, key, null));
}
