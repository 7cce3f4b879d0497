using CsCheck;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;
using static RiskWatch.AdapterTests.Support.SomeStored;

namespace RiskWatch.AdapterTests;

public abstract partial class StoreCompliance
{
    private const int Ids = 4;

    private static readonly string[] Words = ["rain", "snow", "暴雨", "地铁"];

    private enum What
    {
        Document,
        Deletion,
        Revision,
    }

    /// <summary>How often properties are tried; stores behind a network may try less.</summary>
    private protected virtual int Tries => 40;

    [Fact]
    public async Task Any_writes_in_any_batches_also_again_give_what_their_versions_say()
    {
        var op = Gen.Select(Gen.Enum<What>(), Gen.Int[0, Ids - 1], Gen.Long[1, 12], Gen.Int[0, Words.Length - 1]);
        var run = 0;
        await Gen.Select(op.Array[1, 25], Gen.Int[1, 25]).SampleAsync(
            async (ops, cut) =>
            {
                // Ids of its own for each try: one store serves them all.
                var prefix = $"try{run++}-";
                var once = ops.Select(o => Make(o.Item1, prefix + o.Item2, o.Item3, o.Item4, prefix)).ToArray();
                RecordWrite[] writes = [.. once, .. once];
                foreach (var batch in writes.Chunk(cut))
                {
                    Assert.Empty(await Store.WriteRecordsAsync(batch, Cancel));
                }

                await RefreshAsync();
                await AssertSameAsync(Expected(writes), prefix);
            },
            iter: Tries,
            threads: 1);
    }

    private static RecordWrite Make(What what, string id, long version, int word, string group) => what switch
    {
        What.Document => Write(id, Words[word], version: version, group: group),
        What.Deletion => Deletion(id, version),
        _ => Revise(id, version, CredibilityBand.LikelyFalse, doubts: word + 1),
    };

    private static Dictionary<string, (long Version, StoredRecord? Stored)> Expected(IEnumerable<RecordWrite> writes)
    {
        var held = new Dictionary<string, (long Version, StoredRecord? Stored)>();
        foreach (var write in writes)
        {
            var known = held.TryGetValue(write.Id, out var now);
            if (known && now.Version >= write.Version)
            {
                continue;
            }

            if (write.Revision is null)
            {
                held[write.Id] = (write.Version, write.Document);
            }
            else if (now.Stored is { } stored)
            {
                held[write.Id] = (write.Version, stored.Revised(write.Revision));
            }
        }

        return held;
    }

    private async Task AssertSameAsync(Dictionary<string, (long Version, StoredRecord? Stored)> expected, string prefix)
    {
        var live = expected.Where(e => e.Value.Stored is not null).ToDictionary(e => e.Key, e => e.Value.Stored!);
        Assert.Equal(live.Keys.Order(StringComparer.Ordinal), await FindAsync(new RecordQuery { Group = prefix }));
        foreach (var word in Words)
        {
            Assert.Equal(live.Where(l => l.Value.Record.Text == word).Select(l => l.Key).Order(StringComparer.Ordinal), await FindAsync(new RecordQuery { Group = prefix, Text = word }));
        }

        Assert.Equal(
            live.Where(l => l.Value.Assessment.Credibility.Band == CredibilityBand.LikelyFalse).Select(l => l.Key).Order(StringComparer.Ordinal),
            await FindAsync(new RecordQuery { Group = prefix, Band = CredibilityBand.LikelyFalse }));
        for (var i = 0; i < Ids; i++)
        {
            var stored = await Store.GetRecordAsync("weibo", prefix + i, Cancel);
            Assert.Equivalent(live.GetValueOrDefault(prefix + i), stored, strict: true);
        }
    }
}
