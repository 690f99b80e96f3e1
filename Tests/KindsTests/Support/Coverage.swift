import Document
import TrueupCore
import XCTest

/// The registry's properties of a type that a kind neither shows nor gives a reason for.
func uncovered(_ kind: any Kind, shown: [Observed]) throws -> Set<String> {
  let schema = try XCTUnwrap(
    ResourceSchema.embedded(kind.type), "\(kind.type) is not among the embedded schemas")
  let table = kind.facts.properties
  let reasons = (table.listing(\.notReadable) + table.listing(\.unsupported)).map(\.path)
  let explained = Set(reasons.filter { $0.components.count == 1 }.compactMap(\.property))
  let visible = Set(shown.flatMap { ($0.properties.object ?? [:]).keys })
  return Set(schema.properties.keys).subtracting(visible).subtracting(explained)
    .subtracting(schema.tagProperty.map { [$0] } ?? [])
}
