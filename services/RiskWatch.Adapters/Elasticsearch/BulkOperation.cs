using System.Text.Json;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>One document to be written or deleted, by an external version: an older or equal one changes nothing.</summary>
/// <param name="Tag">What the caller knows it by.</param>
/// <param name="Family">Family of the index.</param>
/// <param name="Index">Concrete index: ids and versions are unique within one index only.</param>
/// <param name="Id">Id of the document.</param>
/// <param name="Version">Version.</param>
/// <param name="Document">Writes the document; null deletes.</param>
/// <param name="OrEqual">A deletion of exactly the version that was read.</param>
internal readonly record struct BulkOperation(int Tag, IndexFamily Family, string Index, string Id, long Version, Action<Utf8JsonWriter>? Document, bool OrEqual = false);

/// <summary>What the store refuses for good.</summary>
internal readonly record struct BulkRejection(int Tag, string Id, string Reason);
